"""What somebody agrees to, at her word: taken back for her, or noted anew as heard."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentornet.intake.agreeing import Asked, asked_of
from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.services.consents import note_consents, take_consent_back
from mentornet.people.models import Person
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.ui.toasts import say


@open_to(Policy.CASEWORK)
def consents(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show what she agrees to; take one back, or note one that was heard. Either is written into her history."""
    known = known_by(request.actor, person_id)
    if known is None:
        raise Http404
    person, division_id = known.person, known.division_id
    rows = asked_of(person.pk)
    if request.method == "POST":
        asked = next((one for one in rows if one.purpose == request.POST.get("purpose")), None)
        if asked is not None and request.POST.get("say") == "yes":
            _note(request, person, division_id, asked)
        elif asked is not None:
            _take_back(request, asked)
        return redirect("desk:person_consents", person_id=person.pk)
    listed = [
        {"asked": one, "name": one.purpose.label, "text": CONSENT_WORDS[one.purpose], "after": _after(one.purpose)}
        for one in rows
    ]
    context = {"person": person, "person_url": her_page(request.actor, person.pk), "rows": listed}
    return render(request, "desk/people/consents.html", context)


def _after(purpose: ConsentPurpose) -> str:
    """Return what the coordinator has to know of taking it back."""
    match purpose:
        case ConsentPurpose.HANDLING:
            return _(
                "If she takes it back, her open applications in your divisions end. A place, and what another division "
                "has of her, stays until a coordinator there has talked with her: it is on their page Today."
            )
        case ConsentPurpose.INTRODUCTION:
            return _(
                "If she takes it back, she is proposed to nobody. A proposal that is open stands to both as ended: "
                "take it back."
            )
        case _:
            return ""


def _note(request: DeskRequest, person: Person, division_id: UUID, asked: Asked) -> None:
    noted = attempt(
        request,
        lambda: note_consents(
            by=request.actor,
            person=person,
            division_id=division_id,
            purposes=[asked.purpose],
            language=person.language,
        ),
    )
    if noted is not None:
        say(request, _("Noted, with your name as who has heard it."))


def _take_back(request: DeskRequest, asked: Asked) -> None:
    standing = asked.standing
    if standing and attempt(request, lambda: take_consent_back(by=request.actor, consent=standing)) is not None:
        say(request, _("Taken back, at her word."))
