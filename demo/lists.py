"""Views of the lists that a secretary has made for the school over the years."""

from __future__ import annotations

from identity import api as identity
from kernel.access import Role
from registers import services
from registers.declaration import REGISTERS

VIEWS = (
    ("contingent.pupils", "Сынып бойынша тізім", "group=class&cols=birth_date,phone"),
    ("contingent.pupils", "Көпбалалы отбасылар", "status=many_children&cols=class,address,guardians"),
    ("contingent.pupils", "Бірінші сыныптар", "grade=1&sort=class&cols=class,birth_date,age,guardians"),
    ("staff.employees", "Лауазым бойынша ставкалар", "group=post&cols=post,rate,category"),
)


def keep_views() -> None:
    """Share the views with the whole school, as its secretary; a school too small for one has none."""
    for account in identity.users_with_role(Role.SECRETARY)[:1]:
        actor = identity.actor_of_user(account.id)
        for code, name, query in VIEWS:
            services.save_view(
                actor=actor,
                register=REGISTERS[code],
                name=name,
                query=query,
                is_shared=True,
                opens_first=False,
            )
