"""Makers of links and codes for tests: they count, and what they stand for can be gone."""

from __future__ import annotations

from datetime import datetime

from mentornet.messaging.minting import GoneError


class Makers:
    """Makes links and codes that tell how often they were made."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str, str, datetime]] = []
        self.gone: set[str] = set()

    def _make(self, spec: str, recipient: str, language: str, at: datetime) -> int:
        if spec in self.gone:
            raise GoneError
        self.made.append((spec, recipient, language, at))
        return len(self.made)

    def link(self, spec: str, recipient_key: str, language: str, at: datetime) -> str:
        return f"https://example.org/l/secret{self._make(spec, recipient_key, language, at)}/"

    def code(self, spec: str, recipient_key: str, language: str, at: datetime) -> str:
        return f"42-{self._make(spec, recipient_key, language, at)}"
