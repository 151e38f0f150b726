"""The last questions: a contact person's circle, how she heard of us, and what she agrees to."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.enums import NEEDED_CONSENTS, OPTIONAL_CONSENTS, Applying, ConsentPurpose
from mentornet.web.public.apply import words
from mentornet.web.public.apply.forms import StepForm
from mentornet.web.ui.listed import said
from reference import isco, occupations


class NetworkForm(StepForm):
    """Where a contact person knows people."""

    step = "network"
    field_words = forms.CharField(
        label=gettext_lazy("In which trades do you know people?"),
        max_length=300,
        error_messages={"required": gettext_lazy("Write at least one trade.")},
        help_text=gettext_lazy("For example: hospitals, building, schools."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Which of these are near?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.CharField(
        label=gettext_lazy("Where are they?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Towns or regions."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = reference_language()
        major = [group.code for group in isco.groups(1) if group.code != "0"]
        self.choices("groups", [(code, said(occupations.title(code, language))) for code in major])


class HeardForm(StepForm):
    """How she heard of us."""

    step = "heard"
    template = "heard"
    referrer = forms.ChoiceField(
        label=gettext_lazy("How did you hear about us?"),
        choices=words.REFERRERS,
        required=False,
        widget=forms.RadioSelect,
    )
    heard_through = forms.CharField(
        label=gettext_lazy("You can write more here"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class ConsentsForm(StepForm):
    """What she agrees to, purpose by purpose."""

    step = "consents"
    template = "consents"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = Applying(self.draft.role)
        self.needed, self.free = NEEDED_CONSENTS[role], OPTIONAL_CONSENTS[role]
        for purpose in (*self.needed, *self.free):
            self.fields[purpose.value] = forms.BooleanField(
                label=CONSENT_WORDS[purpose],
                required=purpose in self.needed,
                error_messages={"required": _("Without this we cannot go on. You can also stop here.")},
            )
        self.fields["read"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=self._digest())

    def kept(self) -> dict[str, Any]:
        """Return what she has ticked before."""
        return dict.fromkeys(self.draft.answered("consents"), True)

    def _digest(self) -> str:
        """Return what tells these words from all others."""
        shown = "\n".join(str(CONSENT_WORDS[purpose]) for purpose in (*self.needed, *self.free))
        return hashlib.sha256(shown.encode()).hexdigest()[:16]

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the consents that are needed, and those that are not."""
        parts = [
            (_("We need these two") if len(self.needed) > 1 else _("We need this"), self._fields(self.needed)),
            (_("You can choose these"), self._fields(self.free)),
        ]
        return [(title, fields) for title, fields in parts if fields]

    def _fields(self, purposes: tuple[ConsentPurpose, ...]) -> list[forms.BoundField]:
        return [self[purpose.value] for purpose in purposes]

    def clean(self) -> dict[str, Any]:
        """Refuse a tick under words that have changed since the page was opened: she reads them first."""
        data = super().clean() or self.cleaned_data
        if data.get("read") != self._digest():
            self.data = {**self.data.dict(), "read": self._digest()}  # type: ignore[attr-defined]  # what was sent
            raise forms.ValidationError(_("Some words on this page are new. Please read them again."))
        return data

    @property
    def ticked(self) -> list[ConsentPurpose]:
        """Return what she agrees to."""
        return [purpose for purpose in (*self.needed, *self.free) if self.cleaned_data.get(purpose.value)]
