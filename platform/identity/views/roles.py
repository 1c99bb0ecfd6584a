"""Roles and what each may do, for who decides it; and the security log."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from identity import forms, labels, permissions, queries, rights
from identity.labels import OUTCOMES, SCOPES
from identity.proving import proved, sends
from identity.queries import AuditFilter, RoleLine
from identity.services import role_rights
from kernel import access, audit
from kernel.access import REGISTER, ROLES_OF_KIND, Permission, requires
from kernel.errors import DomainError
from kernel.http import Request
from kernel.models import AuditEntry
from kernel.tenancy import current


@require_GET
@requires(permissions.EDIT_ROLES, permissions.GIVE_ROLES)
def roles(request: Request) -> HttpResponse:
    context = {
        "roles": queries.role_lines(),
        "may_edit": request.actor.may(permissions.EDIT_ROLES),
        "may_list": request.actor.may(permissions.MANAGE_ACCOUNTS),
        "done": labels.done(request.GET.get("done")),
    }
    return render(request, "identity/roles.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.EDIT_ROLES)
@proved(when=sends)
def role(request: Request, code: str) -> HttpResponse:
    """The editor: every permission of the product that concerns this kind of tenant, grouped by module."""
    line = queries.get_role(code)
    ticked = queries.grants_of_role(code)
    refusal = ""
    if request.method == "POST":
        ticked = {pair for text in request.POST.getlist("grant") if (pair := _pair(text))}
        try:
            role_rights.edit_role(actor=request.actor, role=code, grants=ticked)
        except DomainError as no:
            refusal = str(no)
        else:
            return HttpResponseRedirect(reverse("identity:role", args=[code]) + "?done=saved")
    return _role_page(request, line, ticked=ticked, refusal=refusal)


def _role_page(
    request: Request,
    line: RoleLine,
    *,
    ticked: set[tuple[str, str]],
    form: forms.NameRole | None = None,
    refusal: Any = "",
) -> HttpResponse:
    context = {
        "role": line,
        "groups": _groups(line, ticked),
        "never": _never(line),
        "form": form or forms.NameRole(initial={"name_kk": line.name_kk, "name_ru": line.name_ru}),
        "refusal": refusal,
        "done": labels.done(request.GET.get("done")),
    }
    return render(request, "identity/role.html", context, status=422 if refusal else 200)


def _pair(text: str) -> tuple[str, str] | None:
    code, __, scope = text.rpartition(":")
    return (code, scope) if code and scope else None


def _concerned() -> list[Permission]:
    """Every permission of the product that concerns this kind of tenant."""
    here = ROLES_OF_KIND[current().kind]
    return [declared for declared in REGISTER.values() if declared.ceiling & here]


def _groups(line: RoleLine, ticked: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """What such a role may ever be given, by module: the rooms of school life first."""
    by_module: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for declared in _concerned():
        reach = rights.reach(declared, line.base)
        if not reach:
            continue
        by_module[declared.code.partition(".")[0]].append(
            {
                "label": declared.label,
                "sensitive": declared.sensitive,
                "scopes": [
                    {
                        "value": f"{declared.code}:{scope}",
                        "label": SCOPES[scope],
                        "on": (declared.code, scope) in ticked,
                    }
                    for scope in access.Scope
                    if scope in reach
                ],
            }
        )
    order = [config.label for config in sorted(apps.get_app_configs(), key=_is_platform)]
    known = sorted(
        by_module.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order)
    )
    return [{"label": module_label(module), "rows": rows} for module, rows in known]


def _is_platform(config: AppConfig) -> bool:
    return not config.name.startswith("modules.")


def _never(line: RoleLine) -> list[Any]:
    """The rights that no role made from this base can have."""
    return [declared.label for declared in _concerned() if not rights.reach(declared, line.base)]


def module_label(module: str) -> Any:
    try:
        return apps.get_app_config(module).verbose_name
    except LookupError:
        return module


@require_POST
@requires(permissions.EDIT_ROLES)
@proved
def copy(request: Request, code: str) -> HttpResponse:
    return _named(request, code, role_rights.copy_role, "copied")


@require_POST
@requires(permissions.EDIT_ROLES)
@proved
def rename(request: Request, code: str) -> HttpResponse:
    return _named(request, code, role_rights.rename_role, "renamed")


def _named(request: Request, code: str, act: Any, done: str) -> HttpResponse:
    line = queries.get_role(code)
    form = forms.NameRole(request.POST)
    if not form.is_valid():
        said = _("The role needs a name in both languages.")
        return _role_page(request, line, ticked=queries.grants_of_role(code), form=form, refusal=said)
    answer = act(actor=request.actor, role=code, **form.cleaned_data)
    return HttpResponseRedirect(reverse("identity:role", args=[answer or code]) + f"?done={done}")


@require_POST
@requires(permissions.EDIT_ROLES)
@proved
def remove(request: Request, code: str) -> HttpResponse:
    try:
        role_rights.remove_role(actor=request.actor, role=code)
    except (role_rights.RoleInUse, role_rights.GivenRoleStays) as no:
        ticked = queries.grants_of_role(code)
        return _role_page(request, queries.get_role(code), ticked=ticked, refusal=str(no))
    return HttpResponseRedirect(reverse("identity:roles") + "?done=removed")


@require_http_methods(["GET", "POST"])
@requires(permissions.READ_AUDIT)
def security_log(request: Request) -> HttpResponse:
    """Who did what; a POST checks that nobody touched the chain of the log."""
    form = forms.AuditLog(request.GET)
    form.is_valid()
    wanted = AuditFilter(**form.cleaned_data)
    page = queries.audit_page(wanted, request.GET.get("page"))
    context = {
        "page": page,
        "rows": _log_rows(list(page.object_list)),
        "wanted": wanted,
        "groups": _actions_by_module(),
        "outcomes": OUTCOMES,
        "checked": request.method == "POST",
        "broken": audit.broken_links() if request.method == "POST" else [],
    }
    return render(request, "identity/security_log.html", context)


def _actions_by_module() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """What the log of this kind of tenant may hold, for the filter."""
    here = settings.TENANT_TYPES[current().kind]["APPS"]
    found: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for code, label in audit.ACTIONS.items():
        module = code.partition(".")[0]
        if apps.get_app_config(module).name in here:
            found[module].append((code, label))
    return [(module_label(module), actions) for module, actions in found.items()]


def _log_rows(rows: list[AuditEntry]) -> list[dict[str, Any]]:
    """Lines of the log in words; people and things by their names."""
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        ids[row.object_type].add(row.object_id)
    names = {kind: audit.names_of(kind, of_kind) for kind, of_kind in ids.items()}
    return [
        {
            "entry": row,
            "by_product": bool(row.actor_name) and row.actor_id is None,
            "operator": audit.operator_of(row.actor_name),
            "what": audit.ACTIONS.get(row.action, row.action),
            "kind": audit.OBJECTS.get(row.object_type, row.object_type),
            "outcome": OUTCOMES.get(row.outcome, (row.outcome, "info")),
            "of": names[row.object_type].get(row.object_id, ""),
        }
        for row in rows
    ]
