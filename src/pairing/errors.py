"""What can be wrong with a pairing problem; every message says what to do."""

from __future__ import annotations

from collections.abc import Iterable

from reference.translation import Language, Message


class PairingError(Exception):
    """Raised when a problem cannot be stated or solved; carries every complaint at once."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self.messages = tuple(messages)
        super().__init__("\n".join(message.text("en") for message in self.messages))

    def lines(self, language: Language) -> tuple[str, ...]:
        """Return one line for each complaint, in ``language``."""
        return tuple(message.text(language) for message in self.messages)


class PolicyError(PairingError):
    """Raised for a weights file that cannot be used."""


class ProblemError(PairingError):
    """Raised for a lock, a prohibition or an id that contradicts the people or the rules."""


class CertificateError(PairingError):
    """Raised when a result on disk is not what it claims to be."""
