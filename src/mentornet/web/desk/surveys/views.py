"""Questionnaires in the set-up: what there is, writing questions in every language, and letting them count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.divisions.rules import may_lead_nation
from mentornet.people.enums import Role
from mentornet.programmes.queries import programmes_in
from mentornet.surveys import services
from mentornet.surveys.by_hand import asking_by_hand
from mentornet.surveys.models import Questionnaire, QuestionnaireVersion
from mentornet.surveys.queries import newest_versions, versions_of, visible_questionnaires, was_ever_asked
from mentornet.surveys.rules import may_write
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.surveys import shown
from mentornet.web.desk.surveys.forms import DueForm, PublishForm, QuestionForm, StartForm, TitleForm
from mentornet.web.ui.own_names import own_name
from mentornet.web.ui.toasts import say


def _found(request: DeskRequest, questionnaire_id: UUID) -> tuple[Questionnaire, QuestionnaireVersion | None]:
    """Return a questionnaire and its version in force; that of another division's programme does not exist."""
    found = get_object_or_404(visible_questionnaires(request.actor), pk=questionnaire_id)
    return found, newest_versions([found]).get(found.pk)


def _back(found: Questionnaire) -> HttpResponse:
    return redirect("desk:questionnaire", questionnaire_id=found.pk)


@open_to(Policy.CASEWORK)
def questionnaires(request: DeskRequest) -> HttpResponse:
    """Show all questionnaires that count for her divisions."""
    actor = request.actor
    found = list(visible_questionnaires(actor))
    return render(
        request,
        "desk/surveys/questionnaires.html",
        {"rows": shown.rows_of(found, newest_versions(found)), "may": bool(actor.leads)},
    )


