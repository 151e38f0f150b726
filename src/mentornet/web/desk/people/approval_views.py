"""What an approval stands on: references, and what she has confirmed of her profile herself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mentornet.intake.approval import (
    asked_references,
    confirmations_of,
    references_left,
    references_of,
    visible_confirmations,
    visible_references,
)
from mentornet.intake.enums import ApplicationState, ReferenceState
from mentornet.intake.models import Application, ProfileConfirmation, Reference
from mentornet.intake.queries import visible_applications
from mentornet.intake.services import confirmations, references
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.programmes.enums import ReferenceKind
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people import facts
from mentornet.web.desk.people.standing import ROLES
from mentornet.web.ui.toasts import say
from mentornet.web.ui.widgets import DayInput

TONES: Final[Mapping[str, tuple[str, str]]] = {
    ReferenceState.ASKED: ("info", "hourglass"),
    ReferenceState.SEEN: ("good", "check-circle"),
    ReferenceState.WAIVED: ("quiet", "minus"),
}


class ReferenceForm(forms.Form):
    """What vouches for her, and how far it has come."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is"))
    words = forms.CharField(
        label=gettext_lazy("Who or what, in words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as the name of who vouches for her. Never what the document says."),
    )
    state = forms.ChoiceField(label=gettext_lazy("How far it has come"), widget=forms.RadioSelect)
    seen_on = forms.DateField(label=gettext_lazy("Seen on"), widget=DayInput(), required=False)
    reason = forms.CharField(label=gettext_lazy("Why it is not needed"), max_length=300, required=False)

    def __init__(self, *args: Any, reference: Reference | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("kind", [(kind.value, str(kind.label).capitalize()) for kind in ReferenceKind]),
            (
                "state",
                [
                    (ReferenceState.ASKED.value, _("It is asked for")),
                    (ReferenceState.SEEN.value, _("I have seen it, or talked with whoever vouches for her")),
                    (ReferenceState.WAIVED.value, _("It is not needed")),
                ],
            ),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if reference is not None:
            del self.fields["kind"], self.fields["words"]


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One reference on the application's page."""

    reference: Reference
    kind: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class References:
    """What vouches for her, and what the programme still asks for."""

    rows: Sequence[ReferenceRow]
    left: Sequence[tuple[str, str]]


def references_shown(application: Application) -> References:
    """Return the references of an application, and the kinds that are still missing: two queries."""
    rows = list(references_of(application))
    left = references_left(asked_references(application), rows) if application.is_open else []
    return References(
        rows=[ReferenceRow(row, str(ReferenceKind(row.kind).label), *TONES[row.state]) for row in rows],
        left=[(kind.value, str(kind.label)) for kind in left],
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """A fact that she has corrected: what stood before, and what stands now."""

    label: str
    before: SafeString | str
    now: SafeString | str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """When she was asked, and what she has answered."""

    row: ProfileConfirmation
    asked_on: str
    confirmed_on: str
    corrections: Sequence[Correction]

    @property
    def is_unread(self) -> bool:
        """She has corrected something that nobody at the desk has read."""
        return bool(self.corrections) and self.row.seen_at is None


def confirmation_shown(
    application: Application, profile: Profile | None, skills: Sequence[LanguageSkill]
) -> Confirmation | None:
    """Return the last time she was asked, with what she has corrected: one query."""
    row = confirmations_of(application).first()
    if row is None:
        return None
    return Confirmation(
        row=row,
        asked_on=_day(row.asked_at),
        confirmed_on=_day(row.confirmed_at) if row.confirmed_at else "",
        corrections=[
            _correction(name, before, application.person, profile, skills) for name, before in row.corrected.items()
        ],
    )


def _correction(
    name: str, before: Any, person: Person, profile: Profile | None, skills: Sequence[LanguageSkill]
) -> Correction:
    """Say what stood before and what stands now, both by way of a profile that is not saved."""
    role = profile.role if profile is not None else ""
    if name == "languages":
        stood = [LanguageSkill(code=code, level=level) for code, level in before]
        return Correction(
            facts.label(name, role),
            facts.languages_of_profile(stood, None).value,
            facts.languages_of_profile(skills, None).value,
        )
    if hasattr(person, name):
        return Correction(facts.label(name, role), str(before), str(getattr(person, name)))
    was = Profile(role=role, **{name: tuple(before) if isinstance(before, list) else before})
    now = facts.said_of(profile, name) if profile is not None else ""
    return Correction(facts.label(name, role), facts.said_of(was, name), now)


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


# Acts ---------------------------------------------------------------------------------------------------------------


def _application(request: DeskRequest, application_id: UUID) -> Application:
    return get_object_or_404(visible_applications(request.actor), pk=application_id)


def _back(application: Application) -> HttpResponse:
    return redirect("desk:application", application_id=application.pk)


@open_to(Policy.CASEWORK)
def add_reference(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Note what vouches for an applicant."""
    by, found = request.actor, _application(request, application_id)
    initial = {"kind": request.GET.get("kind", ""), "state": ReferenceState.ASKED, "seen_on": by.today}
    form = ReferenceForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            request,
            lambda: references.note_reference(
                by=by,
                application=found,
                kind=given["kind"],
                words=given["words"],
                author_name=by.name,
                **_settled(given),
            ),
            form,
        )
        if done is not None:
            say(request, _("Noted. No document is kept here."))
            return _back(found)
    return _reference_page(request, found, form, None)


def _settled(given: Mapping[str, Any]) -> dict[str, Any]:
    state = given["state"]
    return {
        "state": state,
        "seen_on": given["seen_on"] if state == ReferenceState.SEEN else None,
        "reason": given["reason"] if state == ReferenceState.WAIVED else "",
    }


def _reference_page(
    request: DeskRequest, found: Application, form: ReferenceForm, reference: Reference | None
) -> HttpResponse:
    context = {
        "application": found,
        "person": found.person,
        "role": ROLES[found.role],
        "form": form,
        "reference": reference,
        "kind": str(ReferenceKind(reference.kind).label) if reference is not None else "",
    }
    return render(request, "desk/people/reference.html", context)


@open_to(Policy.CASEWORK)
def settle_reference(request: DeskRequest, reference_id: UUID) -> HttpResponse:
    """Note that a reference was seen, or that it is not needed."""
    by = request.actor
    reference = get_object_or_404(visible_references(by), pk=reference_id)
    seen = {"state": ReferenceState.SEEN, "seen_on": reference.seen_on or by.today, "reason": reference.reason}
    form = ReferenceForm(posted(request), reference=reference, initial=seen)
    if request.method == "POST" and form.is_valid():
        settled = _settled(form.cleaned_data)
        done = attempt(
            request,
            lambda: references.settle_reference(by=by, reference=reference, author_name=by.name, **settled),
            form,
        )
        if done is not None:
            say(request, _("Noted. No document is kept here."))
            return _back(reference.application)
    return _reference_page(request, reference.application, form, reference)


@open_to(Policy.CASEWORK)
@require_POST
def remove_reference(request: DeskRequest, reference_id: UUID) -> HttpResponse:
    """Take away what was noted by mistake."""
    reference = get_object_or_404(visible_references(request.actor), pk=reference_id)

    def act() -> bool:
        references.remove_reference(by=request.actor, reference=reference)
        return True

    if attempt(request, act):
        say(request, _("Taken away. That it stood here is in the record."))
    return _back(reference.application)


@open_to(Policy.CASEWORK)
@require_POST
def ask_to_confirm(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Ask her by letter to read her profile, to correct it, and to say that it is right."""
    by, found = request.actor, _application(request, application_id)
    if attempt(request, lambda: confirmations.ask_to_confirm(by=by, application=found, author_name=by.name)):
        words = _(
            "%(name)s gets a letter with a link, reads her profile and corrects it. You are told what she changes."
        )
        say(request, words % {"name": found.person.first_name})
    return _back(found)


@open_to(Policy.CASEWORK)
@require_POST
def note_confirmed(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Note that she has confirmed her profile in a talk."""
    by, found = request.actor, _application(request, application_id)
    seen = request.POST.get("seen", "")
    stamp = int(seen) if seen.isdecimal() else -1
    if attempt(
        request,
        lambda: confirmations.note_confirmed(by=by, application=found, author_name=by.name, seen=stamp),
    ):
        say(request, _("Noted. Every fact that is known of her counts as confirmed by her, today."))
    return _back(found)


@open_to(Policy.CASEWORK)
@require_POST
def note_seen(request: DeskRequest, confirmation_id: UUID) -> HttpResponse:
    """Note that what she corrected has been read."""
    confirmation = get_object_or_404(visible_confirmations(request.actor), pk=confirmation_id)
    attempt(request, lambda: confirmations.note_seen(by=request.actor, confirmation=confirmation))
    return _back(confirmation.application)


def may_be_asked(application: Application) -> bool:
    """Tell whether there is something for her to confirm."""
    return application.state in {ApplicationState.INTERVIEWED, ApplicationState.APPROVED}
