from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "kernel"
    verbose_name = _("System")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.management.commands import makemigrations
        from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand

        from kernel import events, jobs
        from kernel.db import stamps

        # pgtrigger detects triggers in makemigrations; Django's check wants every migrate command to agree with it.
        MigrateSchemasCommand.autodetector = makemigrations.Command.autodetector
        stamps.install()
        jobs.discover()
        events.discover()