@open_to(Policy.LEAD)
def questionnaire_new(request: DeskRequest) -> HttpResponse:
    """Start a questionnaire from a copy of another one; nobody is asked before it is published."""
    actor = request.actor
    known = list(visible_questionnaires(actor))
    versions = newest_versions(known)
    asked = request.GET.get("from", "")
    source = next((one for one in known if str(one.pk) == asked and one.pk in versions), None)
    is_national = bool(may_lead_nation(actor))
    theirs = programmes_in(actor.casework)
    form = StartForm(
        posted(request),
        programmes=theirs if is_national else theirs.filter(division_id__in=actor.leads),
        may_be_for_all=is_national,
        initial={"aim": source.aim, "who": source.who} if source is not None else None,
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(request, lambda: _start(request, form, source, versions), form)
        if made is not None:
            say(request, _("It is a draft. Look through its questions, then publish it."))
            return _back(made)
    return render(
        request,
        "desk/surveys/questionnaire_new.html",
        {
            "form": form,
            "sources": shown.rows_of([one for one in known if one.pk in versions], versions),
            "source": source,
        },
        status=422 if form.errors else 200,
    )


def _start(
    request: DeskRequest,
    form: StartForm,
    source: Questionnaire | None,
    versions: Mapping[UUID, QuestionnaireVersion],
) -> Questionnaire:
    given = form.cleaned_data
    language = get_language() or "en"
    language = language if language in dict(settings.LANGUAGES) else "en"
    return services.start_questionnaire(
        by=request.actor,
        programme=given["programme"],
        facts={
            **{name: given[name] for name in ("aim", "who", "is_anonymous")},
            "due": source.due if source is not None else {},
        },
        content={
            "title": {language: given["title"]},
            "questions": versions[source.pk].questions if source is not None else [],
        },
    )


@open_to(Policy.CASEWORK)
def questionnaire(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Show one: its questions, what is missing, when it is asked, and how it came to be so."""
    return _show(request, *_found(request, questionnaire_id))


def _show(
    request: DeskRequest, found: Questionnaire, version: QuestionnaireVersion | None, **forms_: forms.Form
) -> HttpResponse:
    content = shown.content_of(found, version)
    rows = shown.question_rows(content["questions"])
    by_hand = asking_by_hand(request.actor, found)
    bound = any(form.is_bound for form in forms_.values())
    context = {
        "questionnaire": found,
        "title": shown.title_of(content),
        "version": version,
        "rows": rows,
        "missing": _missing(content, rows),
        "due": shown.due_words(found),
        "may": may_write(request.actor, found),
        "due_form": forms_.get("due") or DueForm(initial=DueForm.initial_of(found.due)),
        "publish_form": forms_.get("publish") or PublishForm(initial={"seen": found.draft_number}),
        "history": [_event(one) for one in versions_of(found)],
        # Not "languages": that name is the language picker's, on every page.
        "previews": [(code, own_name(code)) for code, _name in settings.LANGUAGES],
        "was_asked": was_ever_asked(found),
        "sides": [(side.value, side.label) for side in found.sides],
        **shown.by_hand_of(found, by_hand),
    }
    return render(request, "desk/surveys/questionnaire.html", context, status=422 if bound else 200)


def _missing(content: Mapping[str, Any], rows: list[shown.QuestionRow]) -> list[tuple[str, str]]:
    """Return the languages in which something of it is not written."""
    lacking = {code for row in rows for code, _name in row.missing}
    lacking |= {code for code, _name in settings.LANGUAGES if not content["title"].get(code)}
    return [(code, own_name(code)) for code, _name in settings.LANGUAGES if code in lacking]


def _event(version: QuestionnaireVersion) -> dict[str, object]:
    return {
        "at": version.created_at,
        "title": _("Version %(number)s") % {"number": version.number},
        "text": version.reason if version.author_name else "",
        "who": version.author_name or _("came with the program"),
        "icon": "setup",
    }


# Its questions --------------------------------------------------------------------------------------------------------


@open_to(Policy.CASEWORK)
def question_add(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Add a question at the end."""
    return _edit(request, questionnaire_id, "")


@open_to(Policy.CASEWORK)
def question(request: DeskRequest, questionnaire_id: UUID, asked: str) -> HttpResponse:
    """Change one question of the draft, in every language."""
    return _edit(request, questionnaire_id, asked)


def _edit(request: DeskRequest, questionnaire_id: UUID, key: str) -> HttpResponse:
    found, version = _found(request, questionnaire_id)
    content = shown.content_of(found, version)
    kept = next((one for one in content["questions"] if one["key"] == key), None)
    if key and kept is None:
        raise Http404
    initial = (QuestionForm.initial_of(kept) if kept else {}) | {"seen": found.draft_number}
    form = QuestionForm(posted(request), kept=kept, taken=[one["key"] for one in content["questions"]], initial=initial)
    if request.method == "POST" and form.is_valid():
        made = form.question()
        questions = [made if one["key"] == key else one for one in content["questions"]]
        questions += [] if kept else [made]
        if _write(request, found, content | {"questions": questions}, form.cleaned_data["seen"], form):
            say(request, _("It stands in the draft. Nobody is asked it before you publish."))
            return _back(found)
    return render(
        request,
        "desk/surveys/question.html",
        {
            "questionnaire": found,
            "title": shown.title_of(content),
            "form": form,
            "is_new": kept is None,
            "may": may_write(request.actor, found),
        },
        status=422 if form.errors else 200,
    )


def _write(
    request: DeskRequest, found: Questionnaire, content: Mapping[str, Any], seen: int, form: forms.Form | None = None
) -> bool:
    def act() -> Questionnaire:
        return services.write_draft(by=request.actor, questionnaire=found, seen=seen, content=content)

    return attempt(request, act, form) is not None


@open_to(Policy.CASEWORK)
@require_POST
def question_move(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Move a question up or down, or take it out of the draft."""
    found, version = _found(request, questionnaire_id)
    content = shown.content_of(found, version)
    questions = list(content["questions"])
    key, way, seen = (request.POST.get(name, "") for name in ("key", "way", "seen"))
    place = next((number for number, one in enumerate(questions) if one["key"] == key), None)
    if place is None or not seen.isdecimal():
        say(request, _("This question is not in the draft any more."), tone="info")
        return _back(found)
    if way == "remove":
        del questions[place]
    else:
        other = max(0, min(len(questions) - 1, place + (1 if way == "down" else -1)))
        questions.insert(other, questions.pop(place))
    if _write(request, found, content | {"questions": questions}, int(seen)):
        say(request, _("Taken out of the draft.") if way == "remove" else _("Moved."))
    return _back(found)


@open_to(Policy.CASEWORK)
def questionnaire_title(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Say what it is called, in each language."""
    found, version = _found(request, questionnaire_id)
    content = shown.content_of(found, version)
    initial = {f"title_{code}": text for code, text in content["title"].items()} | {"seen": found.draft_number}
    form = TitleForm(posted(request), initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and _write(request, found, content | {"title": form.title()}, form.cleaned_data["seen"], form)
    ):
        say(request, _("It stands in the draft. Nobody is asked it before you publish."))
        return _back(found)
    return render(
        request,
        "desk/surveys/title.html",
        {
            "questionnaire": found,
            "title": shown.title_of(content),
            "form": form,
            "may": may_write(request.actor, found),
        },
        status=422 if form.errors else 200,
    )


# What becomes of it ---------------------------------------------------------------------------------------------------


@open_to(Policy.CASEWORK)
@require_POST
def questionnaire_due(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Say when it is asked."""
    found, version = _found(request, questionnaire_id)
    form = DueForm(request.POST)
    if form.is_valid():
        done = attempt(
            request, lambda: services.change_due(by=request.actor, questionnaire=found, due=form.due()), form
        )
        if done is not None:
            say(request, _("Saved. It counts from tonight on."))
            return _back(found)
    return _show(request, found, version, due=form)


@open_to(Policy.CASEWORK)
@require_POST
def publish(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Let the draft count, as the next version."""
    found, version = _found(request, questionnaire_id)
    form = PublishForm(request.POST)
    if form.is_valid():
        written = attempt(
            request,
            lambda: services.publish(
                by=request.actor,
                questionnaire=found,
                seen=form.cleaned_data["seen"],
                author_name=request.actor.name,
                reason=form.cleaned_data["reason"],
            ),
            form,
        )
        if written is not None:
            say(
                request,
                _("Version %(number)s is in force. Whoever is asked from now on is asked this.")
                % {"number": written.number},
            )
            return _back(found)
        found.refresh_from_db()
    return _show(request, found, version, publish=form)


@open_to(Policy.CASEWORK)
@require_POST
def discard(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Throw the draft away."""
    found, _version = _found(request, questionnaire_id)
    seen = request.POST.get("seen", "")
    done = attempt(
        request,
        lambda: services.discard_draft(
            by=request.actor, questionnaire=found, seen=int(seen) if seen.isdecimal() else -1
        ),
    )
    if done is not None:
        say(request, _("The draft is gone. What was in force still is."))
    return _back(found)


@open_to(Policy.CASEWORK)
@require_POST
def close(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Ask it no more."""
    found, _version = _found(request, questionnaire_id)
    if attempt(request, lambda: services.close_questionnaire(by=request.actor, questionnaire=found)) is not None:
        say(request, _("It is closed. What was answered stays."))
    return _back(found)


@open_to(Policy.CASEWORK)
@require_POST
def ask_now(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Have the active pairs of her divisions asked, in the background."""
    found, _version = _found(request, questionnaire_id)
    attempt(request, lambda: services.ask_in_background(by=request.actor, questionnaire=found))
    return _back(found)


@open_to(Policy.CASEWORK)
def asking(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Answer how far the asking is; when it has ended, send the page on, where it says what came of it."""
    found, _version = _found(request, questionnaire_id)
    if request.headers.get("HX-Request") != "true":
        return _back(found)
    at_work = asking_by_hand(request.actor, found)
    if at_work is not None and not at_work.job.is_over:
        return render(request, "ui/components/_progress.html", shown.progress_of(found, at_work))
    response = HttpResponse()
    response["HX-Redirect"] = reverse("desk:questionnaire", kwargs={"questionnaire_id": found.pk})
    return response


@open_to(Policy.CASEWORK)
def preview(request: DeskRequest, questionnaire_id: UUID, language: str, side: str) -> HttpResponse:
    """Show the questions of one side as she sees them, in a language and its direction."""
    found, version = _found(request, questionnaire_id)
    if language not in dict(settings.LANGUAGES) or side not in {one.value for one in found.sides}:
        raise Http404
    content = shown.content_of(found, version)
    tabs = [
        {
            "label": own_name(code),
            "lang": code,
            "url": reverse(
                "desk:questionnaire_preview",
                kwargs={"questionnaire_id": found.pk, "language": code, "side": side},
            ),
            "is_current": code == language,
            "count": None,
        }
        for code, _name in settings.LANGUAGES
    ]
    return render(
        request,
        "desk/surveys/preview.html",
        {
            "questionnaire": found,
            "title": shown.title_of(content),
            "tabs": tabs,
            "side": Role(side).label,
            "language": language,
            "direction": shown.direction(language),
            "questions": shown.previews(content["questions"], side, language),
        },
    )
