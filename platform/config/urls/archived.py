"""Routes of a tenant in the archive: whatever is asked, the page says where its papers are; its language can be switched."""

from django.urls import re_path

from config import views
from config.urls.common import handler404, handler500, rooms

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *rooms(("ui/", "ui.urls")),
    re_path("", views.archived),
]
