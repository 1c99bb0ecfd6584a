"""`python -m integrations.eds_simulator --folder … --ncalayer 13579 --ncanode 14579`: the demo's ЭЦП on loopback.

The folder gets `trust/` for settings.SIGNATURE_TRUST; `people.json` in it, when there is one, says whose keys exist.
Keys live as long as the process.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from integrations.eds_simulator import ncalayer, ncanode
from integrations.eds_simulator.authority import Authority, Holder, KeyPair, holders


class PeopleOfFile(ncalayer.Desk):
    """Everybody of the file sits at this one machine; the file may come later than the program."""

    def __init__(self, authority: Authority, people: Path) -> None:
        super().__init__(authority)
        self.people = people

    def key(self, iin: str) -> KeyPair | None:
        self.holders: dict[str, Holder] = holders(self.people)
        return super().key(iin)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--ncalayer", type=int, required=True, metavar="PORT")
    parser.add_argument("--ncanode", type=int, required=True, metavar="PORT")
    asked = parser.parse_args()
    authority = Authority()
    authority.publish(asked.folder / "trust", days=365)
    desk = PeopleOfFile(authority, asked.folder / "people.json")
    with (
        ThreadPoolExecutor(1) as pool,
        ncanode.Server(authority, asked.ncanode, desk) as node,
        ncalayer.server(desk, asked.ncalayer) as layer,
    ):
        pool.submit(node.serve_forever)
        layer.serve_forever()


if __name__ == "__main__":
    main()
