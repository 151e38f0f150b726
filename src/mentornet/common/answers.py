"""What a rule answers: allowed, or denied with a reason that can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Answer:
    """Allowed, or not with a reason; true when allowed.

    Attributes:
        reason: a translatable sentence, lazily translated; empty when allowed.
    """

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED: Final = Answer(allowed=True)


def denied(reason: str | Promise) -> Answer:
    """Return a no with its reason."""
    return Answer(allowed=False, reason=reason)


class RefusedError(Exception):
    """A service refuses: somebody may not, or the state of things has changed. ``str`` is a sentence for the person."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


class NotAllowedError(RefusedError):
    """The actor's role does not reach this far."""


class ChangedMeanwhileError(RefusedError):
    """Somebody else was faster: what the actor saw is no longer so."""


def require(answer: Answer) -> None:
    """Go on only when a rule allows.

    Raises:
        NotAllowedError: with the rule's reason.
    """
    if not answer:
        raise NotAllowedError(answer.reason)
