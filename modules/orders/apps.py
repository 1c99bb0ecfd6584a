from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Every installed app's orders.py registers its kinds of orders."""

    name = "modules.orders"
    label = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        autodiscover_modules("orders")
