"""What a list shows, as its address says it: a link keeps the view, and the way back finds it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict

from registers.declaration import Register

SIZES = (25, 50, 100, 200)
SIZE = 50
LONGEST = 100
EVERYTHING = "all"  # `view=all`: the list as it is, whatever view opens first


@dataclass(frozen=True)
class State:
    """Search, filters, order, group, columns and page. What stands as it is given is left out of the address."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    group: str = ""
    columns: tuple[str, ...] = ()
    size: int = SIZE
    page: str = ""
    view: str = ""

    def query(self) -> str:
        """The address's query, without the question mark."""
        pairs = [
            ("q", self.text),
            *self.chosen.items(),
            ("group", self.group),
            ("sort", self.sort),
            ("cols", ",".join(self.columns)),
            ("size", str(self.size) if self.size != SIZE else ""),
            ("page", self.page if self.page != "1" else ""),
            ("view", self.view),
        ]
        return urlencode([(name, value) for name, value in pairs if value], safe=",")

    def kept(self) -> str:
        """What a saved view keeps: everything but the page."""
        return replace(self, page="", view="").query()

    def choosing(self, code: str, value: str) -> State:
        """The same with one filter set otherwise; an empty value gives the filter back its default."""
        chosen = {key: one for key, one in self.chosen.items() if key != code}
        return replace(self, chosen=chosen | ({code: value} if value else {}), page="")


def read(register: Register, given: QueryDict) -> State:
    """The state that the address asks for; what the list does not know is left out."""
    known = {one.code: one for one in register.filters}
    chosen = {
        code: value
        for code, one in known.items()
        if (value := given.get(code, "")[:LONGEST]) and value != one.usual
    }
    sort, group, size = given.get("sort", ""), given.get("group", ""), given.get("size", "")
    sortable = {one.code for one in register.columns if one.sort}
    columns = {one.code for one in register.columns}
    return State(
        text=" ".join(given.get("q", "").split())[:LONGEST],
        chosen=chosen,
        sort=sort if sort.removeprefix("-") in sortable and sort != register.sort else "",
        group=group if group in {one.code for one in register.groups} else "",
        columns=tuple(dict.fromkeys(one for one in given.get("cols", "").split(",") if one in columns)),
        size=int(size) if size in map(str, SIZES) else SIZE,
        page=given.get("page", "")[:6],
        view=given.get("view", "")[:36],
    )
