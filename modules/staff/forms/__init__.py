"""The shape of what is typed about employees."""

from modules.staff.forms.cards import (
    EmployeeForm,
    LoginForm,
    NewcomerForm,
    NewEmployeeForm,
    PhotoForm,
    RateField,
)
from modules.staff.forms.records import SECTION_FORMS, PostForm, RecordForm, StaffingForm

__all__ = [
    "SECTION_FORMS",
    "EmployeeForm",
    "LoginForm",
    "NewEmployeeForm",
    "NewcomerForm",
    "PhotoForm",
    "PostForm",
    "RateField",
    "RecordForm",
    "StaffingForm",
]
