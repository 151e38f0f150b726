"""States and the steps between them: one table beside each state's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from django.db.models import TextChoices

State = TypeVar("State", bound=TextChoices)


class Transitions(Generic[State]):
    """Which state may follow which."""

    def __init__(self, table: Mapping[State, tuple[State, ...]]) -> None:
        self.table = dict(table)

    def may(self, before: str, after: State) -> bool:
        """Tell whether ``after`` may follow ``before``."""
        return any(after in following for state, following in self.table.items() if state == before)

    def sources(self, after: State) -> tuple[State, ...]:
        """Return the states that ``after`` may follow: what a conditional update asks for."""
        return tuple(state for state, following in self.table.items() if after in following)
