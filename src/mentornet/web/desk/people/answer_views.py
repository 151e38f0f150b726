"""What somebody answers to her programmes' own questions: asked, with where each answer comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.intake.queries import applications_of_person
from mentornet.intake.services.applications import change_answers
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Profile
from mentornet.people.own_answers import read_answer, source_name
from mentornet.people.queries import profiles_of
from mentornet.programmes.queries import versions_in_force
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.facts import Source, source_of
from mentornet.web.desk.people.standing import ROLES
from mentornet.web.desk.people.views import latest_application, visible_person
from mentornet.web.ui.toasts import say
from reference.customs import UNKNOWN, Custom, Kind
from reference.people import Answer

SOURCES: Final = [
    (Provenance.HEARD, gettext_lazy("I heard it, at an interview or on the telephone")),
    (Provenance.CONFIRMED, gettext_lazy("She has confirmed all of this")),
    (Provenance.SELF_REPORTED, gettext_lazy("She wrote it herself")),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one programme, with its field and where the answer comes from."""

    programme: str
    custom: Custom
    bound: forms.BoundField
    source: Source | None
    is_new_programme: bool


def question_words(custom: Custom, role: str) -> str:
    """Return what she is asked: how it is with her, or what she wishes of the other."""
    name = custom.text(reference_language())
    if custom.wishes.value == role:
        return _("She wishes: %(name)s") % {"name": name}
    return name


class AnswersForm(forms.Form):
    """An answer to each question; what is left empty is not known."""

    source = forms.ChoiceField(
        label=gettext_lazy("Where this comes from"), choices=SOURCES, widget=forms.RadioSelect, initial=Provenance.HEARD
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, customs: Sequence[Custom], role: str, profile: Profile | None, **kwargs: Any
    ) -> None:
        self.customs = customs
        super().__init__(*args, **kwargs)
        answers = profile.answers if profile is not None else {}
        self.initial = {"seen": profile.stamp if profile is not None else None, "source": Provenance.HEARD}
        for custom in customs:
            known = read_answer(answers.get(custom.key))
            self.fields[source_name(custom.key)] = _field(custom, question_words(custom, role))
            if custom.number_of(known) != UNKNOWN:
                self.initial[source_name(custom.key)] = _shown(custom, known)

    def answers(self) -> dict[str, Answer | None]:
        """Return what was entered, by the question's key; ``None`` is not known."""
        return {custom.key: _entered(custom, self.cleaned_data[source_name(custom.key)]) for custom in self.customs}


def _field(custom: Custom, label: str) -> forms.Field:
    language = reference_language()
    choices = [(choice.key, choice.text(language)) for choice in custom.choices]
    if custom.kind is Kind.YES_NO:
        words = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
        return forms.ChoiceField(label=label, choices=words, required=False)
    if custom.kind is Kind.LEVEL:
        return forms.ChoiceField(label=label, choices=[("", _("not known")), *choices], required=False)
    if custom.kind is Kind.LIST:
        return forms.MultipleChoiceField(
            label=label,
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None ticked: not known."),
        )
    return forms.IntegerField(
        label=label,
        min_value=custom.low,
        max_value=custom.high,
        required=False,
        help_text=_("A whole number from %(low)s to %(high)s.") % {"low": custom.low, "high": custom.high},
    )


def _shown(custom: Custom, known: Answer | None) -> object:
    if custom.kind is Kind.YES_NO:
        return "yes" if known else "no"
    return list(known) if isinstance(known, tuple) else known


def _entered(custom: Custom, given: Any) -> Answer | None:
    if custom.kind is Kind.YES_NO:
        return {"yes": True, "no": False}.get(given)
    if custom.kind is Kind.LIST:
        return tuple(given) or None
    return None if given in (None, "") else given


@open_to(Policy.CASEWORK)
def answers(request: DeskRequest, person_id: UUID, role: str) -> HttpResponse:
    """Show and write what she answers to the own questions of the programmes that she has applied to in a role."""
    if role not in Role.values:
        raise Http404
    person = visible_person(request, person_id)
    application = latest_application(request, person, role)
    applied = {one.programme_id for one in applications_of_person(request.actor, person.pk).filter(role=role)}
    versions = list(versions_in_force(applied))
    profile = next(iter(profiles_of(person, [role])), None)
    customs = {custom.key: (version.programme.name, custom) for version in versions for custom in version.own}
    form = AnswersForm(
        posted(request), customs=[custom for _name, custom in customs.values()], role=role, profile=profile
    )
    if request.method == "POST" and customs and form.is_valid():

        def act() -> bool:
            change_answers(
                by=request.actor,
                application=application,
                answers=form.answers(),
                source=form.cleaned_data["source"],
                seen=form.cleaned_data["seen"],
            )
            return True

        if attempt(request, act, form):
            say(request, _("Saved. The next ranking for her, or with her in it, counts with it."))
            return redirect(f"{reverse('desk:person', args=[person.pk])}#profile-{role}")
    context = {
        "person": person,
        "form": form,
        "asked": _asked(customs, form, profile),
        "role_name": ROLES[role],
    }
    return render(request, "desk/people/answers.html", context, status=422 if form.errors else 200)


def _asked(customs: dict[str, tuple[str, Custom]], form: AnswersForm, profile: Profile | None) -> list[Asked]:
    provenance = profile.provenance if profile is not None else {}
    rows: list[Asked] = []
    before = ""
    for programme, custom in customs.values():
        name = source_name(custom.key)
        rows.append(Asked(programme, custom, form[name], source_of(provenance, name), programme != before))
        before = programme
    return rows
