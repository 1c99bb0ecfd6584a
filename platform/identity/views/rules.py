"""Every figure of protection on one page, for who answers for it and for an inspector; and the same as a document."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from identity import figures, permissions, policy, policy_lines
from kernel import ports
from kernel.access import requires
from kernel.http import Request
from ui import render


@require_GET
@requires(permissions.READ_AUDIT)
def rules(request: Request) -> HttpResponse:
    """What holds here, by which profile, and whether it is milder than the profile says."""
    demand = dict(figures.FACTOR_FOR.choices)[figures.factor_demand()]
    profile = policy.profile().code
    context = {
        "profile": f"{policy_lines.NAMES[profile]} ({profile})",
        "sections": policy_lines.sections(policy.shown(request.tenant)),
        "is_mild": request.tenant.mode != "live",
        "demand": demand,
        "proof": figures.of(figures.PROOF_MINUTES),
    }
    return render.page(request, "identity/rules.html", context, help="identity/security")


@require_GET
@requires(permissions.READ_AUDIT)
def rules_document(request: Request, language: str) -> HttpResponse:
    """The policy document with the figures of the profile, in either language."""
    chosen = policy.profile()
    language = "ru" if language == "ru" else "kk"
    content = ports.adapter("identity.policy_printer").print(
        profile=chosen.code,
        sections=policy_lines.sections(chosen),
        language=language,
    )
    headers = {"Content-Disposition": f'attachment; filename="policy-{chosen.code}-{language}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
