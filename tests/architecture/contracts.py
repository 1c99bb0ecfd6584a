"""Contracts of import-linter that the built-in kinds do not offer: closed rooms, and what a room may consist of."""

from __future__ import annotations

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class ClosedPackages(Contract):
    """Only `public` modules of each child of `containers` may be imported from outside it.

    `composition` names the root packages that wire the product together and may also import the modules in
    `entry_points` (urls, rest, apps ...); `fillers` those that fill whole tables with made-up rows, by
    their `models` and `rules`.
    """

    type_name = "closed_packages"
    containers = fields.ListField(subfield=fields.StringField())
    public = fields.ListField(subfield=fields.StringField())
    entry_points = fields.ListField(subfield=fields.StringField())
    composition = fields.ListField(subfield=fields.StringField())
    fillers = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        broken = []
        for container in self.containers:
            if container not in graph.modules:
                continue
            for package in sorted(graph.find_children(container)):
                for imported in {package, *graph.find_descendants(package)}:
                    tail = imported.removeprefix(package).lstrip(".").split(".")[0]
                    if tail in self.public:
                        continue
                    for importer in graph.find_modules_that_directly_import(imported):
                        if importer == package or importer.startswith(package + "."):
                            continue
                        root = importer.split(".")[0]
                        if root in self.composition and tail in self.entry_points:
                            continue
                        if root in (self.fillers or ()) and tail in ("models", "rules"):
                            continue
                        broken.append((importer, imported))
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(
                f"{importer} imports {imported}, which is private: use its api, data, events or ports"
            )


class KnownKinds(Contract):
    """Every module of each child of `containers` is one of `kinds`: there is no room for utils and helpers."""

    type_name = "known_kinds"
    containers = fields.ListField(subfield=fields.StringField())
    kinds = fields.ListField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        strangers = [
            module
            for container in self.containers
            if container in graph.modules
            for package in sorted(graph.find_children(container))
            for module in sorted(graph.find_children(package))
            if module.rsplit(".", 1)[1] not in self.kinds
        ]
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for module in check.metadata["strangers"]:
            output.print_error(f"{module} is a file of no known kind (house-style: anatomy of a module)")
