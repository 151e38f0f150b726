"""The first steps' page: what is left to do, a programme from a preset, trial letters."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.divisions.trials import confirm_trial, send_trial
from mentornet.messaging.models import Channel, Trial
from mentornet.messaging.trials import latest
from mentornet.programmes.presets import PRESETS
from mentornet.programmes.rules import may_start_first_programme
from mentornet.programmes.services import start_from_preset
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.setup.beginning_forms import CodeForm, PresetForm, TrialForm
from mentornet.web.desk.setup.steps import first_steps
from mentornet.web.ui.toasts import say


def _page(request: DeskRequest, *, forms: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    steps = first_steps(request.actor, user)
    address = {Channel.EMAIL: user.email or "", Channel.TEXT: user.phone}
    shown = [
        (
            step,
            (forms or {}).get(f"trial-{step.channel}")
            or TrialForm(channel=step.channel, initial={"address": address[Channel(step.channel)]})
            if step.channel and step.is_open
            else None,
            (forms or {}).get(f"code-{step.channel}") or CodeForm(channel=step.channel) if step.waits else None,
        )
        for step in steps
    ]
    left = [step.key for step in steps if step.is_open]
    # One thing is next, and its button says so.
    context = {"steps": shown, "left": len(left), "next": left[0] if left else ""}
    return render(request, "desk/setup/first_steps.html", context, status=status)


@open_to(Policy.ADMINISTRATION)
def steps(request: DeskRequest) -> HttpResponse:
    """Show what is done, and what is left to do."""
    return _page(request)


@open_to(Policy.ADMINISTRATION)
@require_POST
def trial(request: DeskRequest) -> HttpResponse:
    """Send a trial letter to an address of her own."""
    form = TrialForm(posted(request), channel=request.POST.get("channel", ""))
    if form.is_valid():
        sent = attempt(
            request,
            lambda: send_trial(
                by=request.actor,
                channel=form.cleaned_data["channel"],
                address=form.cleaned_data["address"],
                language=get_language() or "en",
            ),
            form,
        )
        if sent is not None:
            say(request, _("It leaves in a moment. Type the code that stands in it."))
            return redirect("desk:first_steps")
    return _page(request, forms={f"trial-{form.channel}": form}, status=422)


def _confirmed(request: DeskRequest, tried: Trial | None, code: str) -> Trial | None:
    """Return the trial letter whose code was typed.

    Raises:
        ValidationError: it is not the code of the newest one.
    """
    if tried is None or not confirm_trial(by=request.actor, trial=tried, code=code):
        raise ValidationError(
            _("That is not the code in the newest one, or it is older than ten minutes. Look again, or send another.")
        )
    return tried


@open_to(Policy.ADMINISTRATION)
@require_POST
def trial_code(request: DeskRequest) -> HttpResponse:
    """Take the code that stood in a trial letter."""
    form = CodeForm(posted(request), channel=request.POST.get("channel", ""))
    if form.is_valid():
        channel, code = form.cleaned_data["channel"], form.cleaned_data["code"]
        if attempt(request, lambda: _confirmed(request, latest(channel), code), form) is not None:
            say(request, _("It has arrived."))
            return redirect("desk:first_steps")
    return _page(request, forms={f"code-{form.channel}": form}, status=422)


@open_to(Policy.ADMINISTRATION)
def first_programme(request: DeskRequest) -> HttpResponse:
    """Begin with a programme that was thought through."""
    may = may_start_first_programme(request.actor)
    form = PresetForm(posted(request), language=get_language() or "en")
    if request.method == "POST" and form.is_valid():
        started = attempt(
            request,
            lambda: start_from_preset(
                by=request.actor,
                preset=PRESETS[form.cleaned_data["preset"]],
                name=form.name(),
                author_name=request.actor.name,
            ),
            form,
        )
        if started is not None:
            say(request, _("The programme has begun, and stands on the public site."))
            return redirect("desk:first_steps")
    context = {"form": form, "may": may, "presets": [(form.choice(slug), one) for slug, one in PRESETS.items()]}
    return render(request, "desk/setup/first_programme.html", context, status=422 if form.errors else 200)
