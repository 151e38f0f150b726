"""Every act that is written into the audit has its words in the timelines, or a reason for having none."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from django.urls import reverse

from factories.django_rows import make_application, make_enrolment, make_staff
from mentornet.audit.models import Entry
from mentornet.audit.services import record
from mentornet.divisions.models import Division, Role
from mentornet.intake.services.apart import keep_apart, let_meet
from mentornet.web.desk.people import history
from mentornet.web.desk.proposals import by_themselves
from mentornet.web.desk.proposals import history as proposals
from signing import SignIn
from sources import ROOT

SERVICES: Final = sorted(
    path
    for path in (ROOT / "src/mentornet").rglob("*.py")
    if not {"web", "migrations", "demo", "config"} & set(path.relative_to(ROOT / "src/mentornet").parts[:-1])
)
WRITES: Final = frozenset({"record", "record_read", "entry_of"})

# Told from a row of its own, so that it is told also of what came with a spreadsheet.
FROM_ROWS: Final[Mapping[str, str]] = {
    "intake.receive": "of_applications",
    "intake.record_interview": "of_applications",
    "intake.decide": "of_applications",
    "intake.brief": "of_enrolments",
    "partnerships.open": "matched on",
    "partnerships.meet": "meetings",
    "partnerships.sign": "agreement on",
    "partnerships.note": "notes",
    "partnerships.close": "closed on",
    "partnerships.fill_in_ending": "what stands in the ending itself",
    "matching.choose": "created at",
    "matching.send": "sent at",
    "matching.answer": "answers",
    "matching.accept": "ended at",
    "matching.withdraw": "ended at",
    "matching.expire": "ended at",
    "matching.record_met": "met on",
    "matching.plan_meeting": "the proposal's own page asks for it by name",
}
# On no timeline: about neither a person of a case, nor a pair, nor a proposal.
NOWHERE: Final[Mapping[str, str]] = {
    "learning.rewrite": "of a chapter of the handbook",
    "people.keep_apart": "of the note itself; intake tells it of both people",
    "people.let_meet": "of the note itself; intake tells it of both people",
    "people.link_user": "of how she signs in",
    "imports.start": "of the import, which has a page",
    "imports.replace_files": "of the import, which has a page",
    "imports.write": "of the import, which has a page",
    "imports.undo": "of the import, which has a page",
    "imports.discard": "of the import, which has a page",
    "imports.forget": "of the import, which has a page",
    "imports.download_faults": "of the import, which has a page",
    "partnerships.write_own_note": "hers alone: nobody is told that it is there",
    "partnerships.confirm_meeting": "of a meeting, which says itself that both have told of it",
    "partnerships.change_goal": "of a goal, which stands on the pair's page as it is now",
    "partnerships.mark_goal": "of a goal, which stands on the pair's page as it is now",
    "partnerships.change_introduction": "of an opened door, which stands on the pair's page as it is now",
    "partnerships.write_step": "of a goal's small steps, which stand with the goal",
    "partnerships.mark_step": "of a goal's small steps, which stand with the goal",
    "partnerships.take_step_away": "of a goal's small steps, which stand with the goal",
    "partnerships.make_feed": "of her own calendar",
    "partnerships.stop_feed": "of her own calendar",
    "agenda.": "of what is to be done: whoever has it sees it on Today",
    "matching.ask_loan": "of a loan, which has a page; whoever lends is not told for whom",
    "matching.decline_loan": "of a loan, which has a page; whoever asks is not told of whom",
    "matching.follow_loan": "of a loan, which has a page",
    "matching.look_beyond": "of other divisions' mentors, of whom nobody was seen; she reads it herself",
    "matching.release_loan": "of a loan, which has a page",
    "matching.take_loan_back": "of a loan, which has a page",
    "matching.use_loan": "of a loan, which has a page; the proposal has its own words",
    "intake.leave_limit": "of a division's intake",
    "intake.limit_reached": "of a division's intake",
    "intake.set_limit": "of a division's intake",
    "intake.undo_limit": "of a division's intake",
    "matching.ask_for_forecast": "of numbers, about nobody",
    "matching.foretell": "of numbers, about nobody",
    "matching.ask_for_five_more": "of numbers, about nobody",
    "matching.play_five_more": "of numbers, about nobody",
    "matching.ask_for_shortages": "of a shortage map, about nobody",
    "matching.compute_shortages": "of a shortage map, about nobody",
    "matching.close_meeting": "of a matching meeting, whose minutes tell of it",
    "matching.decide_in_meeting": "of a matching meeting, whose minutes tell of it",
    "matching.first_run": "of a matching meeting, whose minutes tell of it",
    "matching.forbid_pair": "of a matching meeting, whose minutes tell of it",
    "matching.lift_tie": "of a matching meeting, whose minutes tell of it",
    "matching.lock_pair": "of a matching meeting, whose minutes tell of it",
    "matching.make_minutes": "of a matching meeting, whose minutes tell of it",
    "matching.meeting_settings": "of a matching meeting, whose minutes tell of it",
    "matching.open_meeting": "of a matching meeting, whose minutes tell of it",
    "matching.reopen_meeting": "of a matching meeting, whose minutes tell of it",
    "matching.replay_run": "of a matching meeting, whose minutes tell of it",
    "matching.throw_meeting_away": "of a matching meeting that is gone",
    "matching.send_meeting": "of a matching meeting, whose minutes tell of it",
    "matching.take_decision_back": "of a matching meeting, whose minutes tell of it",
    "followup.": "of a quiet word, whose own page tells of it; no timeline knows that it is there",
    "partnerships.take_opening_back": "the partnership is gone; its proposal tells of it",
    "intake.draft_": "of what somebody is still writing: she is nobody yet",
    "intake.contact_person_": "of a contact person, who has a page",
    "intake.open_intake": "of a division's intake",
    "intake.close_intake": "of a division's intake",
    "intake.make_referral": "of her own link",
    "intake.add_slots": "of the interview planner",
    "intake.take_out_slot": "of the interview planner",
    "intake.put_back_slot": "of the interview planner",
    "messaging.": "of a letter, which tells its own state",
    "divisions.": "of staff and divisions",
    "audit.": "of the audit itself",
    "backups.": "of all data at once, on a page of its own",
    "surveys.start": "of a questionnaire, whose versions are its history",
    "surveys.change_due": "of a questionnaire, whose versions are its history",
    "surveys.write_draft": "of a questionnaire, whose versions are its history",
    "surveys.discard_draft": "of a questionnaire, whose versions are its history",
    "surveys.publish": "of a questionnaire, whose versions are its history",
    "surveys.close": "of a questionnaire, whose versions are its history",
    "surveys.ask_by_hand": "of a questionnaire; that both were asked stands on each pair's timeline",
    "surveys.answer": "of an asking: what was answered stands on the pair's page, and nowhere where it is anonymous",
    "programmes.": "of a programme, whose versions are its history",
    "privacy.erase": "of an erasure: nobody is left to tell it of",
    "privacy.report_breach": "of a breach, which has a page",
    "privacy.write_breach": "of a breach, which has a page",
    "privacy.settle_breach": "of a breach, which has a page",
    "privacy.give_breach_back": "of a breach, which has a page",
    "privacy.close_breach": "of a breach, which has a page",
    "privacy.retention": "of a night, which has a page",
    "privacy.set_term": "of how long things are kept, which has a page",
    "privacy.sign_assessment": "of the impact assessment, which has a page",
    "privacy.receive_request": "of a request, which has a page",
    "privacy.extend_request": "of a request, which has a page",
    "privacy.close_request": "of a request, which has a page",
    "privacy.write_disclosure": "of who outside was told something, which has a page",
    "privacy.hold_disclosure_back": "of who outside was told something, which has a page",
    "privacy.let_her_read": "of who outside was told something, which has a page",
    "privacy.write_demand": "of a demand, which is about nobody",
    "privacy.export_audit": "of the audit itself",
    "privacy.read_audit": "of the audit itself",
    "sourcing.": "of a search, or of an expert: each has a page",
    "accounts.": "of how somebody signs in, and of her links",
}


def _texts(node: ast.AST, constants: Mapping[str, str]) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.Name) and one.id in constants:
            yield constants[one.id]


def acts_in(source: str) -> set[str]:
    """Return the acts that a module writes: named in the call itself, by a constant, or by whoever hands one on."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    given = [
        keyword.value for call in calls if _name(call) in WRITES for keyword in call.keywords if keyword.arg == "act"
    ]
    acts = {text for value in given for text in _texts(value, constants)}
    # A function that hands its own parameter on: what its callers give it.
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
        if not any(
            isinstance(value, ast.Name) and value.id in names for value in given if value in set(ast.walk(function))
        ):
            continue
        for call in calls:
            if _name(call) == function.name:
                told = [*call.args, *(keyword.value for keyword in call.keywords)]
                acts |= {text for value in told for text in _texts(value, constants) if _is_act(text)}
    return acts


