"""Who reaches which address: every view declares its policy, one middleware asks for it.

A view without a policy answers with an error instead of a page, and a test crosses all addresses with all roles.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from mentornet.accounts.enums import Door
from mentornet.accounts.models import User
from mentornet.audit.services import record_refusal
from mentornet.common import row_scope
from mentornet.demo.queries import holds_real_data
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.people.known_by import participant_of_user
from mentornet.people.participants import Participant
from mentornet.web.door import at_the_desk
from mentornet.web.proving import draw_key_anew, has_used_second_factor, note_set_up, note_setting_up
from mentornet.web.sessions import door_of, go_on_after_own_act
from mentornet.web.typed import typed_in


class Policy(StrEnum):
    """Who may open an address. What is shown there is narrowed further by queries and rules."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed in"
    STAFF = "staff"
    CASEWORK = "casework"
    LEAD = "lead"
    ADMINISTRATION = "administration"
    DATA_PROTECTION = "data protection"
    """How people's data are treated: the data-protection officer and the national lead."""
    DEMO = "demo"
    PARTICIPANT = "participant"
    """Whoever is signed in and stands among the people: on her own pages."""
    PERSONAL = "personal"
    """Whoever holds a link, or is signed in: the view's own decorator decides (:mod:`mentornet.web.links`)."""


class DeskRequest(HttpRequest):
    """A request whose actor is known: what a view behind a staff policy gets."""

    actor: Staff


class PortalRequest(HttpRequest):
    """A request of a participant: what a view of her own pages gets.

    Attributes:
        participant: who she is; missing only behind a link that was sent to nobody known.
        grant: the link's (:class:`mentornet.web.links.Grant`); ``None`` or missing for somebody who has signed in.
    """

    participant: Participant
    grant: Any


LONGEST_SEARCH: Final = 200
"""What is searched for is cut to this, as the search fields do themselves: every word of it costs the database."""
METHODS: Final = ("GET", "HEAD", "POST")
"""A view knows showing and changing: no other verb may reach the one by way of the other."""

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_ATTRIBUTE: Final = "access_policy"
_KNOWN: Final = "mentornet_participant"

# Addresses of allauth that are in use, by name; the others answer 404: nobody signs up by herself.
_ALLAUTH: Final = {
    "account_login": Policy.EVERYONE,
    "account_logout": Policy.EVERYONE,
    "account_inactive": Policy.EVERYONE,
    "account_reset_password": Policy.EVERYONE,
    "account_reset_password_done": Policy.EVERYONE,
    "account_reset_password_from_key": Policy.EVERYONE,
    "account_reset_password_from_key_done": Policy.EVERYONE,
    "account_reauthenticate": Policy.SIGNED_IN,
    "account_change_password": Policy.SIGNED_IN,
    "mfa_authenticate": Policy.EVERYONE,
    "mfa_reauthenticate": Policy.SIGNED_IN,
    "mfa_index": Policy.SIGNED_IN,
    "mfa_activate_totp": Policy.SIGNED_IN,
    "mfa_deactivate_totp": Policy.SIGNED_IN,
    "mfa_view_recovery_codes": Policy.SIGNED_IN,
    "mfa_generate_recovery_codes": Policy.SIGNED_IN,
    "mfa_download_recovery_codes": Policy.SIGNED_IN,
}
_FOREIGN: Final = {"set_language": Policy.EVERYONE} | _ALLAUTH
# What somebody may do before she has her second factor: get one, or leave.
_BEFORE_SECOND_FACTOR: Final = frozenset(
    {"account_logout", "account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp", "set_language"}
)


def open_to(policy: Policy) -> Callable[[View], View]:
    """Declare who may open a view."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, policy)
        return view

    return declare


def policy_of(match: ResolverMatch) -> Policy | None:
    """Return what the view behind an address declares; ``None`` when it declares nothing."""
    declared = getattr(match.func, _ATTRIBUTE, None)
    if isinstance(declared, Policy):
        return declared
    return _FOREIGN.get(match.view_name)


_PORTAL: Final = frozenset({Policy.PARTICIPANT, Policy.PERSONAL})

BEYOND_DIVISIONS: Final = {
    Policy.EVERYONE: "nobody is known yet: forms, and the ways in, ask by what was typed whom it belongs to",
    Policy.PARTICIPANT: "she belongs to no division: each view asks for what is hers, by her own key",
    Policy.PERSONAL: "whoever holds a link belongs to no division: each view asks for what the link opens",
    Policy.DEMO: "nobody in a demonstration is real",
    Policy.DATA_PROTECTION: (
        "the officer sees how all divisions treat people's data: numbers, dates and acts, and no participant's name"
    ),
}
"""Why the database gives rows of all divisions to the pages of a policy; on all others those of the staff's own."""


