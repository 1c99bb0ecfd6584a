"""Routes of the host of files: signed addresses, and nothing else."""

from django.urls import path, re_path

from config.urls.common import handler404, handler500
from tenants.views import files

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("<uuid:tenant_id>/<str:token>/", files.hand_out, name="hand_out"),
    re_path("", files.nothing),
]
