"""The door: the school on a day, its rules, the steps of its start."""

from modules.school.data import Look, Profile, Setting, StepState
from modules.school.queries import profile, setting, setting_values
from modules.school.services import change_profile, change_setting, keep_logo, open_profile, rename
from modules.school.settings_register import declare_setting
from modules.school.slips import places
from modules.school.start import step

__all__ = [
    "Look",
    "Profile",
    "Setting",
    "StepState",
    "change_profile",
    "change_setting",
    "declare_setting",
    "keep_logo",
    "open_profile",
    "places",
    "profile",
    "rename",
    "setting",
    "setting_values",
    "step",
]
