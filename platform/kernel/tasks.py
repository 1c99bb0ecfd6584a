"""What the kernel itself looks at in every school about twice a minute."""

from __future__ import annotations

from kernel import jobs
from kernel.access import Actor


@jobs.pulse("kernel.quarantine")
def quarantine(actor: Actor) -> None:
    """Files in quarantine are looked at as soon as the antivirus answers."""
    from kernel.uploads import quarantine as waiting

    waiting.look_again(actor=actor)
