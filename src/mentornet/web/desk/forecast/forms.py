"""The form that says of which mentors five more are tried out."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.divisions.queries import divisions_of
from mentornet.divisions.staff import Staff
from mentornet.matching.five_more import MOST, Wanted
from mentornet.programmes.queries import programmes_in
from mentornet.web.ui.briefs import LABELS
from mentornet.web.ui.listed import languages_by_name
from reference import isco, occupations

_ANY: Final = pgettext_lazy("a profile of mentors", "any")
_DANISH: Final = "da"
TIMES: Final = (
    ("any", _ANY),
    ("daytime", gettext_lazy("weekdays in the daytime")),
    ("evenings", gettext_lazy("weekday evenings")),
    ("weekends", gettext_lazy("weekends")),
)


class _Listed(forms.ModelChoiceField[Any]):
    """One of a list: what is no key at all is told as what does not stand in it."""

    def to_python(self, value: Any) -> Any:
        """Return the row."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error


class FiveMoreForm(forms.Form):
    """A profile: field of work, language, time, and where they meet. What is not in a list is said."""

    programme = _Listed(
        label=gettext_lazy("Programme"),
        queryset=None,
        empty_label=gettext_lazy("Choose"),
        error_messages={"invalid_choice": gettext_lazy("There is no such programme here. Choose one from the list.")},
    )
    division = _Listed(
        label=gettext_lazy("Division"),
        queryset=None,
        empty_label=gettext_lazy("Choose"),
        error_messages={"invalid_choice": gettext_lazy("You do not work in this division. Choose one from the list.")},
    )
    occupation = forms.ChoiceField(
        label=LABELS["occupation"],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such field of work. Choose one from the list.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language beside Danish"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such language. Choose one from the list.")},
    )
    time = forms.ChoiceField(
        label=gettext_lazy("Has time"),
        required=False,
        choices=TIMES,
        error_messages={"invalid_choice": gettext_lazy("There is no such time. Choose one from the list.")},
    )
    online = forms.BooleanField(label=gettext_lazy("Meets online, from wherever she lives"), required=False)

    def __init__(self, *args: Any, actor: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("division", divisions_of(actor)), ("programme", programmes_in(actor.casework))):
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows
        language = reference_language()
        codes = sorted({one.code for digits in range(1, MOST + 1) for one in isco.groups(digits)})
        chosen = cast("dict[str, forms.ChoiceField]", self.fields)
        for name in ("occupation", "language"):
            # The lists stand in their own language.
            chosen[name].widget.attrs["lang"] = str(language)
        for name in ("programme", "division"):
            chosen[name].widget.attrs["data-as-written"] = ""
        chosen["occupation"].choices = [
            ("", str(_ANY)),
            *((code, f"{occupations.title(code, language)} ({code})") for code in codes),
        ]
        spoken = [(code, name) for code, name in languages_by_name(language).items() if code != _DANISH]
        chosen["language"].choices = [("", str(_ANY)), *spoken]

    def clean(self) -> dict[str, Any]:
        """Let a programme be of the division."""
        cleaned = super().clean() or {}
        division, programme = cleaned.get("division"), cleaned.get("programme")
        if division and programme and programme.division_id not in {None, division.pk}:
            raise ValidationError({"programme": _("This programme is another division’s.")})
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What has been chosen."""
        told = self.cleaned_data
        return Wanted(told["occupation"], told["language"], told["time"] or "any", told["online"])
