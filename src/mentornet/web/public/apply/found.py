"""The page behind an address that somebody has passed on: who we are, what is looked for, and her own yes first.

Whoever opens it is nobody to us. Nothing is written down before she has agreed to that and begun.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from mentornet.common.answers import RefusedError
from mentornet.intake.enums import Applying, ConsentPurpose
from mentornet.intake.services.consents import text_in_force
from mentornet.sourcing.queries import asking_by_code
from mentornet.sourcing.rules import may_write_through
from mentornet.sourcing.services import begin_through
from mentornet.web.access import Policy, open_to
from mentornet.web.public.apply import guards
from mentornet.web.public.apply.held import keep_draft, language, to_step, visitor
from mentornet.web.public.apply.shell import apply_page, are_you_a_person, kept_when_busy
from mentornet.web.public.apply.steps import where_to_go_on
from mentornet.web.ui import briefs
from mentornet.web.ui.acting import posted

_PURPOSE: Final = "begin"


class AgreeForm(forms.Form):
    """Her yes, before anything is kept."""

    agrees = forms.BooleanField(
        label=_("Yes, I agree"),
        error_messages={"required": _("Tick this first. Without your yes we cannot keep what you write.")},
    )


@open_to(Policy.EVERYONE)
@kept_when_busy
def found_by(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say who we are and what is looked for; with her yes, begin a form that is filled in as far as it can be."""
    asking = asking_by_code(code)
    if asking is None or not may_write_through(asking):
        # The same for a code that nobody has: it tells neither that there was a search, nor that it is over.
        return redirect("public:mentor")
    form = AgreeForm(posted(request))
    by = visitor()
    text = text_in_force(by=by, purpose=ConsentPurpose.HANDLING, language=language())
    if form.is_valid():
        if guards.is_like_a_robot(request, _PURPOSE) or guards.is_too_often_from_here("begin", request):
            return are_you_a_person(request)
        try:
            draft = begin_through(by=by, asking=asking, language=language(), agreed_to=text)
        except RefusedError:
            return redirect("public:mentor")
        keep_draft(request, draft, Applying.MENTOR)
        return to_step(Applying.MENTOR, where_to_go_on(draft))
    return _page(request, form, asking=asking, lines=briefs.lines(asking.search.brief), text=text)


def _page(request: HttpRequest, form: forms.Form, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return apply_page(request, "found_by", status=status, form=form, opened=guards.stamp(_PURPOSE), **more)
