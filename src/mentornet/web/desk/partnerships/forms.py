"""Forms of what happens in a partnership."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from mentornet.web.ui.widgets import DayInput

USUAL_DAYS: Final = 365
MINUTES_IN_A_DAY: Final = 24 * 60


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), **kwargs)


class MeetingForm(forms.Form):
    """The two have met."""

    on = _day(label=_("They met on"))
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=MINUTES_IN_A_DAY, required=False, initial=60
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today)


class NoteForm(forms.Form):
    """What has been seen or heard."""

    text = forms.CharField(
        label=_("A note"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you have seen or heard, not what you think of it. She may read this one day."),
    )


class AgreementForm(forms.Form):
    """Both have signed."""

    on = _day(label=_("Both had signed on"))
    until = _day(label=_("They have agreed on until"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today)
        self.initial.setdefault("until", today + timedelta(days=USUAL_DAYS))


class PaperForm(forms.Form):
    """One of the two has signed the printed agreement."""

    on = _day(label=_("Signed on"))
    name = forms.CharField(label=_("The name as it stands on the paper"), max_length=150)
    language = forms.ChoiceField(label=_("In which language did she read it?"))

    def __init__(self, *args: Any, today: date, name: str, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(on=today, name=name, language="da")
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, get_language_info(code)["name_translated"].capitalize()) for code in languages]


class PauseForm(forms.Form):
    """Until when it rests."""

    until = _day(label=_("Paused until"), required=False, help_text=_("Empty: until they tell you."))
