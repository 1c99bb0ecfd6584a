"""`python -m integrations.clamav --port N`: the simulator of the demo, on loopback alone."""

from __future__ import annotations

import argparse

from integrations.clamav.simulator import Conversation, Daemon


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--port", type=int, required=True)
    with Daemon(("127.0.0.1", given.parse_args().port), Conversation) as daemon:
        daemon.serve_forever()


main()