def _name(call: ast.Call) -> str:
    function = call.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _is_act(text: str) -> bool:
    app, _, act = text.partition(".")
    return bool(act) and (ROOT / "src/mentornet" / app).is_dir() and act.replace("_", "").isalpha()


def every_act() -> set[str]:
    return {act for path in SERVICES for act in acts_in(path.read_text(encoding="utf-8"))}


def without_words(acts: set[str]) -> list[str]:
    """Return the acts that nothing is said of."""
    told = set(history._ACTS) | set(proposals._TAKEN_BACK) | set(by_themselves.ACTS) | set(FROM_ROWS)
    return sorted(act for act in acts - told if not act.startswith(tuple(NOWHERE)))


def test_every_act_has_its_words() -> None:
    acts = every_act()
    assert len(acts) > 60
    assert without_words(acts) == []


def test_no_words_are_left_of_acts_that_are_gone() -> None:
    acts = every_act()
    assert sorted({*history._ACTS, *proposals._TAKEN_BACK, *by_themselves.ACTS, *FROM_ROWS} - acts) == []
    assert sorted(one for one in NOWHERE if not any(act.startswith(one) for act in acts)) == []


def test_every_word_is_shown_somewhere() -> None:
    assert [act for act in history._ACTS if not act.startswith((*history.ABOUT_PEOPLE, *history.ABOUT_PAIRS))] == []


