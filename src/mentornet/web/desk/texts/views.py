"""The words of letters: what there is, trying others out, letting them count, going back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.divisions.queries import all_divisions, divisions_of, organisation
from mentornet.messaging import services
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import LetterText
from mentornet.messaging.queries import words_ever
from mentornet.messaging.rules import may_rewrite_letters
from mentornet.messaging.wording import check_words
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.texts.forms import WordsForm
from mentornet.web.desk.texts.shown import (
    NOT_REWRITTEN,
    Preview,
    example_values,
    placeholders,
    preview_of,
    rows,
    shipped,
    title_of,
)
from mentornet.web.ui.own_names import own_name
from mentornet.web.ui.toasts import say

EMPTY = {"subject": "", "body": "", "sms": ""}


@open_to(Policy.CASEWORK)
def texts(request: DeskRequest) -> HttpResponse:
    """Show all letters, with the languages in which this network has rewritten them."""
    return render(request, "desk/texts/texts.html", {"rows": rows(), "may": may_rewrite_letters(request.actor)})


def _known(event: str, language: str) -> None:
    if event not in TEMPLATES or event in NOT_REWRITTEN or language not in dict(settings.LANGUAGES):
        raise Http404


def names_that_tell() -> list[str]:
    """Return the names that no letter may say: the network's, the organisation's, the divisions'."""
    network = organisation()
    return [name for name in (network.name, network.legal_name, *(one.name for one in all_divisions())) if name]


def _facts(row: LetterText) -> dict[str, str]:
    return {"subject": row.subject, "body": row.body, "sms": row.sms}


@open_to(Policy.CASEWORK)
def text(request: DeskRequest, event: str, language: str) -> HttpResponse:
    """Show a letter's words in one language; try others out, and let them count."""
    _known(event, language)
    history = list(words_ever(event, language))
    newest = history[0] if history else None
    shipping = shipped(event, language)
    now = _facts(newest) if newest is not None and not newest.is_shipped else shipping
    form = WordsForm(posted(request), initial={**now, "seen": newest.number if newest else 0})
    if request.method == "POST" and form.is_valid():
        done = _save(request, event, language, form)
        if done is not None:
            return done
    words = now if not form.is_bound else form.words() if form.is_valid() else None
    preview = _preview(request, event, language, words, form)
    for name in EMPTY:
        # Shown as needed: only the way back to the words that ship goes without them.
        form.fields[name].required = True
    context: dict[str, Any] = {
        "event": event,
        "title": title_of(event),
        "language": language,
        "language_name": own_name(language),
        "tabs": _tabs(event, language),
        "newest": newest,
        "form": form,
        "may": may_rewrite_letters(request.actor),
        "placeholders": placeholders(event),
        "preview": preview,
        "shipping": shipping,
        "history": [_event(row) for row in history],
    }
    if request.headers.get("HX-Target") == "preview":
        return render(request, "desk/texts/_preview.html", context)
    return render(request, "desk/texts/text.html", context, status=422 if form.errors else 200)


def _save(request: DeskRequest, event: str, language: str, form: WordsForm) -> HttpResponse | None:
    """Let words count, or go back to those that ship, if that is what she asked for and it could be done."""
    if "save" not in request.POST and "shipped" not in request.POST:
        return None
    seen = form.cleaned_data["seen"]
    facts = EMPTY if "shipped" in request.POST else form.words()
    if "save" in request.POST and not any(facts.values()):
        form.add_error("body", _("Write something here, or go back to the words that ship."))
        return None
    row = attempt(
        request,
        lambda: services.rewrite_letter(
            by=request.actor, event=event, language=language, seen=seen, facts=facts, names=names_that_tell()
        ),
        form,
    )
    if row is None:
        return None
    words = (
        _("Letters that leave from now on have the words that ship again.")
        if row.is_shipped
        else _("Letters that leave from now on have these words.")
    )
    say(request, words, undo=reverse("desk:text_again", kwargs=_place(event, language) | {"number": seen}))
    return redirect("desk:text", event=event, language=language)


def _place(event: str, language: str) -> dict[str, Any]:
    return {"event": event, "language": language}


def _preview(
    request: DeskRequest, event: str, language: str, words: dict[str, str] | None, form: WordsForm
) -> Preview | None:
    """Return how the letter arrives; nothing while the words would not do, which the form then says."""
    if words is None or form.errors:
        return None
    if form.is_bound:
        try:
            check_words(event, words, names_that_tell())
        except ValidationError as error:
            for name, faults in error.error_dict.items():
                form.add_error(name, faults)
            return None
    actor = request.actor
    first = divisions_of(actor).first()
    values = example_values(event, today=actor.today, coordinator=actor.name, office=first)
    return preview_of(event, words, language, values)


def _tabs(event: str, language: str) -> list[dict[str, Any]]:
    return [
        {
            "label": own_name(code),
            "lang": code,
            "url": reverse("desk:text", kwargs=_place(event, code)),
            "is_current": code == language,
            "count": None,
        }
        for code, _name in settings.LANGUAGES
    ]


def _event(row: LetterText) -> dict[str, object]:
    """Return words that were once written as an entry of the history."""
    return {
        "at": row.created_at,
        "title": _("Back to the words that ship") if row.is_shipped else row.subject,
        "text": row.body,
        "who": row.author_name,
        "icon": "undo" if row.is_shipped else "letter",
    }


@open_to(Policy.CASEWORK)
@require_POST
def again(request: DeskRequest, event: str, language: str, number: int) -> HttpResponse:
    """Write old words anew, as the newest; number 0 are those that ship."""
    _known(event, language)
    history = list(words_ever(event, language))
    old = next((row for row in history if row.number == number), None)
    if not history or (old is None and number):
        raise Http404
    row = attempt(
        request,
        lambda: services.rewrite_letter(
            by=request.actor,
            event=event,
            language=language,
            seen=history[0].number,
            facts=_facts(old) if old is not None else EMPTY,
            names=names_that_tell(),
        ),
    )
    if row is not None:
        say(request, _("The words from before are in force again."))
    return redirect("desk:text", event=event, language=language)