def participant_of(request: HttpRequest) -> Participant | None:
    """Return the person who has signed in, at work on what is hers; ``None`` for nobody, and for staff alone."""
    if not request.user.is_authenticated:
        return None
    # Asked by whoever lets her in and by the page around what she sees: read once. Signing in changes who it is.
    known = getattr(request, _KNOWN, None)
    if known is None or known[0] != request.user.pk:
        known = (request.user.pk, participant_of_user(request.user.pk, timezone.now()))
        setattr(request, _KNOWN, known)
    participant: Participant | None = known[1]
    return participant


def is_foreign(match: ResolverMatch) -> bool:
    """Tell whether an address belongs to a library and is not in use here."""
    return match.view_name.startswith(("account_", "mfa_", "socialaccount_")) and match.view_name not in _FOREIGN


def reaches(actor: Staff, policy: Policy) -> bool:
    """Tell whether a staff member's roles reach a policy."""
    return {
        Policy.EVERYONE: True,
        Policy.SIGNED_IN: True,
        Policy.PERSONAL: True,
        # Roles of the staff lead to no page of hers.
        Policy.PARTICIPANT: False,
        Policy.DEMO: bool(settings.DEMO),
        Policy.STAFF: bool(actor.casework) or actor.is_administrator or actor.is_data_protection_officer,
        Policy.CASEWORK: bool(actor.casework),
        Policy.LEAD: bool(actor.leads),
        Policy.ADMINISTRATION: actor.is_administrator or actor.is_national_lead,
        Policy.DATA_PROTECTION: actor.is_data_protection_officer or actor.is_national_lead,
    }[policy]


def is_demonstration() -> bool:
    """Tell whether the demonstration's doors may stand open: it is one, and nobody in it is real.

    The program's own commands refuse to start otherwise; a server that was started past them shows nobody either.
    """
    return bool(settings.DEMO) and not holds_real_data()


def has_second_factor(user: User) -> bool:
    """Tell whether a user has set up her second factor."""
    return bool(is_mfa_enabled(user, types=[Authenticator.Type.TOTP]))


def keep_nowhere(response: HttpResponseBase) -> None:
    """Keep an answer out of caches."""
    if "no-store" not in response.get("Cache-Control", ""):
        # What a coordinator has seen must not come back on a shared machine by the back button or from a proxy.
        response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Cookie", "HX-Request"])


class NoStoreMiddleware:
    """Keeps out of caches whatever is answered beneath it, also where no view was asked: redirects, bad requests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep the answer out of caches."""
        response = self.get_response(request)
        keep_nowhere(response)
        return response


# Signs that nobody types: tabs and ends of lines come along with what is pasted, and are spaces in a line.
_CONTROLS: Final = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]) | {ord(sign): " " for sign in "\t\n\r"}


def _clean_address(request: HttpRequest) -> None:
    """Take control characters out of what an address asks for, and shorten what is searched for.

    Databases differ in what they do with such characters: one of them cannot be asked for them at all. The page shows
    what was searched for.
    """
    asked = request.GET.copy()
    for name, values in request.GET.lists():
        asked.setlist(name, [value.translate(_CONTROLS) for value in values])
    if len(text := str(asked.get("q", ""))) > LONGEST_SEARCH:
        asked["q"] = text[:LONGEST_SEARCH]
    if asked != request.GET:
        # Also where the page's own address is read, such as for coming back to it after another language was chosen.
        request.META["QUERY_STRING"] = asked.urlencode()
        request.GET = asked  # type: ignore[assignment]  # Django's own type is the immutable one


