"""What is filled in for a meeting, and in it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.common.spoken import reference_language
from mentornet.divisions.models import Division
from mentornet.matching.enums import Outcome, TieKind
from mentornet.matching.models import MatchingMeeting
from mentornet.matching.reasons import CRITERION_NAMES
from mentornet.programmes.models import Programme
from mentornet.programmes.validators import CRITERIA
from reference.customs import HEAVIEST

MOST_WEIGHT: Final = Decimal(1000)


class MeetingForm(forms.Form):
    """Which programme, and whose waiting lists."""

    programme: forms.ModelChoiceField[Programme] = forms.ModelChoiceField(
        label=_("Programme"), queryset=None, empty_label=None
    )
    divisions: forms.ModelMultipleChoiceField[Division] = forms.ModelMultipleChoiceField(
        label=_("Divisions"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple(attrs={"translate": "no"}),
        help_text=_("Only those who work in all of these divisions can sit in the meeting."),
    )

    def __init__(
        self, *args: Any, programmes: QuerySet[Programme], divisions: QuerySet[Division], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice, several = self.fields["programme"], self.fields["divisions"]
        assert isinstance(choice, forms.ModelChoiceField)
        assert isinstance(several, forms.ModelMultipleChoiceField)
        choice.queryset, several.queryset = programmes, divisions
        choice.widget.attrs["data-as-written"] = ""


class SettingsForm(forms.Form):
    """By which weights and floor the meeting judges; ``seen`` tells which she has seen.

    The numbers count beside each other, those of the programme's own criteria among them.
    """

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    floor = forms.DecimalField(
        label=_("Floor, in points of 100"), min_value=Decimal(0), max_value=Decimal(100), decimal_places=2
    )
    borrows = forms.BooleanField(label=_("Mentors of the other divisions too"), required=False)

    def __init__(self, data: Any = None, *, meeting: MatchingMeeting, several: bool) -> None:
        self._kept = meeting.weights
        factor = Decimal(100) if sum(meeting.weights.values()) <= 1.000001 else Decimal(1)
        self._ten = {name: Decimal(_plain(Decimal(str(meeting.weights[name])) * factor)) for name in CRITERIA}
        customs = meeting.version.own
        # In points beside the hundred of the ten.
        self._own = {
            custom.key: Decimal(str(meeting.own_weights.get(custom.key, custom.weight)))
            for custom in customs
            if not custom.is_rule
        }
        language = reference_language()
        self.rules = [custom.text(language) for custom in customs if custom.is_rule]
        first: dict[str, Any] = {
            "seen": meeting.settings_number,
            "floor": _plain(meeting.floor * 100),
            "borrows": meeting.borrows,
        }
        first |= {f"weight_{name}": _plain(weight) for name, weight in self._ten.items()}
        ten = sum(self._ten.values())
        first |= {f"own_{key}": _plain(_beside(weight, ten)) for key, weight in self._own.items()}
        super().__init__(data, initial=first)
        if not several:
            del self.fields["borrows"]
        labels = {f"weight_{name}": str(CRITERION_NAMES[name]) for name in CRITERIA}
        labels |= {f"own_{custom.key}": custom.text(language) for custom in customs if custom.key in self._own}
        for name, label in labels.items():
            # What is heavier than that already is not refused for what it is.
            most = max(MOST_WEIGHT, Decimal(first[name]))
            self.fields[name] = forms.DecimalField(label=label, min_value=0, max_value=most, decimal_places=2)

    def weights(self) -> list[forms.BoundField]:
        """The weights, in the criteria's order."""
        return [self[f"weight_{name}"] for name in CRITERIA]

    def own(self) -> list[forms.BoundField]:
        """The weights of the programme's own criteria, in their order."""
        return [self[f"own_{key}"] for key in self._own]

    def clean(self) -> dict[str, Any]:
        """Refuse weights that are all 0, and one that leaves nothing of the ten.

        Raises:
            ValidationError: nothing would be left to judge by.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        weights = [cleaned.get(f"weight_{name}") for name in CRITERIA]
        if all(weight is not None for weight in weights) and not any(weights):
            raise forms.ValidationError(gettext("At least one criterion needs a weight above 0."))
        ten = sum(weight or Decimal(0) for weight in weights)
        for key in self._own:
            name = f"own_{key}"
            if ten and cleaned.get(name) and cleaned[name] * 100 / ten > HEAVIEST:
                self.add_error(name, gettext("This is too much beside the other weights."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """Return what the service takes; what was not changed stays as it is kept, to the last digit."""
        given = self.cleaned_data
        ten = {name: given[f"weight_{name}"] for name in CRITERIA}
        whole = sum(ten.values(), Decimal(0))
        return {
            "seen": given["seen"],
            "floor": given["floor"] / 100,
            "borrows": given.get("borrows", False),
            "weights": dict(self._kept) if ten == self._ten else {name: float(ten[name]) for name in CRITERIA},
            "own_weights": {
                key: float(weight)
                if Decimal(_plain(_beside(weight, whole))) == given[f"own_{key}"]
                else float(given[f"own_{key}"] * 100 / whole)
                for key, weight in self._own.items()
            },
        }


def _beside(weight: Decimal, ten: Decimal | int) -> Decimal:
    """Return a weight that is in points beside a hundred as it is beside what the ten are together."""
    return weight * ten / 100


def _plain(value: Decimal) -> str:
    rounded = value.quantize(Decimal("0.01"))
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)


class TieForm(forms.Form):
    """Two who are locked together or ruled out: comes with a button, is never typed."""

    mentee = forms.UUIDField()
    mentor = forms.UUIDField()
    kind = forms.ChoiceField(choices=TieKind.choices)


class DecisionForm(forms.Form):
    """What is decided about one mentee; ``seen`` is the number of the decision that stood there."""

    mentee = forms.UUIDField()
    seen = forms.IntegerField(min_value=0)
    outcome = forms.ChoiceField(choices=Outcome.choices)
    mentor = forms.UUIDField(required=False)
    reason = forms.CharField(max_length=2_000, required=False)
    dissent = forms.CharField(max_length=1_000, required=False)


class RestForm(forms.Form):
    """Why all that the set has is decided as it stands."""

    seen_run = forms.IntegerField(min_value=1)
    reason = forms.CharField(max_length=2_000, required=False)
