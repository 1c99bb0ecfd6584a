"""Photos of persons, which several rooms keep."""

from __future__ import annotations

from kernel import images
from kernel.uploads.kinds import Kind

PICTURE_ENDINGS = (".jpg", ".jpeg", ".png")
PHOTO = Kind("photo", PICTURE_ENDINGS, images.LARGEST_PHOTO, images.photo)
