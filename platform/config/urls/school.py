"""Routes of a school host."""

from django.urls import path

from config import api
from config.urls.common import everywhere, handler404, handler500, rooms

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *everywhere,
    *rooms(
        # Rooms with a prefix first: they are passed by one look, and most requests are theirs.
        ("orders/", "modules.orders.urls"),
        ("contingent/", "modules.contingent.urls"),
        ("staff/", "modules.staff.urls"),
        ("transfers/", "modules.transfers.urls"),
        ("schedule/", "modules.schedule.urls"),
        ("plans/", "modules.plans.urls"),
        ("journal/", "modules.journal.urls"),
        ("records/", "modules.records.urls"),
        ("analytics/", "modules.analytics.urls"),
        ("family/", "modules.family.urls"),
        ("imports/", "imports.urls"),
        ("documents/", "documents.urls"),
        ("notify/", "notify.urls"),
        ("lists/", "registers.urls"),
        ("support/", "modules.support.urls"),
        ("breaches/", "modules.breaches.urls"),
        ("", "modules.school.urls"),
        ("", "identity.urls"),
    ),
    path("api/v1/", api.school.urls),
]
