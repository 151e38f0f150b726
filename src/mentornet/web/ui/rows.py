"""Asking for several of a kind, row by row: languages with their levels, goals in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class AsksInRows(forms.Form):
    """Part of a form with fields ``language_0``, ``level_0``, ``goal_0`` and so on, and the rules that hold among them.

    Attributes:
        language_rows, goal_rows: how many there are.
        language_twice, level_alone, goal_twice: what is wrong, in the words of the front end.
    """

    language_rows = 0
    goal_rows = 0
    language_twice: _StrOrPromise
    level_alone: _StrOrPromise
    goal_twice: _StrOrPromise

    @property
    def languages(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows of languages, for the template."""
        return [(self[f"language_{number}"], self[f"level_{number}"]) for number in range(self.language_rows)]

    @property
    def goals(self) -> list[forms.BoundField]:
        """The goals in their order, for the template."""
        return [self[f"goal_{number}"] for number in range(self.goal_rows)]

    @property
    def spoken(self) -> list[tuple[str, str]]:
        """Return the languages that were entered, with their levels."""
        rows = range(self.language_rows)
        entered = [(self.cleaned_data[f"language_{n}"], self.cleaned_data[f"level_{n}"]) for n in rows]
        return [(code, level) for code, level in entered if code]

    @property
    def aims(self) -> tuple[str, ...]:
        """Return the goals that were entered, the first ones first."""
        entered = (self.cleaned_data[f"goal_{number}"] for number in range(self.goal_rows))
        return tuple(goal for goal in entered if goal)

    def clean(self) -> dict[str, Any]:
        """Refuse a language or a goal that stands twice, and a level without its language."""
        data = super().clean() or self.cleaned_data
        seen: set[str] = set()
        for number in range(self.language_rows):
            code, level = data.get(f"language_{number}"), data.get(f"level_{number}")
            if code and code in seen:
                self.add_error(f"language_{number}", str(self.language_twice))
            if level and not code:
                self.add_error(f"language_{number}", str(self.level_alone))
            seen.add(code or "")
        goals: set[str] = set()
        for number in range(self.goal_rows):
            goal = data.get(f"goal_{number}")
            if goal and goal in goals:
                self.add_error(f"goal_{number}", str(self.goal_twice))
            goals.add(goal or "")
        return data
