"""A demonstration's one-click sign-in, and its letter box. Outside a demonstration nothing of this exists."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.enums import Door
from mentornet.common.actors import Visitor
from mentornet.demo.queries import ParticipantKind, letters_of_demo, participant_choices, sign_in_choices
from mentornet.people.entrance import user_for
from mentornet.people.models import Person
from mentornet.web.access import Policy, open_to
from mentornet.web.desk.letters.shown import rows_of, words_of
from mentornet.web.sessions import keep_proved

A_PAGE = 20


def _refuse_outside() -> None:
    """Answer as if nothing were here, should the addresses ever exist outside a demonstration."""
    if not settings.DEMO:
        raise Http404


@open_to(Policy.DEMO)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show whose eyes one can look through."""
    _refuse_outside()
    return render(request, "desk/demo/sign_in.html", {"choices": sign_in_choices(), "participants": _participants()})


@open_to(Policy.DEMO)
@require_POST
def enter(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Sign in as one of the demonstration's people."""
    _refuse_outside()
    choice = next((choice for choice in sign_in_choices() if choice.user.pk == user_id), None)
    if choice is None:
        raise Http404
    login(request, choice.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect("desk:today")


def _participants() -> list[tuple[Person, str]]:
    words = {
        ParticipantKind.ASKED: _("Mentee, with a proposal to answer"),
        ParticipantKind.MENTOR: _("Mentor, in a partnership"),
        ParticipantKind.MENTEE: _("Mentee, in a partnership"),
        ParticipantKind.WAITING: _("Mentee, on the waiting list"),
        ParticipantKind.TRAINING: _("Mentor, in training"),
        ParticipantKind.CONTACT: _("Contact person"),
    }
    return [(choice.person, words[choice.kind]) for choice in participant_choices()]


@open_to(Policy.DEMO)
@require_POST
def enter_as_participant(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Sign in as one of the demonstration's participants, at their own door."""
    _refuse_outside()
    if all(choice.person.pk != person_id for choice in participant_choices()):
        raise Http404
    user = user_for(by=Visitor(timezone.now()), person_id=person_id, reads_email=False)
    if user is None:
        raise Http404
    request.sign_in_door = Door.PORTAL  # type: ignore[attr-defined]  # read where sign-ins are listed
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    # Nobody's letters arrive here: the codes of a demonstration are in nobody's hands.
    keep_proved(request)
    return redirect("portal:home")


@open_to(Policy.DEMO)
def letter_box(request: HttpRequest) -> HttpResponse:
    """Show what participants would find in their letter boxes."""
    _refuse_outside()
    page = Paginator(letters_of_demo(), A_PAGE).get_page(request.GET.get("page"))
    rows = [(row, *words_of(row)) for row in rows_of(page.object_list)]
    return render(request, "desk/demo/letters.html", {"rows": rows, "page": page})
