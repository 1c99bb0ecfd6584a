"""What plans add to the frame: menu, cards of today, words of the security log."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, Role
from kernel.tenancy import Kind
from modules.plans import permissions, queries
from ui import registry
from ui.registry import TodayCard

registry.menu(
    section="study",
    label=_("Plans"),
    url_name="plans:index",
    permission=permissions.VIEW,
    icon="calendar-stats",
    order=33,
    kinds={Kind.SCHOOL},
    match="plans:",
)
registry.menu(
    section="study",
    label=_("Lesson plans"),
    url_name="plans:lesson_plans",
    permission=permissions.VIEW,
    icon="notebook",
    order=34,
    kinds={Kind.SCHOOL},
    match="plans:lesson_plan",
    daily={Role.TEACHER, Role.CLASS_TEACHER, Role.EDUCATOR},
)


def _today(*, actor: Actor) -> Iterable[TodayCard]:
    if waiting := len(queries.waiting_for(actor=actor)):
        yield TodayCard(
            gettext("Plans"),
            ngettext("{n} plan waits for you", "{n} plans wait for you", waiting).format(n=waiting),
            reverse("plans:waiting"),
            "calendar-stats",
            urgency="soon",
            count=waiting,
        )


registry.today(_today, permission=(permissions.AGREE, permissions.APPROVE))
audit.words(
    actions={
        "plans.plan.made": _("Plan begun"),
        "plans.plan.changed": _("Head of a plan changed"),
        "plans.plan.shared": _("Plan opened to colleagues or closed"),
        "plans.plan.deleted": _("Draft of a plan deleted"),
        "plans.plan.sent": _("Plan sent to be read"),
        "plans.plan.taken_back": _("Plan taken back by its author"),
        "plans.plan.agreed": _("Plan agreed by the subject team"),
        "plans.plan.approved": _("Plan approved"),
        "plans.plan.sent_back": _("Plan given back with a remark"),
        "plans.lines.changed": _("Lines of a plan changed"),
        "plans.courses.follow": _("Classes put under a plan"),
        "plans.remark.made": _("Remark on a plan"),
        "plans.remark.answered": _("Remark on a plan answered"),
        "plans.team.saved": _("Subject team saved"),
        "plans.team.dropped": _("Subject team dissolved"),
        "plans.lesson_plan.made": _("Lesson plan begun"),
        "plans.lesson_plan.saved": _("Lesson plan saved"),
        "plans.lesson_plan.shared": _("Lesson plan opened to colleagues or closed"),
        "plans.lesson_plan.deleted": _("Lesson plan deleted"),
        "plans.plans.exported": _("List of plans exported"),
        "plans.lesson_plans.exported": _("List of lesson plans exported"),
        "plans.paper.taken": _("Plan printed or taken as a file"),
    },
    objects={
        "plan": pgettext_lazy("of the security log", "plan"),
        "team": pgettext_lazy("of the security log", "subject team"),
        "lesson_plan": pgettext_lazy("of the security log", "lesson plan"),
    },
)
