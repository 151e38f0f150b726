"""A demonstration's one-click sign-in, and its letter box. Outside a demonstration nothing of this exists."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from mentornet.demo.queries import letters_of_demo, sign_in_choices
from mentornet.web.access import Policy, open_to
from mentornet.web.desk.letters.shown import rows_of, words_of

A_PAGE = 20


def _refuse_outside() -> None:
    """Answer as if nothing were here, should the addresses ever exist outside a demonstration."""
    if not settings.DEMO:
        raise Http404


@open_to(Policy.DEMO)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show whose eyes one can look through."""
    _refuse_outside()
    return render(request, "desk/demo/sign_in.html", {"choices": sign_in_choices()})


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


@open_to(Policy.DEMO)
def letter_box(request: HttpRequest) -> HttpResponse:
    """Show what participants would find in their letter boxes."""
    _refuse_outside()
    page = Paginator(letters_of_demo(), A_PAGE).get_page(request.GET.get("page"))
    rows = [(row, *words_of(row)) for row in rows_of(page.object_list)]
    return render(request, "desk/demo/letters.html", {"rows": rows, "page": page})
