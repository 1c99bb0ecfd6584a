"""Routes of an authority host."""

from django.urls import path

from config import api
from config.urls.common import everywhere, handler404, handler500, rooms

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *everywhere,
    *rooms(
        ("", "identity.urls"),
        ("", "modules.analytics.authority_urls"),
        ("notify/", "notify.urls"),
        ("lists/", "registers.urls"),
    ),
    path("api/v1/", api.authority.urls),
]
