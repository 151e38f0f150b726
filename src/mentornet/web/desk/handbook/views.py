"""The handbook and the training as texts: what there is, writing a version, comparing two, taking an old one again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.intake.queries import names_of
from mentornet.learning.queries import chapter
from mentornet.learning.readers import readers_of
from mentornet.learning.rules import may_write_handbook
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.handbook.forms import ChapterForm, TextForm, question_forms
from mentornet.web.desk.handbook.kinds import CHAPTER, SOURCE, Place, Text, facts_of, place_of
from mentornet.web.desk.handbook.shown import compared, groups, is_older, lines_of
from mentornet.web.ui.own_names import own_name
from mentornet.web.ui.toasts import say

A_PAGE = 50


@open_to(Policy.CASEWORK)
def handbook(request: DeskRequest) -> HttpResponse:
    """Show all chapters and modules, with the languages in which each is written and how many have read it."""
    return render(
        request,
        "desk/handbook/handbook.html",
        {"groups": groups(get_language() or "en"), "may": may_write_handbook(request.actor)},
    )


@open_to(Policy.CASEWORK)
def text(request: DeskRequest, what: str, role: str, slug: str, language: str) -> HttpResponse:
    """Show one text; the national lead tries another out and writes it as a new version."""
    place = place_of(what, role, slug, language)
    newest = next(iter(place.versions()), None)
    source = newest if language == SOURCE else next(iter(place.versions(SOURCE)), None)
    form = _form(request, place, newest)
    questions = None if place.is_chapter else question_forms(posted(request), _questions(newest))
    # Asked for both: errors in the questions stand beside those of the text.
    is_valid = request.method == "POST" and all([form.is_valid(), questions is None or questions.is_valid()])
    tried: dict[str, Any] | None = None
    if is_valid:
        tried = form.facts()
        if questions is not None:
            tried["questions"] = [question for one in questions if (question := one.question()) is not None]
        if "save" in request.POST:
            written = attempt(
                request, lambda: place.rewrite(request.actor, form.cleaned_data["seen"], tried or {}), form
            )
            if written is not None:
                _tell(request, place, written)
                return redirect(reverse("desk:handbook_text", kwargs=place.arguments))
    context = {
        "place": place,
        "newest": newest,
        "source": source if source is not newest else None,
        "is_older": is_older(newest, source),
        "form": form,
        "questions": questions,
        "tried": tried,
        "may": may_write_handbook(request.actor),
        "tabs": _tabs(place),
        "language_name": own_name(language),
        "author": names_of({newest.written_by}).get(newest.written_by, "") if newest else "",
    }
    if request.headers.get("HX-Target") == "preview":
        return render(request, "desk/handbook/_preview.html", context)
    is_wrong = bool(form.errors) or (questions is not None and questions.is_bound and not questions.is_valid())
    return render(request, "desk/handbook/text.html", context, status=422 if is_wrong else 200)


def _form(request: DeskRequest, place: Place, newest: Text | None) -> TextForm:
    initial: dict[str, Any] = {"seen": newest.number if newest else 0}
    if newest is not None:
        initial |= facts_of(newest)
        initial["situations"] = "\n".join(initial.get("situations", ()))
    return (ChapterForm if place.is_chapter else TextForm)(posted(request), initial=initial)


def _questions(newest: Text | None) -> list[dict[str, Any]]:
    return facts_of(newest)["questions"] if newest is not None else []


def _tabs(place: Place) -> list[dict[str, Any]]:
    return [
        {
            "label": own_name(code),
            "lang": code,
            "url": reverse("desk:handbook_text", kwargs={**place.arguments, "language": code}),
            "is_current": code == place.language,
            "count": None,
        }
        for code, _name in settings.LANGUAGES
    ]


def _tell(request: DeskRequest, place: Place, written: Text) -> None:
    words = _("Version %(number)s is in force. Everybody reads it from now on.") % {"number": written.number}
    if place.language == SOURCE:
        words += " " + _("Look at the translations next: they say what stood here before.")
    before = {**place.arguments, "number": written.number - 1}
    say(request, words, undo=reverse("desk:handbook_again", kwargs=before) if before["number"] else "")


@open_to(Policy.CASEWORK)
def readers(request: DeskRequest, role: str, slug: str) -> HttpResponse:
    """Show who of her divisions has said that she has read a chapter, and whether it has changed since."""
    place = place_of(CHAPTER, role, slug, SOURCE)
    text = chapter(role, slug, get_language() or "en")
    page = Paginator(readers_of(request.actor, place.thing.pk), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/handbook/readers.html", {"place": place, "text": text, "page": page})


@open_to(Policy.CASEWORK)
def versions(request: DeskRequest, what: str, role: str, slug: str, language: str) -> HttpResponse:
    """Show who has written which version when, and what differs between two of them."""
    place = place_of(what, role, slug, language)
    found = place.versions()
    if not found:
        raise Http404
    by_number = {str(one.number): one for one in found}
    new = by_number.get(request.GET.get("to", ""), found[0])
    before = found[min(found.index(new) + 1, len(found) - 1)]
    old = by_number.get(request.GET.get("from", ""), before)
    names = names_of({one.written_by for one in found})
    return render(
        request,
        "desk/handbook/versions.html",
        {
            "place": place,
            "versions": [(one, names.get(one.written_by, "")) for one in found],
            "old": old,
            "new": new,
            "lines": compared(lines_of(old), lines_of(new)) if old is not new else [],
            "may": may_write_handbook(request.actor),
            "language_name": own_name(language),
        },
    )


@open_to(Policy.CASEWORK)
@require_POST
def again(request: DeskRequest, what: str, role: str, slug: str, language: str, number: int) -> HttpResponse:
    """Write an old version anew, as the next one."""
    place = place_of(what, role, slug, language)
    found = place.versions()
    old = next((one for one in found if one.number == number), None)
    if old is None:
        raise Http404
    written = attempt(request, lambda: place.rewrite(request.actor, found[0].number, facts_of(old)))
    if written is not None:
        words = _("Version %(old)s is in force again, as version %(number)s.")
        say(request, words % {"old": old.number, "number": written.number})
    return redirect(reverse("desk:handbook_text", kwargs=place.arguments))
