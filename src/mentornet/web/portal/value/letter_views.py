"""Letters to the mentor: the mentee reads and decides, the mentor reads what was sent; no wish is told."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from mentornet.followup import services
from mentornet.followup.enums import ImpactState
from mentornet.followup.impact_words import fact_words
from mentornet.followup.models import ImpactLetter
from mentornet.followup.services.letters import mark_of_draft
from mentornet.followup.value_queries import draft_of, left_out_by_mentor, letters_of, wish_of
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.web.access import PortalRequest
from mentornet.web.portal.partnership.pages import back_to, mine, of_the_two
from mentornet.web.portal.shell import attempt, posted
from mentornet.web.portal.value import shown
from mentornet.web.portal.value.forms import ChooseForm, WishForm
from mentornet.web.portal.value.shown import value_page
from mentornet.web.ui.papers import as_paper, has_pdf
from mentornet.web.ui.toasts import say


def _one(request: PortalRequest, pair: Partnership, letter_id: UUID) -> ImpactLetter:
    """Return a letter that is there for her.

    Raises:
        Http404: it is none of hers, or not there for her.
    """
    for letter in letters_of(request.participant, [pair]):
        if letter.pk == letter_id:
            return letter
    raise Http404


@of_the_two
def letters(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Show the letters that are there for her, what waits for her first."""
    pair, side = mine(request, partnership_id)
    found = letters_of(request.participant, [pair])
    waits = next((one for one in found if one.state != ImpactState.SENT), None)
    sent = [one for one in found if one.state == ImpactState.SENT]
    return value_page(request, "letters", pair, side, waits=waits, sent=sent)


@of_the_two
def letter(request: PortalRequest, partnership_id: UUID, letter_id: UUID) -> HttpResponse:
    """Show a letter: to the mentee as it will be, with her answer beneath; to the mentor as it was sent."""
    pair, side = mine(request, partnership_id)
    found = _one(request, pair, letter_id)
    waits = found.state == ImpactState.ASKED
    texts = shown.as_it_will_be(found) if waits else shown.as_it_is(found, side)
    mark = mark_of_draft(draft_of(found)) if waits else ""
    return value_page(request, "letter", pair, side, found=found, texts=texts, mark=mark, has_pdf=has_pdf())


@of_the_two
@sensitive_post_parameters()
def choose(request: PortalRequest, partnership_id: UUID, letter_id: UUID) -> HttpResponse:
    """Choose what stands in the letter, before she reads it as it will be."""
    pair, side = mine(request, partnership_id)
    found = _one(request, pair, letter_id)
    if found.state != ImpactState.ASKED:
        return _to_letter(pair, found)
    facts, left_out = draft_of(found).facts, left_out_by_mentor(pair)
    listed = [(one.value, fact_words(one, facts)) for one in facts.known if one not in left_out]
    initial = {"chosen": list(found.chosen or ()), "words": found.words}
    form = ChooseForm(posted(request), facts=listed, initial=initial)
    if request.method == "POST" and form.is_valid():
        data, by = form.cleaned_data, request.participant
        done = attempt(
            request,
            lambda: services.choose_for_letter(by=by, letter=found, chosen=data["chosen"], words=data["words"]),
            form,
        )
        if done is not None:
            say(request, _("Saved. Nobody else can see it. Read the letter, and decide."))
            return _to_letter(pair, found)
    return value_page(request, "choose", pair, side, found=found, form=form)


def _to_letter(pair: Partnership, found: ImpactLetter) -> HttpResponse:
    return redirect("portal:impact_letter", partnership_id=pair.pk, letter_id=found.pk)


@of_the_two
@require_POST
def answer(request: PortalRequest, partnership_id: UUID, letter_id: UUID) -> HttpResponse:
    """Say yes, no, think again, or take it back."""
    pair, _side = mine(request, partnership_id)
    found, by, what = _one(request, pair, letter_id), request.participant, request.POST.get("what", "")
    mark = request.POST.get("mark", "")
    acts = {
        "yes": (
            lambda: services.approve_letter(by=by, letter=found, mark=mark),
            _("Thank you. The letter leaves tomorrow. Until then you can think again."),
        ),
        "no": (
            lambda: services.decline_letter(by=by, letter=found),
            _("That is all right. Nothing is sent, and nobody is told."),
        ),
        "never": (
            lambda: services.decline_letter(by=by, letter=found, never_again=True),
            _("That is all right. Nothing is sent, and we do not ask you again."),
        ),
        "again": (lambda: services.think_again(by=by, letter=found), _("The letter waits. Nothing is sent.")),
        "back": (
            lambda: services.take_letter_back(by=by, letter=found),
            _("The letter is taken back. It can no longer be read."),
        ),
    }
    if what in acts:
        act, words = acts[what]
        if attempt(request, act) is not None:
            say(request, words)
    return back_to("impact_letters", pair)


@of_the_two
def paper(request: PortalRequest, partnership_id: UUID, letter_id: UUID) -> HttpResponse:
    """Give a letter that was sent on paper."""
    pair, _side = mine(request, partnership_id)
    found = _one(request, pair, letter_id)
    if found.state != ImpactState.SENT:
        return _to_letter(pair, found)
    text = shown.as_it_is(found, Role.MENTOR)[0]
    with override(text.language):
        title = _("A letter")
    context = {
        "title": title,
        "letter": text.letter,
        "language": text.language,
        "direction": text.direction,
        "network": text.network,
        "back_url": reverse("portal:impact_letter", args=[pair.pk, found.pk]),
    }
    wants_pdf = request.GET.get("as") == "pdf"
    return as_paper(request, "letter", context, name="letter", wants_pdf=wants_pdf)


@of_the_two
def wishes(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Say what she wants of letters to the mentor. Nobody is told."""
    pair, side = mine(request, partnership_id)
    wish = wish_of(pair, side)
    initial = {"leaves_out": list(wish.leaves_out or ()), "wants_none": wish.wants_none} if wish else {}
    form = WishForm(posted(request), side=side, initial=initial)
    if request.method == "POST" and form.is_valid():
        data, by = form.cleaned_data, request.participant

        def act() -> object:
            return services.wish_for_letters(
                by=by, partnership=pair, wants_none=data["wants_none"], leaves_out=data.get("leaves_out", ())
            )

        if attempt(request, act, form) is not None:
            say(request, _("Saved. Nobody is told."))
            return back_to("impact_letters", pair)
    return value_page(request, "wishes", pair, side, form=form)
