"""Routes of the portal host, where a school is found."""

from config.urls.common import everywhere, handler404, handler500, rooms

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *everywhere,
    *rooms(
        ("", "tenants.urls.portal"),
    ),
]
