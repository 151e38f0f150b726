"""Going through the form page by page, as a browser without JavaScript does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any, Final

import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from factories.django_rows import AT
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.services.codes import code_of
from mentornet.divisions.models import Division
from mentornet.intake.models import ApplicationDraft
from mentornet.programmes.models import Programme

CONTACT: Final = {"contact_way": "email", "email": "amina@example.org", "phone": "61 23 45 67"}


class _Fields(HTMLParser):
    """Collects what a page's main form would send as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and given.get("type") not in {"submit", "button"}:
            if given.get("type") in {"radio", "checkbox"} and "checked" not in given:
                return
            self.found.setdefault(name, []).append(value or "on" if given.get("type") == "checkbox" else value)
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given and self.select:
            self.found.setdefault(self.select, []).append(value)


def fields(html: str) -> dict[str, list[str]]:
    """Return what the forms of a page would send as they stand, without tokens."""
    parser = _Fields()
    parser.feed(html[html.index("<main") :])
    parser.found.pop("csrfmiddlewaretoken", None)
    return parser.found


@dataclass
class Walk:
    """Somebody at the form.

    Attributes:
        clock: moves on by ten seconds with every page that is sent.
    """

    client: Client
    role: str = "mentee"
    language: str = "en"
    at: datetime = AT
    last: HttpResponse | None = field(default=None, repr=False)

    def url(self, name: str, **arguments: str) -> str:
        """Return an address in her language."""
        with translation.override(self.language):
            return reverse(f"public:{name}", kwargs={"role": self.role, **arguments})

    def get(self, url: str) -> HttpResponse:
        """Open a page."""
        with time_machine.travel(self.at, tick=False):
            self.last = self.client.get(url, follow=True)  # type: ignore[assignment]
        assert self.last is not None
        return self.last

    def send(self, url: str, data: dict[str, Any], *, seconds: int = 10) -> HttpResponse:
        """Send a form some seconds after it was opened, and follow where it leads."""
        self.at += timedelta(seconds=seconds)
        with time_machine.travel(self.at, tick=False):
            self.last = self.client.post(url, data, follow=True)  # type: ignore[assignment]
        assert self.last is not None
        return self.last

    def begin(self, **more: Any) -> HttpResponse:
        """Open the first page and begin."""
        page = self.get(self.url("apply"))
        return self.send(self.url("apply"), {**fields(page.content.decode()), **more})

    def answer(self, step: str, *, query: str = "", **data: Any) -> HttpResponse:
        """Open a page and answer it, on top of what stands there."""
        url = self.url("apply_step", step=step) + query
        page = self.get(url)
        return self.send(url, {**fields(page.content.decode()), **data})

    def give_code(self) -> HttpResponse:
        """Give back the code that was sent last."""
        challenge = OneTimeCode.objects.latest("created_at")
        return self.answer("confirm", code=code_of(challenge))

    def up_to_check(self, division: Division, programme: Programme | None, **contact: Any) -> None:
        """Answer what is needed, and a little more."""
        self.begin()
        self.answer("place", division=str(division.pk))
        if programme is not None:
            self.answer("programme", programme=str(programme.pk), eligible="yes")
        self.answer("name", first_name="Amina", last_name="Noor")
        self.answer("contact", **(contact or CONTACT))
        if (contact or CONTACT)["contact_way"] != "call":
            self.give_code()
        if programme is None:
            self.answer("network", field_words="Hospitals", groups=["2"], regions="Fyn")
            self.answer("consents", handling="on")
        else:
            self.answer("consents", handling="on", introduction="on")

    def finish(self) -> HttpResponse:
        """Send all of it."""
        return self.answer("check")


def where(answer: HttpResponse) -> str:
    """Return the last part of the address that an answer led to."""
    chain = getattr(answer, "redirect_chain", [])
    path = chain[-1][0] if chain else answer.wsgi_request.path  # type: ignore[attr-defined]
    return re.sub(r"\?.*", "", str(path)).rstrip("/").rpartition("/")[2]


def the_draft() -> ApplicationDraft:
    """Return the only draft."""
    return ApplicationDraft.objects.get()
