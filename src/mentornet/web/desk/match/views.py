"""The match desk: one mentee beside the ranked bank, two people side by side, up to three compared, and the choice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mentornet.common.spoken import reference_language
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.matching.bank_lent import bank_with_lent
from mentornet.matching.enums import ProposalState
from mentornet.matching.fair_order import passed_over_with
from mentornet.matching.loan_queries import choosable_mentors
from mentornet.matching.queries import open_proposal_of, proposals_between, refused_of
from mentornet.matching.ranking import Ranking, rank_for
from mentornet.matching.services import propose as propose_pair
from mentornet.matching.services.proposing import ranking_of_two
from mentornet.partnerships.queries import visible_partnerships
from mentornet.people.enums import Role
from mentornet.people.queries import restriction_of
from mentornet.programmes.queries import current_version
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.match import compared, pairs, shown
from mentornet.web.desk.match.bars import drawn
from mentornet.web.desk.match.by_hand import by_hand_page
from mentornet.web.desk.match.forms import AgainForm, ChoiceForm, SeenForm
from mentornet.web.desk.meetings.beside import sittings_for
from mentornet.web.ui.toasts import say

PAGE: Final = 20
MOST_COMPARED: Final = 3
MOST_NAMED: Final = 20


def _mentee(request: DeskRequest, mentee_id: UUID) -> Enrolment:
    return get_object_or_404(visible_enrolments(request.actor), pk=mentee_id, role=Role.MENTEE)


def _mentor(request: DeskRequest, mentee: Enrolment, mentor_id: UUID) -> Enrolment:
    mentors = choosable_mentors(request.actor, mentee).filter(role=Role.MENTOR, programme_id=mentee.programme_id)
    return get_object_or_404(mentors, pk=mentor_id)


def _ranking(by: Staff, mentee: Enrolment, loosened: Collection[str]) -> Ranking | None:
    version = current_version(mentee.programme_id)
    return rank_for(bank_with_lent(version=version, divisions=by.casework, today=by.today), mentee.pk, loosened)


def _not_waiting(request: DeskRequest, mentee: Enrolment) -> HttpResponse:
    """Say why nobody is to be chosen for her, and where to go on."""
    running = visible_partnerships(request.actor).filter(mentee=mentee, closed_on__isnull=True).first()
    context = {"mentee": mentee, "partnership": running, "restriction": restriction_of(mentee.person_id)}
    return render(request, "desk/match/not_waiting.html", context)


def _frame(by: Staff, mentee: Enrolment, ranking: Ranking) -> dict[str, object]:
    """Return what each page about her needs."""
    return {
        "mentee": mentee,
        "ranking": ranking,
        "loosened": sorted(ranking.loosened),
        "loosened_query": shown.loosened_query(ranking.loosened),
        "open_proposal": open_proposal_of(by, mentee.pk) if mentee.promised else None,
        "floor": ranking.bank.version.floor * 100,
        "words_language": reference_language(),
    }


@open_to(Policy.CASEWORK)
def match(request: DeskRequest, mentee_id: UUID) -> HttpResponse:
    """Show the bank in the order of one mentee; with ``q``, where somebody stands and why."""
    by, mentee = request.actor, _mentee(request, mentee_id)
    ranking = _ranking(by, mentee, request.GET.getlist("loosen"))
    if ranking is None:
        return by_hand_page(request, mentee) or _not_waiting(request, mentee)
    name = request.GET.get("q", "").strip()
    chosen = {key: request.GET.get(key, "") for key in ("language", "field")}
    columns = ranking.named(name)[:MOST_NAMED] if name else ranking.narrowed(**chosen)
    page = Paginator(columns, PAGE).get_page(request.GET.get("page"))
    candidates, lent = ranking.candidates(page.object_list), ranking.candidates(ranking.kept())
    rows = shown.rows_of(by, mentee, ranking, [*candidates, *lent])
    best = ranking.best_to_loosen()
    context = _frame(by, mentee, ranking) | {
        "subject": shown.subject_of(by, mentee, shown.mentee_of(ranking)),
        "rows": rows[: len(candidates)],
        "lent": rows[len(candidates) :],
        "page": page,
        "q": name,
        "is_narrowed": any(chosen.values()),
        "rules": shown.rule_choices(ranking),
        "fails": shown.rule_fails(ranking),
        "spoken": shown.language_choices(ranking, chosen["language"]),
        "fields": shown.field_choices(ranking, chosen["field"]),
        "best": shown.best_words(mentee, best) if best else None,
    }
    fragment = request.headers.get("HX-Target") == "candidates"
    return render(request, "desk/match/_candidates.html" if fragment else "desk/match/match.html", context)


@open_to(Policy.CASEWORK)
def compare(request: DeskRequest, mentee_id: UUID) -> HttpResponse:
    """Show up to three mentors beside each other."""
    by, mentee = request.actor, _mentee(request, mentee_id)
    ranking = _ranking(by, mentee, request.GET.getlist("loosen"))
    if ranking is None:
        return _not_waiting(request, mentee)
    wanted = list(dict.fromkeys(request.GET.getlist("with")))
    picked = [column for one in wanted if (column := ranking.column(one)) is not None]
    rows = shown.rows_of(by, mentee, ranking, ranking.candidates(picked[:MOST_COMPARED]))
    context = _frame(by, mentee, ranking) | {"rows": rows, "compared": compared.lines_of(rows)}
    context["left_out"] = len(picked) - len(rows)
    return render(request, "desk/match/compare.html", context)


@open_to(Policy.CASEWORK)
def pair(request: DeskRequest, mentee_id: UUID, mentor_id: UUID) -> HttpResponse:
    """Show two people side by side, and ask why these two."""
    return _pair(request, mentee_id, mentor_id, request.GET.getlist("loosen"), ChoiceForm())


def _pair(
    request: DeskRequest, mentee_id: UUID, mentor_id: UUID, loosened: Collection[str], form: ChoiceForm
) -> HttpResponse:
    by, mentee = request.actor, _mentee(request, mentee_id)
    mentor = _mentor(request, mentee, mentor_id)
    ranking = _ranking(by, mentee, loosened)
    if ranking is None or ranking.candidate(mentor.pk) is None:
        # One of them may object to being ranked: the two are judged by themselves then.
        ranking = ranking_of_two(by, mentee, mentor, loosened) or ranking
    if ranking is None:
        return _not_waiting(request, mentee)
    candidate = ranking.candidate(mentor.pk)
    context = _frame(by, mentee, ranking) | {"mentor": mentor, "form": form, "version": ranking.bank.version}
    if candidate is None:
        return render(request, "desk/match/gone.html", context)
    row = shown.rows_of(by, mentee, ranking, [candidate])[0]
    two = pairs.pair_of(by, ranking, mentee, row, ranking.bank.version.expiry_days)
    between = proposals_between(mentee, mentor)
    draft = next((one for one in between if one.state == ProposalState.DRAFT and one.mentee_id == mentee.pk), None)
    refused = refused_of(between)
    if not form.is_bound:
        kept = {"reason": draft.reason, "again": draft.again} if draft is not None else {}
        context["form"] = (AgainForm if refused else ChoiceForm)(initial=kept)
    all_aside = {*ranking.loosened, *(rule.name for rule in two.broken)}
    context |= {
        "is_lent": mentor.division_id not in by.casework,
        "pair": two,
        "row": row,
        "draft": draft,
        "refused": [shown.no_words(one) for one in refused],
        "bars": drawn(candidate.bars, with_notes=True),
        "reasons": shown.reasons_of(candidate),
        "loosen_url": shown.pair_url(mentee.pk, mentor.pk, all_aside),
        # A lock sets no rule aside: with one of these open she is chosen here.
        "sittings": sittings_for(by, mentee, mentor) if row.can_choose and not ranking.loosened else (),
        "passed_over": passed_over_with(by, ranking.bank, mentee, mentor) if row.can_choose else 0,
    }
    return render(request, "desk/match/pair.html", context)


_DONE: Final[Mapping[bool, str | Promise]] = {
    True: gettext_lazy(
        "Proposed to both. Their letters leave in a minute, with a link to the page where each can answer; what "
        "somebody tells you, take down here."
    ),
    False: gettext_lazy("Kept as a draft. Nobody has been told; send it when you are ready."),
}


@open_to(Policy.CASEWORK)
@require_POST
def propose(request: DeskRequest, mentee_id: UUID, mentor_id: UUID) -> HttpResponse:
    """Propose the two to each other, or keep the choice as a draft; a second press leads to what the first has done."""
    mentee = _mentee(request, mentee_id)
    mentor = _mentor(request, mentee, mentor_id)
    refused = refused_of(proposals_between(mentee, mentor))
    form, seen = (AgainForm if refused else ChoiceForm)(request.POST), SeenForm(request.POST)
    loosened = request.POST.getlist("loosen")
    sends = request.POST.get("act") != "draft"
    if form.is_valid() and seen.is_valid():
        made = attempt(
            request,
            lambda: propose_pair(
                by=request.actor,
                mentee=mentee,
                mentor=mentor,
                reason=form.cleaned_data["reason"],
                again=form.cleaned_data.get("again", ""),
                seen_version=seen.cleaned_data["seen_version"],
                loosened=seen.cleaned_data["loosen"],
                send=sends,
            ),
            form,
        )
        if made is not None:
            undo = "" if sends else reverse("desk:proposal_withdraw", args=[made.pk])
            say(request, str(_DONE[sends]), undo=undo)
            return redirect("desk:proposal", made.pk)
        if (there := open_proposal_of(request.actor, mentee.pk)) is not None and there.mentor_id == mentor.pk:
            say(request, _("These two have been proposed to each other already. This is the proposal."), tone="info")
            return redirect("desk:proposal", there.pk)
    elif form.is_valid():
        form.add_error(None, _("The page was not complete. Look at the two once more, and send again."))
    return _pair(request, mentee_id, mentor_id, loosened, form)