def _say_that_only_forms_lead_here(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give an answer without words some: the address of a form was opened by hand, or by the browser's own means."""
    page = render(request, "ui/405.html", {"back": request.path.rstrip("/").rpartition("/")[0] + "/"}, status=405)
    page["Allow"] = response["Allow"]
    return page


class AccessMiddleware:
    """Asks each view for its policy, puts the actor on the request, and keeps answers out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep the answer out of caches."""
        # What somebody else was given on this connection before ends here, and so does hers.
        with row_scope.within(row_scope.NOTHING):
            response = self.get_response(request)
            if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
                response = _say_that_only_forms_lead_here(request, response)
            note_set_up(request)
            draw_key_anew(request, response)
            if request.method == "POST" and request.user.is_authenticated:
                _go_on(request)
        keep_nowhere(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Let the request through, or answer it: sign in, second factor, 403, 404 or 405."""
        del view, args
        match = request.resolver_match
        assert match is not None
        _clean_address(request)
        if is_foreign(match) or any(str(piece).translate(_CONTROLS) != str(piece) for piece in kwargs.values()):
            raise Http404
        policy = policy_of(match)
        if policy is None:
            raise ImproperlyConfigured(f"{match.view_name or match.route}: this address declares no policy")
        if policy in BEYOND_DIVISIONS:
            row_scope.take(row_scope.EVERYTHING)
        if policy is Policy.DEMO and not is_demonstration():
            raise Http404
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if door_of(request) is Door.PORTAL and _is_staffs(match, policy):
            # She signed in as a participant, by a code alone: to these pages she is nobody, whatever else she may be.
            request.user = AnonymousUser()
        if not request.user.is_authenticated:
            if policy in {Policy.EVERYONE, Policy.DEMO, Policy.PERSONAL}:
                return None
            return _signed_out(request, "portal:sign_in" if policy is Policy.PARTICIPANT else "account_login")
        return _check_participant(request, policy) if policy in _PORTAL else _check(request, match, policy)


def _is_staffs(match: ResolverMatch, policy: Policy) -> bool:
    """Tell whether an address belongs to the staff's side, with its own way of signing in."""
    is_shared = policy in _PORTAL or policy in {Policy.EVERYONE, Policy.DEMO}
    return not is_shared or match.view_name.startswith(("account_", "mfa_"))


def _check_participant(request: HttpRequest, policy: Policy) -> HttpResponseBase | None:
    if policy is Policy.PERSONAL:
        return None
    participant = participant_of(request)
    if participant is None:
        raise PermissionDenied(_("These pages are for whoever takes part in the network. You work here: use the desk."))
    cast(PortalRequest, request).participant = participant
    return None


def _check(request: HttpRequest, match: ResolverMatch, policy: Policy) -> HttpResponseBase | None:
    if door_of(request) is Door.PORTAL:
        return None
    user = cast(User, request.user)
    actor = staff_member(user, timezone.now())
    cast(DeskRequest, request).actor = actor
    if policy not in BEYOND_DIVISIONS:
        row_scope.take(row_scope.of_divisions(actor.casework))
    if policy is Policy.EVERYONE:
        return None
    if policy is not Policy.DEMO and not settings.DEMO:
        is_set_up, name = at_the_desk(request, user).has_app, match.view_name
        if not is_set_up and name == "mfa_activate_totp":
            note_setting_up(request)
        if name not in _BEFORE_SECOND_FACTOR:
            if not is_set_up:
                return _lead(request, "mfa_activate_totp")
            if not has_used_second_factor(request, user):
                return _lead(request, "mfa_reauthenticate")
    if not reaches(actor, policy):
        record_refusal(
            by=actor, act="open", object_type="address", object_id=match.view_name[:40], reason=f"needs {policy}"
        )
        raise PermissionDenied(_("Your role does not reach this page. Ask whoever leads your division."))
    return None


def _go_on(request: HttpRequest) -> None:
    """Let her go on in this session if she has just ended all of hers by what she did."""
    known = getattr(request, _KNOWN, (None, None))[1]
    actor: Participant | Staff | None = getattr(request, "actor", None) or known
    if actor is not None:
        go_on_after_own_act(request, actor.at)


def _lead(request: HttpRequest, name: str) -> HttpResponseBase:
    """Redirect to a step of signing in, and from there back; where htmx asked for a part, the whole page goes."""
    # From setting up the second factor the way leads to the recovery codes, which she sees only then.
    back = "" if name == "mfa_activate_totp" else way_back(request)
    target = reverse(name) + (f"?{urlencode({REDIRECT_FIELD_NAME: back})}" if back else "")
    return HttpResponseClientRedirect(target) if _is_part(request) else redirect(target)


def _signed_out(request: HttpRequest, name: str) -> HttpResponseBase:
    """Lead to the way in; who has just sent a form, unaware that her session is over, gets back what she typed."""
    lead = _lead(request, name)
    typed = [] if _is_part(request) else typed_in(request)
    if not typed:
        return lead
    context = {"typed": typed, "sign_in_url": lead["Location"]}
    page = "ui/signed_out.html" if name == "account_login" else "ui/signed_out_personal.html"
    return render(request, page, context, status=HTTPStatus.FORBIDDEN)


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def way_back(request: HttpRequest) -> str:
    """Return the page on which she was: an act, or a part of a page, is nothing to come back to."""
    if request.method in {"GET", "HEAD"} and not _is_part(request):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
