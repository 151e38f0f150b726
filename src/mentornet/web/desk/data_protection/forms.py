"""Forms of data protection."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mentornet.divisions.models import Division
from mentornet.privacy.enums import Risk

_MOMENT: Final = "%Y-%m-%dT%H:%M"


def _moment(**kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        input_formats=[_MOMENT, "%Y-%m-%d %H:%M"],
        **kwargs,
    )


def _text(rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs)


class ReportForm(forms.Form):
    """Something may have gone wrong: as little to write as possible."""

    happened = _text(
        4,
        label=_("What happened?"),
        max_length=4_000,
        help_text=_(
            "For example: a laptop is gone, a letter went to the wrong person, somebody saw a list. Do not write the "
            "names of participants."
        ),
        error_messages={"required": _("Write what happened, in a few words. The rest can wait.")},
    )
    found_at = _moment(
        label=_("When did somebody here first know?"),
        help_text=_("The clock of 72 hours runs from then."),
    )
    found_by = forms.CharField(label=_("Who found it?"), max_length=120)
    division: forms.ModelChoiceField[Division] = forms.ModelChoiceField(
        label=_("Where?"), queryset=None, required=False, empty_label=_("The whole network, or I do not know")
    )

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["division"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = divisions
        field.widget.attrs["data-as-written"] = ""


class BreachForm(forms.Form):
    """All that is known of a breach, and what was done."""

    found_at = _moment(label=_("When did somebody here first know?"))
    found_by = forms.CharField(label=_("Who found it?"), max_length=120)
    happened = _text(4, label=_("What happened?"), max_length=4_000)
    kinds = _text(2, label=_("Which data?"), required=False, max_length=1_000, help_text=_("Which kinds. No names."))
    people = forms.IntegerField(label=_("How many people, about?"), required=False, min_value=0, max_value=10_000_000)
    measures = _text(label=_("What was done against it?"), required=False, max_length=4_000)
    risk = forms.ChoiceField(
        label=_("What may come of it for the people?"),
        choices=[("", _("Not judged yet")), *Risk.choices],
        required=False,
    )
    risk_words = _text(label=_("Why so?"), required=False, max_length=2_000)
    authority_told_at = _moment(label=_("When was the authority told?"), required=False)
    authority_reference = forms.CharField(label=_("The authority’s reference"), required=False, max_length=80)
    has_no_duty = forms.BooleanField(
        label=_("The authority need not be told"),
        required=False,
        help_text=_("Only where it is unlikely that anything comes of it for the people."),
    )
    authority_words = _text(label=_("Why late, or why not"), required=False, max_length=2_000)
    people_told_at = _moment(label=_("When were the people told?"), required=False)
    people_words = _text(label=_("What were they told, or why were they not told?"), required=False, max_length=2_000)
    follow_up = _text(label=_("What is done so that it does not happen again?"), required=False, max_length=2_000)


class TermForm(forms.Form):
    """The organisation's own number of days for a class."""

    days = forms.IntegerField(label=_("Days"), min_value=1)
    reason = forms.CharField(
        label=_("Why"), max_length=500, error_messages={"required": _("Write why: it stands in the record.")}
    )


class HoldForm(forms.Form):
    """Until when somebody is kept past her time, and why."""

    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A year at most. Then somebody looks at it again."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("She reads it in her copy. For example: an insurance case is not ended."),
        error_messages={"required": _("Write why: she may ask.")},
    )


class SignForm(forms.Form):
    """What the officer says to the assessment."""

    words = _text(4, label=_("What I say to it"), required=False, max_length=4_000)
    is_read = forms.BooleanField(
        label=_("I have read the assessment as it stands here"),
        error_messages={"required": _("Read it first, and say so here.")},
    )


class AuditForm(forms.Form):
    """What is looked for in the audit; all of it in the address."""

    who = forms.CharField(label=_("Who"), required=False, max_length=150, help_text=_("A name, or a key"))
    what = forms.CharField(label=_("About what"), required=False, max_length=150, help_text=_("A kind, or a key"))
    act = forms.CharField(label=_("Act"), required=False, max_length=60)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def day(self, name: str) -> date | None:
        """Return a day that was given."""
        found: date | None = self.cleaned_data.get(name)
        return found
