"""The family's page: order a certificate of study, take it when it is ready."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.access import requires
from kernel.errors import DomainError, NotFound
from kernel.http import Request
from modules.contingent import api as contingent
from modules.records import forms, permissions, queries, services
from modules.records.services.certificates import DESTINATION
from modules.records.views.certificates import line_of
from modules.school import api as school
from ui import render


@require_http_methods(["GET", "POST"])
@requires(permissions.ORDER)
def of_child(request: Request, pupil_id: UUID) -> HttpResponse:
    """Certificates of one's child, and the order of another one."""
    actor = request.actor
    rows = queries.of_child(actor=actor, pupil_id=pupil_id)
    child = contingent.pupil(actor=actor, pupil_id=pupil_id)
    initial = {"language": render.language()[:2], "destination": school.setting(DESTINATION)}
    form = forms.WantedForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.order(actor=actor, pupil_id=pupil_id, wanted=form.wanted)
        except NotFound:
            raise
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            answer = redirect("records:of_child", pupil_id)
            return render.toast(
                request, answer, _("The school has your order. You will be told when it is ready.")
            )
    context = {
        "child": child,
        "lines": [line_of(one) for one in rows],
        "form": form,
        "back": reverse("family:child", args=[pupil_id]),
    }
    status = 422 if form.errors else 200
    return render.page(request, "records/of_child.html", context, help="records/family", status=status)
