"""What comes in from people as files passes one gate: ending, size, what the bytes are, the antivirus, then the store.

A form takes a file by `UploadField` alone; a service lets its bytes in by `admit` and keeps them by `keep`.
"""

from kernel.uploads.fields import Given, UploadField
from kernel.uploads.gate import Admitted, admit, keep
from kernel.uploads.kinds import AsItCame, Kind, Seen
from kernel.uploads.pictures import PHOTO, PICTURE_ENDINGS
from kernel.uploads.refusals import AntivirusAway, Infected, WrongEnding

__all__ = [
    "PHOTO",
    "PICTURE_ENDINGS",
    "Admitted",
    "AntivirusAway",
    "AsItCame",
    "Given",
    "Infected",
    "Kind",
    "Seen",
    "UploadField",
    "WrongEnding",
    "admit",
    "keep",
]
