"""Coming in: by a code to what stands of her, by a password, by her app. And going out."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.limits import take_turn
from mentornet.accounts.models import User
from mentornet.accounts.queries import code_waiting, user_by_id
from mentornet.accounts.services.own_ways import answer_second_factor
from mentornet.accounts.services.signing import note_failed
from mentornet.common.actors import Visitor
from mentornet.people.entrance import ask_to_sign_in, come_in, sole_person
from mentornet.people.known_by import digits_of
from mentornet.web.access import Policy, open_to, participant_of
from mentornet.web.portal.security.entering import WAITING, complete, enter, way_on
from mentornet.web.portal.security.forms import AddressForm, CodeForm, PasswordSignInForm
from mentornet.web.portal.shell import portal_page, posted
from mentornet.web.sessions import LINKS
from mentornet.web.signin import network_address

ASKED: Final = "mentornet.sign_in"
"""Where a session keeps which question it is answering: a code is good in the browser alone that asked for it."""
MOST_ASKED: Final = 20
MOST_TRIED: Final = 30
WITHIN: Final = timedelta(hours=1)
SECOND_STEP_WITHIN: Final = 600
MOST_PASSWORDS: Final = 5
PASSWORDS_WITHIN: Final = timedelta(minutes=5)


def _too_often(request: HttpRequest) -> HttpResponse:
    return portal_page(request, "portal/security/too_often.html", status=429)


@open_to(Policy.EVERYONE)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an e-mail address or a telephone number. The next page is the same, whether anybody has it or not."""
    if participant_of(request) is not None and request.method == "GET":
        return redirect(way_on(request))
    form = AddressForm(posted(request))
    if form.is_valid():
        if not take_turn("sign-in codes", network_address(request), most=MOST_ASKED, within=WITHIN):
            return _too_often(request)
        challenge = ask_to_sign_in(by=Visitor(timezone.now()), typed=form.cleaned_data["address"])
        request.session[ASKED] = {"question": str(challenge.pk), "on": way_on(request)}
        return redirect("portal:sign_in_code")
    return portal_page(request, "portal/security/sign_in.html", form=form, on=way_on(request))


@open_to(Policy.EVERYONE)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Take the code."""
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect("portal:sign_in")
    form = CodeForm(posted(request))
    if form.is_valid():
        if not take_turn("codes tried", network_address(request), most=MOST_TRIED, within=WITHIN):
            return _too_often(request)
        user = _answered(asked["question"], form.cleaned_data["code"])
        if user is not None:
            del request.session[ASKED]
            return enter(request, user, "code", on=asked["on"])
        note_failed(user=None, way="code", at=timezone.now())
        form.add_error("code", wrong_code())
    return portal_page(request, "portal/security/sign_in_code.html", form=form)


def _answered(question: str, code: str) -> User | None:
    at = timezone.now()
    challenge = code_waiting(question, at)
    return None if challenge is None else come_in(by=Visitor(at), challenge=challenge, code=code)


def wrong_code() -> str:
    """Return what to do when a code does not fit, is too old, or was tried too often: nobody is told which."""
    return _(
        "This code does not fit. Look at the newest message from us and try again. A code lasts 10 minutes, and you "
        "can try 5 times. Then ask for a new code."
    )


@open_to(Policy.EVERYONE)
def sign_in_password(request: HttpRequest) -> HttpResponse:
    """Take the address and the password that she has chosen, if she has."""
    form = PasswordSignInForm(posted(request))
    if form.is_valid():
        user = _by_password(request, form)
        if user is not None:
            return enter(request, user, "password", on=way_on(request))
    return portal_page(request, "portal/security/sign_in_password.html", form=form, on=way_on(request))


def _by_password(request: HttpRequest, form: PasswordSignInForm) -> User | None:
    typed, password = form.cleaned_data["address"], form.cleaned_data["password"]
    account = digits_of(typed) if "@" not in typed else typed.lower()
    # From where first: whoever has tried too often fills no table with counts of what he types.
    tries = (
        ("passwords tried from", network_address(request), MOST_TRIED),
        ("passwords tried", account, MOST_PASSWORDS),
    )
    # Counted by what was typed, known or not; what comes after is not looked at.
    if not all(take_turn(name, key, most=most, within=PASSWORDS_WITHIN) for name, key, most in tries):
        form.add_error(None, _("You have tried many times. Wait five minutes, or sign in with a code."))
        return None
    person = sole_person(typed)
    user = None if person is None else person.user
    if user is None or not user.has_usable_password():
        # As much work as comparing: how long it takes tells nothing.
        make_password(password)
    elif user.check_password(password):
        return user
    note_failed(user=user, way="password", at=timezone.now())
    form.add_error(
        None,
        _("These two do not belong together. Look at both again, or sign in with a code: then you need no password."),
    )
    return None


@open_to(Policy.EVERYONE)
def sign_in_app(request: HttpRequest) -> HttpResponse:
    """Take the code of her app, after she has shown that she reads her letters or knows her password."""
    waiting: dict[str, Any] | None = request.session.get(WAITING)
    if waiting is None or time.time() - waiting["at"] > SECOND_STEP_WITHIN:
        return redirect("portal:sign_in")
    user = user_by_id(waiting["user"])
    if user is None:
        return redirect("portal:sign_in")
    form = CodeForm(posted(request))
    if form.is_valid():
        if not take_turn("app codes tried", str(user.pk), most=MOST_PASSWORDS, within=PASSWORDS_WITHIN):
            return _too_often(request)
        if answer_second_factor(user=user, code=form.cleaned_data["code"]):
            return complete(request, user, "app", on=waiting["on"])
        note_failed(user=user, way="app", at=timezone.now())
        form.add_error("code", _("This code does not fit. Wait until your app shows a new one, then try again."))
    return portal_page(request, "portal/security/sign_in_app.html", form=form)


@open_to(Policy.EVERYONE)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; what links have opened in this browser is closed with it, also where nobody has signed in."""
    was_by_link = participant_of(request) is None and bool(request.session.get(LINKS))
    logout(request)
    return portal_page(request, "portal/security/signed_out.html", was_by_link=was_by_link)
