"""The form of a programme's own criterion: what is asked, who wishes, how answers are compared, what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.common.spoken import reference_language
from mentornet.programmes.models import ProgrammeVersion
from reference.barred import barred_ground
from reference.customs import (
    COMPARISONS,
    LONGEST_NAME,
    MOST_CHOICES,
    WIDEST,
    Compared,
    Custom,
    Kind,
    UnusableCustomsError,
    Wishes,
    barred_message,
    read_customs,
    written,
)

CRITERION, RULE = "criterion", "rule"
_FEWEST_ROWS: Final = 4
_EMPTY_ROWS: Final = 2

KINDS: Final = (
    (Kind.YES_NO.value, _("Yes or no")),
    (Kind.LIST.value, _("Some of a list, one at least")),
    (Kind.LEVEL.value, _("One of a list that goes from low to high")),
    (Kind.NUMBER.value, _("A whole number")),
)
WISHES: Final = (
    (Wishes.BOTH.value, _("Both say how it is with them")),
    (Wishes.MENTEE.value, _("The mentee says what she wishes, the mentor how it is with her")),
    (Wishes.MENTOR.value, _("The mentor says what she wishes, the mentee how it is with her")),
)
COMPARED: Final = (
    (Compared.SAME.value, _("The same answer")),
    (Compared.OVERLAP.value, _("Something in common (of a list)")),
    (Compared.AT_LEAST.value, _("At least what is wished (yes or no, a number, low to high)")),
    (Compared.NEAR.value, _("Near each other (a number, low to high)")),
)
COUNTS: Final = (
    (CRITERION, _("As a criterion: who fits better stands higher")),
    (RULE, _("As a hard rule: who does not fit is not proposed")),
)


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """The fields of one choice: its key, and its name in each language."""

    number: int
    key: forms.BoundField
    names: list[forms.BoundField]


class CriterionForm(forms.Form):
    """One of a programme's own criteria or hard rules."""

    kind = forms.ChoiceField(label=_("What can be answered"), choices=KINDS, widget=forms.RadioSelect)
    wishes = forms.ChoiceField(label=_("Who says what"), choices=WISHES, widget=forms.RadioSelect)
    compared = forms.ChoiceField(label=_("How the answers are compared"), choices=COMPARED, widget=forms.RadioSelect)
    low = forms.IntegerField(label=_("The lowest number"), min_value=0, max_value=999_999, required=False)
    high = forms.IntegerField(label=_("The highest number"), min_value=1, max_value=999_999, required=False)
    span = forms.IntegerField(
        label=_("The farthest that still counts as near"),
        min_value=0,
        max_value=WIDEST,
        required=False,
        help_text=_("Of a number in its own unit; of low to high in steps. One step further fits not at all."),
    )
    counts = forms.ChoiceField(label=_("How it counts"), choices=COUNTS, widget=forms.RadioSelect)
    weight = forms.DecimalField(
        label=_("Weight"),
        min_value=0,
        max_value=1000,
        decimal_places=2,
        required=False,
        help_text=_("In points; the ten usual criteria together have 100. With 0 it is asked and moves nobody yet."),
    )
    neutral = forms.DecimalField(
        label=_("What stands in for an unknown"),
        min_value=0,
        max_value=1,
        decimal_places=2,
        required=False,
        help_text=_("From 0 to 1. A hard rule lets the unknown pass, and says that it is to be asked."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=31)
    reason = forms.CharField(
        label=_("Why this change"),
        max_length=500,
        help_text=_("It stands in the programme’s history, with your name."),
        error_messages={"required": _("Write why: whoever wonders later finds it here.")},
    )

    def __init__(
        self, *args: Any, version: ProgrammeVersion, custom: Custom | None, is_saved: bool, **kwargs: Any
    ) -> None:
        self.version, self.custom = version, custom
        self.refused: dict[str, str] = {}
        super().__init__(*args, **kwargs)
        self.initial = _initial(version, custom)
        # Trying out needs no reason.
        self.fields["reason"].required = is_saved or not self.is_bound
        if custom is not None:
            # Another kind would be another question: what has been answered would be lost.
            self.fields["kind"].disabled = True
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=gettext("Its name in %(language)s") % {"language": str(language)},
                max_length=LONGEST_NAME,
                required=False,
                widget=forms.TextInput(attrs={"lang": code, "dir": "auto"}),
            )
        self.rows = self._rows_wanted()
        for number in range(self.rows):
            self.fields[f"choice_{number}_key"] = forms.CharField(
                required=False, max_length=31, widget=forms.HiddenInput
            )
            for code, language in settings.LANGUAGES:
                words = {"number": number + 1, "language": str(language)}
                self.fields[f"choice_{number}_{code}"] = forms.CharField(
                    label=gettext("Choice %(number)s in %(language)s") % words,
                    max_length=LONGEST_NAME,
                    required=False,
                    widget=forms.TextInput(attrs={"lang": code, "dir": "auto", "placeholder": str(language)}),
                )

    def _rows_wanted(self) -> int:
        known = len(self.custom.choices) if self.custom else 0
        if self.is_bound:
            typed = [
                number
                for number in range(MOST_CHOICES)
                if any(self.data.get(f"choice_{number}_{code}") for code, _language in settings.LANGUAGES)
            ]
            known = max([known, *(number + 1 for number in typed)])
        return min(MOST_CHOICES, max(_FEWEST_ROWS, known + _EMPTY_ROWS))

    def names(self) -> list[forms.BoundField]:
        """Its name, in each language."""
        return [self[f"name_{code}"] for code, _language in settings.LANGUAGES]

    def choice_rows(self) -> list[ChoiceRow]:
        """The choices, each with its name in each language."""
        return [
            ChoiceRow(
                number + 1,
                self[f"choice_{number}_key"],
                [self[f"choice_{number}_{code}"] for code, _language in settings.LANGUAGES],
            )
            for number in range(self.rows)
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be compared, and names by which nobody is to be matched.

        Raises:
            ValidationError: with everything that speaks against it.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        self._refuse_barred(cleaned)
        kind, compared, wishes = (cleaned.get(name) for name in ("kind", "compared", "wishes"))
        if kind and compared and compared not in COMPARISONS[Kind(kind)]:
            fitting = [str(label) for value, label in COMPARED if value in COMPARISONS[Kind(kind)]]
            words = gettext("That does not go with this answer. It can be: %(ways)s.") % {"ways": "; ".join(fitting)}
            self.add_error("compared", words)
        elif compared == Compared.AT_LEAST and wishes == Wishes.BOTH:
            self.add_error("wishes", gettext("“At least” needs one who wishes: the mentee, or the mentor."))
        if kind == Kind.NUMBER and cleaned.get("high") is None and "high" not in self.errors:
            self.add_error("high", gettext("Write the highest number that can be answered."))
        if not any(cleaned.get(f"name_{code}") for code, _language in settings.LANGUAGES) and not self.errors:
            self.add_error(
                f"name_{settings.LANGUAGES[0][0]}", gettext("Write what it is called, in one language at least.")
            )
        if not self.errors:
            try:
                read_customs(self.wanted()["customs"])
            except UnusableCustomsError as error:
                language = reference_language()
                raise forms.ValidationError([message.text(language) for _place, message in error.complaints]) from error
        return cleaned

    def _refuse_barred(self, cleaned: dict[str, Any]) -> None:
        """Say beside each name why it is refused; remember it, for the national lead."""
        for name, value in cleaned.items():
            if not name.startswith(("name_", "choice_")) or name.endswith("_key") or not value:
                continue
            ground = barred_ground(value)
            if ground is not None:
                self.refused[value] = ground
        for name in [name for name in cleaned if cleaned[name] in self.refused]:
            ground = self.refused[cleaned[name]]
            self.add_error(name, barred_message(ground, cleaned[name]).text(reference_language()))

    def own(self) -> dict[str, Any]:
        """Return what was entered, as a version keeps it."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        entry: dict[str, Any] = {
            "key": self.custom.key if self.custom else given["key"] or f"c{uuid4().hex[:8]}",
            "names": _names(given, "name"),
            "kind": kind.value,
            "compared": given["compared"],
            "wishes": given["wishes"],
        }
        if kind in {Kind.LIST, Kind.LEVEL}:
            entry["choices"] = self._choices(given)
        if kind is Kind.NUMBER:
            entry |= {"low": given["low"] or 0, "high": given["high"]}
        if given["compared"] == Compared.NEAR:
            entry["span"] = given["span"] or 0
        if given["counts"] == RULE:
            return entry | {"rule": True}
        return entry | {
            "weight": float(given["weight"] or 0),
            "neutral": 0.5 if given["neutral"] is None else float(given["neutral"]),
        }

    def _choices(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the choices that have a name; a new one gets the first key that is free."""
        rows = [(given[f"choice_{number}_key"], _names(given, f"choice_{number}")) for number in range(self.rows)]
        rows = [(key, names) for key, names in rows if names]
        taken = {key for key, _names_ in rows}
        free = (f"a{number}" for number in range(1, 10 * MOST_CHOICES) if f"a{number}" not in taken)
        return [{"key": key or next(free), "names": names} for key, names in rows]

    def wanted(self) -> dict[str, Any]:
        """Return the settings of a version with this criterion: in its place, or after the others."""
        entry = self.own()
        others = [dict(one) for one in self.version.customs]
        keys = [one["key"] for one in others]
        if entry["key"] in keys:
            others[keys.index(entry["key"])] = entry
        else:
            others.append(entry)
        return {"customs": others}


def _names(given: dict[str, Any], prefix: str) -> dict[str, str]:
    names = {code: given.get(f"{prefix}_{code}", "").strip() for code, _language in settings.LANGUAGES}
    return {code: name for code, name in names.items() if name}


def _initial(version: ProgrammeVersion, custom: Custom | None) -> dict[str, Any]:
    if custom is None:
        return {
            "seen": version.number, "kind": Kind.YES_NO.value, "wishes": Wishes.BOTH.value,
            "compared": Compared.SAME.value, "counts": CRITERION, "weight": 0, "neutral": "0.5", "low": 0,
            "key": f"c{uuid4().hex[:8]}",
        }  # fmt: skip
    content = written(custom)
    initial: dict[str, Any] = {
        name: content.get(name) for name in ("kind", "compared", "wishes", "low", "high", "span", "weight", "neutral")
    }
    initial |= {"seen": version.number, "key": custom.key, "counts": RULE if custom.is_rule else CRITERION}
    initial |= {f"name_{code}": name for code, name in custom.names.items()}
    for number, choice in enumerate(custom.choices):
        initial[f"choice_{number}_key"] = choice.key
        initial |= {f"choice_{number}_{code}": name for code, name in choice.names.items()}
    return initial


class RemovalForm(forms.Form):
    """Why a criterion is taken away."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it is taken away"),
        max_length=500,
        help_text=_("It stands in the programme’s history, with your name."),
        error_messages={"required": _("Write why: whoever wonders later finds it here.")},
    )


def without(version: ProgrammeVersion, key: str) -> Sequence[dict[str, Any]]:
    """Return a version's own criteria but one."""
    return [dict(one) for one in version.customs if one["key"] != key]
