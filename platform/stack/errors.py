"""What may go wrong with the services of a machine, said so that a newcomer knows the next step."""

from __future__ import annotations


class StackError(Exception):
    """A refusal with its reason and, where there is one, what to do about it."""

    def __init__(self, message: str, advice: str = "", *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.exit_code = exit_code
