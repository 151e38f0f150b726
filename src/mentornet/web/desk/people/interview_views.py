"""Writing down an interview: the guided form, its draft kept on the server, and its questions on paper."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.intake.models import Application, Interview
from mentornet.intake.planner import draft_of
from mentornet.intake.queries import visible_applications
from mentornet.intake.services import interviews as services
from mentornet.people.models import LanguageSkill, Profile
from mentornet.people.queries import languages_of, profiles_of
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.forms import ProfileForm
from mentornet.web.desk.people.interview_form import (
    TalkForm,
    asked,
    is_too_long,
    profile_form,
    take_up,
    typed_in,
)
from mentornet.web.desk.people.standing import ROLES
from mentornet.web.desk.people.views import profile_levels
from mentornet.web.ui.toasts import say


def _application(request: DeskRequest, application_id: UUID) -> Application:
    return get_object_or_404(visible_applications(request.actor), pk=application_id)


def _known(found: Application) -> tuple[Profile | None, list[LanguageSkill]]:
    return next(iter(profiles_of(found.person, [found.role])), None), languages_of(found.person)


@open_to(Policy.CASEWORK)
def interview(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Write down an interview that was held: what was said, and what was heard of her profile."""
    by, found = request.actor, _application(request, application_id)
    known, skills = _known(found)
    talk = TalkForm(posted(request), role=found.role)
    profile = profile_form(posted(request), found.role, known, skills)
    # Both are asked, also after one has failed: the summary names all faults at once.
    wrong = [form for form in (talk, profile) if not form.is_valid()]
    draft = None
    if request.method == "POST":
        if not wrong and _is_recorded(request, found, talk, profile, skills):
            say(request, _("Written down. What is left is to decide."))
            return redirect("desk:application", application_id=found.pk)
        _see_anew(profile, known)
    elif not found.is_open:
        say(request, _("This application has been decided already."), tone="info")
        return redirect("desk:application", application_id=found.pk)
    else:
        draft = draft_of(found, by.user_id)
        if draft is not None:
            take_up(draft.typed, talk, profile)
    context = {
        "application": found,
        "person": found.person,
        "role": ROLES[found.role],
        "form": talk,
        "profile": profile,
        "parts": asked(talk, profile, known, skills),
        "restricted": [talk[question.key] for question in talk.restricted],
        "levels": profile_levels(),
        "draft": draft,
        "kept_at": time_format(timezone.localtime(draft.changed_at), "TIME_FORMAT") if draft is not None else "",
    }
    return render(request, "desk/people/application_interview.html", context)


def _is_recorded(
    request: DeskRequest, found: Application, talk: TalkForm, profile: ProfileForm, skills: list[LanguageSkill]
) -> bool:
    before = [(skill.code, skill.level) for skill in skills]

    def act() -> Interview:
        return services.record_interview(
            by=request.actor,
            application=found,
            interviewer=cast(User, request.user),
            shareable=talk.cleaned_data["shareable"],
            coordinator_only=talk.notes,
            answers=talk.answers,
            profile_facts=profile.facts,
            languages=profile.spoken if profile.spoken != before else None,
            seen=profile.cleaned_data["seen"],
        )

    return attempt(request, act, talk) is not None


def _see_anew(profile: ProfileForm, known: Profile | None) -> None:
    """Let the page that comes back count as seen: what stands beside the fields is what is known now."""
    if known is not None and profile.data.get("profile-seen"):
        data = cast(QueryDict, profile.data).copy()
        data["profile-seen"] = str(known.stamp)
        profile.data = data


@open_to(Policy.CASEWORK)
@require_POST
def draft(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Keep what is typed so far; by itself while she types, or by the button. Nobody else reads it."""
    by, found = request.actor, _application(request, application_id)
    known, skills = _known(found)
    typed = typed_in(request.POST, TalkForm(role=found.role), profile_form(None, found.role, known, skills))
    is_part = request.headers.get("HX-Request") == "true"
    kept = None
    if found.is_open and not is_too_long(typed):
        user = cast(User, request.user)
        kept = attempt(request, lambda: services.keep_draft(by=by, application=found, interviewer=user, typed=typed))
    words = (
        _("Draft kept at %(time)s. Only you can read it.")
        % {"time": time_format(timezone.localtime(by.at), "TIME_FORMAT")}
        if kept is not None
        else _("The draft could not be kept. Copy what you have typed.")
    )
    if is_part:
        return render(request, "desk/people/_draft_kept.html", {"words": words, "is_kept": kept is not None})
    say(request, words, tone="good" if kept is not None else "bad")
    return redirect("desk:application_interview", application_id=found.pk)


@open_to(Policy.CASEWORK)
@require_POST
def forget(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Throw the draft away, and begin with what is known."""
    found = _application(request, application_id)
    user = cast(User, request.user)

    def act() -> bool:
        services.forget_draft(by=request.actor, application=found, interviewer=user)
        return True

    if attempt(request, act):
        say(request, _("The draft is thrown away. The form begins with what is known of her."))
    return redirect("desk:application_interview", application_id=found.pk)


@open_to(Policy.CASEWORK)
def paper(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Show the questions with room to write by hand, and what she has written herself."""
    found = _application(request, application_id)
    known, skills = _known(found)
    talk, profile = TalkForm(role=found.role), profile_form(None, found.role, known, skills)
    context = {
        "application": found,
        "person": found.person,
        "role": ROLES[found.role],
        "parts": asked(talk, profile, known, skills),
        "restricted": [talk[question.key] for question in talk.restricted],
    }
    return render(request, "desk/people/interview_paper.html", context)
