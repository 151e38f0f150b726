"""Forms of the set-up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.learning.models import ModuleText
from mentornet.learning.queries import modules
from mentornet.matching.reasons import CRITERION_NAMES
from mentornet.people.enums import Role
from mentornet.people.models import LEVELS
from mentornet.programmes.enums import ReferenceKind
from mentornet.programmes.models import ProgrammeVersion
from mentornet.programmes.validators import CRITERIA
from mentornet.web.desk.setup.care_fields import add_care_fields, care_fields, care_settings

DAY = {"type": "date"}
ALL_PARTS, SOME_PARTS = "all", "some"
_PARTS = ((Role.MENTOR, "mentor_parts"), (Role.MENTEE, "mentee_parts"))


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **kwargs)


class ProgrammeForm(forms.Form):
    """How a programme decides. Weights are whole or broken numbers of any size: only their shares count."""

    floor = forms.DecimalField(
        label=_("Floor"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("Points of 100. Below it a pair is shown, and marked as below the floor."),
    )
    min_language = forms.ChoiceField(
        label=_("Language level that both need"), choices=LEVELS, widget=forms.Select(attrs={"data-as-written": ""})
    )
    waiting_bonus = forms.DecimalField(
        label=_("Most that a long wait adds"), min_value=0, max_value=100, decimal_places=2, help_text=_("In points.")
    )
    waiting_days = forms.IntegerField(label=_("Days of waiting until then"), min_value=1, max_value=3650)
    expiry_days = forms.IntegerField(label=_("Days until a proposal expires"), min_value=1, max_value=90)
    meets_first = forms.BooleanField(label=_("The two meet once before they decide"), required=False)
    references = forms.MultipleChoiceField(
        label=_("What must have been seen before a yes"),
        choices=ReferenceKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Somebody is approved when each of these was seen, or noted with a reason as not needed."),
    )
    training = forms.ChoiceField(
        label=_("Which parts of the training it asks for"),
        choices=[
            (ALL_PARTS, _("All of them, also those that are added later")),
            (SOME_PARTS, _("Only those ticked here")),
        ],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("A mentor can be proposed when she has done them, or was let off with a reason."),
    )
    mentor_parts = forms.MultipleChoiceField(label=_("Of mentors"), widget=forms.CheckboxSelectMultiple, required=False)
    mentee_parts = forms.MultipleChoiceField(label=_("Of mentees"), widget=forms.CheckboxSelectMultiple, required=False)

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why this change"),
        max_length=500,
        help_text=_("It stands in the programme’s history, with your name."),
        error_messages={"required": _("Write why: whoever wonders later finds it here.")},
    )

    def __init__(self, *args: Any, version: ProgrammeVersion, is_saved: bool, **kwargs: Any) -> None:
        self.version = version
        super().__init__(*args, **kwargs)
        self.initial = _initial(version)
        # Trying numbers out needs no reason.
        self.fields["reason"].required = is_saved or not self.is_bound
        for role, name in _PARTS:
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            texts = modules(role, get_language() or "en")
            field.choices = [(text.module.slug, _part(text)) for text in texts]
            asked = version.modules or ()
            self.initial[name] = tuple(text.module.slug for text in texts if text.module.slug in asked)
        for name in CRITERIA:
            label = str(CRITERION_NAMES[name])
            self.fields[f"weight_{name}"] = forms.DecimalField(
                label=label, min_value=0, max_value=1000, decimal_places=2, help_text=""
            )
            self.fields[f"neutral_{name}"] = forms.DecimalField(label=label, min_value=0, max_value=1, decimal_places=2)
        add_care_fields(self, version.care)
        for code, language in settings.LANGUAGES:
            self.fields[f"eligibility_{code}"] = forms.CharField(
                label=_("Who may take part, in %(language)s") % {"language": language},
                required=False,
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code, "data-keep": ""}),
            )

    def weights(self) -> list[forms.BoundField]:
        """The weights, in the criteria's order."""
        return [self[f"weight_{name}"] for name in CRITERIA]

    def neutrals(self) -> list[forms.BoundField]:
        """The neutral values, in the criteria's order."""
        return [self[f"neutral_{name}"] for name in CRITERIA]

    def texts(self) -> list[forms.BoundField]:
        """Who may take part, in each language."""
        return [self[f"eligibility_{code}"] for code, _language in settings.LANGUAGES]

    def care(self) -> list[forms.BoundField]:
        """How pairs are looked after, in the order of their life."""
        return care_fields(self)

    def clean(self) -> dict[str, Any]:
        """Refuse weights that are all 0.

        Raises:
            ValidationError: nothing would be left to rank by.
        """
        cleaned: dict[str, Any] = super().clean() or {}
        weights = [cleaned.get(f"weight_{name}") for name in CRITERIA]
        if all(weight is not None for weight in weights) and not any(weights):
            raise forms.ValidationError(gettext("At least one criterion needs a weight above 0."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """Return the settings as a programme version keeps them."""
        given = self.cleaned_data
        weights = {name: float(given[f"weight_{name}"]) for name in CRITERIA}
        texts = self.version.eligibility | {
            code: given[f"eligibility_{code}"].strip() for code, _language in settings.LANGUAGES
        }
        return {
            # The same shares, shown as points of 100, are no change.
            "weights": self.version.weights if _same_shares(weights, self.version.weights) else weights,
            "neutral": {name: float(given[f"neutral_{name}"]) for name in CRITERIA},
            "floor": given["floor"] / 100,
            "min_language": given["min_language"],
            "waiting_bonus": given["waiting_bonus"] / 100,
            "waiting_days": given["waiting_days"],
            "expiry_days": given["expiry_days"],
            "meets_first": given["meets_first"],
            "references": given["references"],
            "modules": self._modules(),
            "care_settings": care_settings(given),
            "eligibility": {code: text for code, text in texts.items() if text},
        }

    def _modules(self) -> list[str] | None:
        """Return the names of the modules that it asks for; ``None`` for all. Not asked, they stay as they are."""
        given = self.cleaned_data
        if not given["training"]:
            return self.version.modules
        return None if given["training"] == ALL_PARTS else [*given["mentor_parts"], *given["mentee_parts"]]


def _part(text: ModuleText) -> str:
    """Return a module's title with its length."""
    minutes = text.module.minutes
    return ngettext("%(title)s, %(minutes)s minute", "%(title)s, %(minutes)s minutes", minutes) % {
        "title": text.title,
        "minutes": minutes,
    }


def _same_shares(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    total, others = sum(one.values()), sum(other.values())
    return all(math.isclose(one[name] / total, other[name] / others, abs_tol=1e-6) for name in CRITERIA)


def _number(value: float | Decimal) -> Decimal:
    """Return a number as somebody would write it."""
    return Decimal(str(value)).normalize() + 0


def _initial(version: ProgrammeVersion) -> dict[str, Any]:
    # Weights are kept as they were entered; those kept as shares of 1 are shown as points of 100.
    factor = 100 if sum(version.weights.values()) <= 1.000001 else 1
    return {
        "seen": version.number,
        "floor": _number(version.floor * 100),
        "min_language": version.min_language,
        "waiting_bonus": _number(version.waiting_bonus * 100),
        "waiting_days": version.waiting_days,
        "expiry_days": version.expiry_days,
        "meets_first": version.meets_first,
        "references": tuple(version.references),
        "training": ALL_PARTS if version.modules is None else SOME_PARTS,
        **{f"weight_{name}": _number(round(version.weights[name] * factor, 4)) for name in CRITERIA},
        **{f"neutral_{name}": _number(version.neutral[name]) for name in CRITERIA},
        **{f"eligibility_{code}": version.eligibility.get(code, "") for code, _language in settings.LANGUAGES},
    }


class NewProgrammeForm(forms.Form):
    """A programme's name and where it runs; its settings start as those of another one."""

    name = forms.CharField(label=_("Name"), max_length=120)
    division: forms.ModelChoiceField[Division] = forms.ModelChoiceField(
        label=_("Division"), queryset=None, required=False, empty_label=_("All divisions")
    )

    def __init__(self, *args: Any, divisions: QuerySet[Division], may_be_national: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["division"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = divisions
        choice.widget.attrs["data-as-written"] = ""
        if not may_be_national:
            choice.required, choice.empty_label = True, None


class DivisionForm(forms.Form):
    """A division and its office."""

    name = forms.CharField(label=_("Name"), max_length=80)
    area = forms.CharField(label=_("Area"), max_length=120, required=False)
    opened_on = _day(label=_("Open since"))
    closed_on = _day(label=_("Closed on"), required=False)
    email = forms.EmailField(label=_("The office’s e-mail address"), required=False)
    phone = forms.CharField(
        label=_("The office’s telephone"),
        max_length=30,
        required=False,
        help_text=_("Letters ask people to call this number."),
    )
    address = forms.CharField(
        label=_("The office’s address"),
        max_length=120,
        required=False,
        help_text=_("Street and town. It stands on the public page, and where people come to talk with you."),
    )


class OrganisationForm(forms.Form):
    """Who runs the network, and answers for people's data."""

    name = forms.CharField(label=_("The network’s name"), max_length=80, help_text=_("As people know it."))
    legal_name = forms.CharField(
        label=_("The organisation behind it"),
        max_length=150,
        required=False,
        help_text=_("Who answers for people’s data. The privacy notice names it."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    data_protection_email = forms.EmailField(
        label=_("Whom to write to about one’s data"),
        required=False,
        help_text=_("Empty: the e-mail address above."),
    )


class RoleForm(forms.Form):
    """Who gets which role where."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("She signs in with it."))
    name = forms.CharField(label=_("Name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"), choices=StaffRoleName.choices)
    division: forms.ModelChoiceField[Division] = forms.ModelChoiceField(
        label=_("Division"),
        queryset=None,
        required=False,
        empty_label=_("None: the whole network"),
        help_text=_("Coordinators and division leads have one."),
    )

    def __init__(self, *args: Any, divisions: QuerySet[Division], is_head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice, role = self.fields["division"], self.fields["role"]
        assert isinstance(choice, forms.ModelChoiceField)
        assert isinstance(role, forms.ChoiceField)
        choice.queryset = divisions
        choice.widget.attrs["data-as-written"] = ""
        if not is_head:
            choice.required, choice.empty_label = True, None
            role.choices = [
                (value, label) for value, label in StaffRoleName.choices if value in {"coordinator", "division_lead"}
            ]
