"""A participant's training: where she has come to, one part to read, and its questions."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.intake.queries import only_helps, own_places
from mentornet.learning.queries import Part, Training, trainings, trainings_of
from mentornet.learning.services import answer_questions
from mentornet.people.enums import Role
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.shell import attempt, portal_page
from mentornet.web.portal.training.shown import field_name, questions_of
from mentornet.web.ui.toasts import say


def _trainings(request: PortalRequest) -> list[Training]:
    return trainings(request.participant.person_id, get_language() or "en")


@open_to(Policy.PARTICIPANT)
def training(request: PortalRequest) -> HttpResponse:
    """Show what she has done of her training, how long the rest takes, and where she goes on."""
    hers = _trainings(request)
    helps = not hers and only_helps(request.participant)
    return portal_page(request, "portal/training/training.html", trainings=hers, only_helps=helps)


@open_to(Policy.PERSONAL)
@by_link(Purpose.TRAINING, "enrolment_id")
def training_here(request: PortalRequest, enrolment_id: UUID) -> HttpResponse:
    """Show the training of one place of hers: to this her letters lead, and they need no sign-in."""
    return portal_page(request, "portal/training/training.html", trainings=_training_of(request, enrolment_id))


def _training_of(request: PortalRequest, enrolment_id: UUID) -> list[Training]:
    """Return her training in one place of hers; none once that has ended.

    Raises:
        Http404: it is nobody's, or somebody else's.
    """
    participant = getattr(request, "participant", None)
    place = None if participant is None else own_places(participant).filter(pk=enrolment_id).first()
    if place is None:
        raise Http404
    return [] if place.ended_on is not None else trainings_of([place], get_language() or "en")


def _part(request: PortalRequest, enrolment_id: UUID, module: str) -> tuple[Training, Part]:
    for hers in _training_of(request, enrolment_id):
        for part in hers.parts:
            if part.text.module.slug == module:
                return hers, part
    raise Http404


@open_to(Policy.PERSONAL)
@by_link(Purpose.TRAINING, "enrolment_id")
def module(request: PortalRequest, enrolment_id: UUID, module: str) -> HttpResponse:
    """Show one part with its questions; look at her answers, and keep those that are right."""
    hers, part = _part(request, enrolment_id, module)
    chosen, right = _chosen(request, part), dict[int, bool]()
    is_sent = request.method == "POST" and part.done is None
    if is_sent and (chosen or not part.text.questions):
        checked = attempt(
            request,
            lambda: answer_questions(by=request.participant, enrolment=hers.enrolment, text=part.text, answers=chosen),
        )
        if checked is None:
            return redirect("portal:module", enrolment_id=enrolment_id, module=module)
        if checked.is_done:
            _tell(request, hers, part)
            return redirect("portal:training_here", enrolment_id=enrolment_id)
        right = dict(checked.right)
    return portal_page(
        request,
        "portal/training/module.html",
        training=hers,
        part=part,
        questions=questions_of(part, chosen, right),
        wrong=sum(not is_right for is_right in right.values()),
        has_answered_nothing=is_sent and not chosen,
        is_checked=is_sent,
    )


def _chosen(request: PortalRequest, part: Part) -> dict[int, int]:
    """Return what she has answered; what is no number is no answer."""
    found = {}
    for place in range(len(part.text.questions)):
        sent = request.POST.get(field_name(place), "")
        if sent.isdecimal() and len(sent) < 4:
            found[place] = int(sent)
    return found


def _tell(request: PortalRequest, hers: Training, part: Part) -> None:
    left = [one for one in hers.left if one != part]
    if left:
        say(request, _("Well done. This part is finished."))
    elif hers.role == Role.MENTOR and part.is_asked:
        say(request, _("Well done. You have finished your training, and we can propose a mentee to you now."))
    else:
        say(request, _("Well done. You have finished it all."))
