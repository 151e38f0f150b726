"""A participant's training: where she has come to, one part to read, and its questions."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentornet.learning.queries import Part, Training, trainings
from mentornet.learning.services import answer_questions
from mentornet.people.enums import Role
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.shell import attempt, portal_page
from mentornet.web.portal.training.shown import field_name, questions_of
from mentornet.web.ui.toasts import say


def _trainings(request: PortalRequest) -> list[Training]:
    return trainings(request.participant.person_id, get_language() or "en")


@open_to(Policy.PARTICIPANT)
def training(request: PortalRequest) -> HttpResponse:
    """Show what she has done of her training, how long the rest takes, and where she goes on."""
    return portal_page(request, "portal/training/training.html", trainings=_trainings(request))


def _part(request: PortalRequest, enrolment_id: UUID, module: str) -> tuple[Training, Part]:
    for hers in _trainings(request):
        for part in hers.parts:
            if (hers.enrolment.pk, part.text.module.slug) == (enrolment_id, module):
                return hers, part
    raise Http404


@open_to(Policy.PARTICIPANT)
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
            return redirect("portal:training")
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