@pytest.mark.parametrize(
    "source",
    [
        'record(by=by, act="people.rename", of=person)',
        'services.record_read(by=by, act="people.rename" if new else "people.change", of=person)',
        '_ACT: Final = "people.rename"\nentry_of(by=by, act=_ACT, of=person)',
        'def tell(by, act):\n    record(by=by, act=act, of=by)\ntell(by, "people.rename")',
        'def tell(by, *, act):\n    record(by=by, act=act, of=by)\ntell(by, act="people.rename")',
    ],
)
def test_act_without_words_is_found(source: str) -> None:
    # The control: however a new act is written, it does not go unseen.
    assert without_words(acts_in(source)) == ["people.rename"]


def test_modules_are_read() -> None:
    assert {Path(path).parent.name for path in SERVICES} >= {"services", "messaging", "people"}


# On the pages -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("imports.take_over", "Came with a spreadsheet"),
        ("imports.update", "Brought up to date from a spreadsheet"),
        ("imports.restore", "As before again: an import was undone"),
    ],
)
def test_person_s_timeline_tells_of_imports(
    division: Division, client: object, sign_in: SignIn, act: str, words: str
) -> None:
    by = make_staff(Role.COORDINATOR, division)
    person = make_enrolment("mentee", division).person
    record(by=by, act=act, of=person, division_id=division.pk)
    page = sign_in(client, by).get(reverse("desk:person", args=[person.pk])).content.decode()  # type: ignore[arg-type]
    assert words in page


@pytest.mark.django_db
def test_both_timelines_tell_that_two_must_not_meet(division: Division, client: object, sign_in: SignIn) -> None:
    by = make_staff(Role.COORDINATOR, division)
    one, other = (make_application("mentee", division), make_application("mentor", division))
    avoidance = keep_apart(by=by, application=one, other=other.person, reason="KANARIE")
    keep_apart(by=by, application=one, other=other.person, reason="KANARIE")
    assert Entry.objects.filter(act="intake.keep_apart").count() == 2
    let_meet(by=by, application=other, avoidance=avoidance)
    desk = sign_in(client, by)  # type: ignore[arg-type]
    for person in (one.person, other.person):
        page = desk.get(reverse("desk:person", args=[person.pk])).content.decode()
        assert page.count("Noted that two must not meet") == 1
        assert page.count("Taken back that two must not meet") == 1
        assert "KANARIE" not in page
