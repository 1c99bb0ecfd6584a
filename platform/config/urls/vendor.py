"""Routes of a vendor host."""

from config.urls.common import everywhere, handler404, handler500, rooms

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *everywhere,
    *rooms(
        ("", "identity.urls"),
        ("notify/", "notify.urls"),
        ("lists/", "registers.urls"),
        ("requests/", "modules.support.vendor_urls"),
        ("", "tenants.urls.vendor"),
    ),
]
