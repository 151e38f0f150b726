"""What stands around the pages of the form, and what happens when the database is busy or a robot seems at work."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from mentornet.common.patience import BusyError, patiently
from mentornet.web.public.apply import guards
from mentornet.web.public.shell import public_page

HARMLESS: Final = "https://www.dmi.dk/"
"""Where the quick way out leads: the weather."""
TRY_AGAIN_SECONDS: Final = 15

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def apply_page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with a page of the form."""
    around = {"harmless_url": HARMLESS, "trap": guards.TRAP}
    return public_page(request, f"public/apply/{template}.html", status=status, **around, **context)


def kept_when_busy(view: View) -> View:
    """Let a view wait for a database that is busy; then answer with a page that carries what was typed.

    What a view writes stands in one transaction, so that it can be asked again.
    """

    @wraps(view)
    def patient(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return patiently(lambda: view(request, *args, **kwargs))
        except BusyError:
            answer = apply_page(request, "busy", status=503, typed=guards.typed(request, without={guards.TOKEN}))
            answer["Retry-After"] = str(TRY_AGAIN_SECONDS)
            return answer

    return cast(View, patient)


def are_you_a_person(request: HttpRequest) -> HttpResponse:
    """Ask whoever sent a form as a robot does; a person ticks one field, and all she typed goes along."""
    return apply_page(request, "person", status=422, typed=guards.typed(request), human=guards.stamp(guards.HUMAN))


def too_often(request: HttpRequest) -> HttpResponse:
    """Say that so much was sent there that another one has to wait. What she has answered is kept."""
    return apply_page(request, "too_often", status=429)
