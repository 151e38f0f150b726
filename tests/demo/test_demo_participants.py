"""The demo network's participants' side: what they agreed to, learned, plan and do together, and who waits for what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

import pytest
from django.db import models, transaction
from django.db.models import F
from django.utils.timezone import get_current_timezone, localdate
from pytest_django.plugin import DjangoDbBlocker

from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.demo.queries import ParticipantKind, participant_choices, sign_in_choices
from mentornet.demo.services import Summary, load_network
from mentornet.demo.writing import ORDER
from mentornet.divisions.models import Division, StaffRole
from mentornet.divisions.models import Role as StaffRoles
from mentornet.divisions.queries import staff_member
from mentornet.followup.enums import ConcernState
from mentornet.followup.models import Concern
from mentornet.intake.enums import NEEDED_CONSENTS, ApplicationState, Applying, ContactPersonState
from mentornet.intake.models import (
    Application,
    ApplicationDraft,
    Consent,
    ConsentText,
    ContactPerson,
    Earlier,
    Enrolment,
    IntakeLimit,
    IntakeWindow,
    Interview,
    InterviewOffer,
    InterviewSlot,
    ProfileConfirmation,
    Reference,
    Referral,
    Wish,
)
from mentornet.learning.models import Attendance, Module, ModuleProgress, ReadReceipt
from mentornet.learning.queries import modules_left
from mentornet.matching.enums import LoanState, ProposalState
from mentornet.matching.loan_queries import parts_of_divisions
from mentornet.matching.models import Loan, MeetingOption, Proposal, ProposalQuestion
from mentornet.messaging.models import Channel, Letter, LetterState
from mentornet.partnerships.enums import RUNNING, PartnershipState
from mentornet.partnerships.models import (
    Account,
    Agreement,
    AgreementSignature,
    Goal,
    GoalStep,
    Introduction,
    Meeting,
    OwnNote,
    Partnership,
    PlannedMeeting,
)
from mentornet.partnerships.wording import text_hash
from mentornet.people.enums import ContactWay, Role
from mentornet.people.models import Person
from mentornet.sourcing.briefs import FEWEST
from mentornet.sourcing.enums import ClosedBecause, SearchState
from mentornet.sourcing.models import Found
from mentornet.sourcing.queries import led_to

TODAY: Final = date(2026, 11, 21)
ACTOR: Final = System("demo", datetime(2026, 11, 21, 7, 30, tzinfo=UTC))
MIDNIGHT: Final = datetime.combine(TODAY, time(), tzinfo=get_current_timezone())
NEW_ROWS: Final = 25_000
"""So many at most, that the network still loads in moments."""
NEW: Final = (
    Consent, ConsentText, ContactPerson, Referral, ApplicationDraft, IntakeWindow, InterviewSlot, InterviewOffer,
    Reference, ProfileConfirmation, Attendance, ModuleProgress, ReadReceipt, Agreement, AgreementSignature, Account,
    PlannedMeeting, Goal, GoalStep, Introduction, ProposalQuestion, MeetingOption, Wish, Concern, Earlier, IntakeLimit,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Summary]:
    """The whole network, once for this module; thrown away at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_network(by=ACTOR, today=TODAY)
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", NEW)
def test_rows_are_there_and_as_forms_would_have_them(model: type[models.Model]) -> None:
    rows = list(model._default_manager.order_by("pk"))
    assert rows
    assert model in ORDER
    for row in rows[:: max(1, len(rows) // 60)]:
        row.full_clean(validate_unique=False, validate_constraints=False)


def test_rows_are_bounded_and_nobody_has_notes_of_her_own() -> None:
    assert sum(model._default_manager.count() for model in NEW) <= NEW_ROWS
    assert not OwnNote.objects.exists()


@pytest.mark.parametrize("model", [model for model in NEW if hasattr(model, "created_at")])
def test_nothing_of_it_was_made_in_the_future(model: type[models.Model]) -> None:
    assert not model._default_manager.filter(created_at__gte=MIDNIGHT).exists()


# Coming in ------------------------------------------------------------------------------------------------------------


def test_who_applied_lately_or_takes_part_has_agreed_in_her_language() -> None:
    standing: dict[object, set[str]] = defaultdict(set)
    for consent in Consent.objects.select_related("text", "person"):
        standing[consent.person_id].add(consent.purpose)
        assert consent.text.language == consent.person.language
        assert bool(consent.heard_by) == (consent.how == "heard")
    lately = Application.objects.filter(received_on__gte=TODAY - timedelta(days=365))
    current = Application.objects.filter(enrolment__isnull=False, enrolment__ended_on__isnull=True)
    for person_id in {*lately.values_list("person", flat=True), *current.values_list("person", flat=True)}:
        assert standing[person_id] >= set(NEEDED_CONSENTS[Applying.MENTEE])


def test_letters_are_read_in_five_languages_and_sent_as_each_wants_them() -> None:
    languages = Counter(Person.objects.values_list("language", flat=True))
    assert set(languages) == {"da", "en", "ar", "fa", "uk"}
    assert min(languages.values()) > 40
    ways = Counter(Person.objects.values_list("contact_way", flat=True))
    assert min(ways[way] for way in ContactWay) > 5
    calls = {f"person:{pk}" for pk in Person.objects.filter(contact_way=ContactWay.CALL).values_list("pk", flat=True)}
    letters = Letter.objects.filter(recipient__in=calls)
    assert letters.exists()
    assert not letters.filter(state=LetterState.SENT).exists()
    assert Letter.objects.filter(state=LetterState.SENT, channel=Channel.TEXT).exists()


def test_one_intake_is_closed_and_who_wrote_since_is_pre_registered() -> None:
    window = IntakeWindow.objects.get()
    assert not window.is_open
    assert set(window.reason) == {"da", "en", "ar", "fa", "uk"}
    here = Application.objects.filter(division=window.division, programme=window.programme, role=window.role)
    since = here.filter(received_on__gte=window.since, state__in=["received", "booked", "interviewed"])
    assert not since.exists()
    waiting = Application.objects.filter(state=ApplicationState.PRE_REGISTERED)
    assert waiting.count() == 6
    assert set(waiting) == set(here.filter(received_on__gte=window.since, state=ApplicationState.PRE_REGISTERED))
    told = set(Letter.objects.filter(event="application_pre_registered").values_list("about_id", flat=True))
    assert told == set(waiting.values_list("pk", flat=True))


def test_contact_persons_have_links_through_which_people_came() -> None:
    counts = Counter(ContactPerson.objects.values_list("division__name", flat=True))
    assert dict(counts) == dict.fromkeys(Division.objects.values_list("name", flat=True), 8)
    asked = ContactPerson.objects.filter(state=ContactPersonState.ASKED)
    tasks = Task.objects.filter(kind=Kind.CONTACT_PERSON, done_at=None).values_list("target_id", flat=True)
    assert set(tasks) == set(asked.values_list("pk", flat=True))
    came = Application.objects.filter(referred_by__isnull=False).select_related("referred_by")
    assert 5 <= came.count() <= 20
    for row in came:
        assert row.referred_by is not None
        assert row.referred_by.since < row.received_on
        assert row.referred_by.person_id != row.person_id


def test_free_times_are_ahead_and_no_two_overlap() -> None:
    spans: dict[object, list[tuple[datetime, datetime]]] = defaultdict(list)
    staff = set(StaffRole.objects.filter(until__isnull=True).values_list("user_id", "division_id"))
    for slot in InterviewSlot.objects.all():
        spans[slot.interviewer_id].append((slot.starts_at, slot.ends_at))
        assert TODAY <= localdate(slot.starts_at) <= TODAY + timedelta(days=14)
        assert slot.application_id is not None or (slot.interviewer_id, slot.division_id) in staff
    for found in spans.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(found)))
    taken = InterviewSlot.objects.filter(application__isnull=False).select_related("application")
    assert taken.count() >= 8
    for slot in taken:
        assert slot.application is not None
        assert slot.application.state == ApplicationState.BOOKED
        assert Interview.objects.get(application=slot.application).at == slot.starts_at
    refused = InterviewOffer.objects.get(refused_at__isnull=False)
    assert Task.objects.get(target_id=refused.application_id, done_at=None).words["why"] == "no_time"


def test_profiles_were_read_and_corrected() -> None:
    rows = ProfileConfirmation.objects.all()
    assert rows.filter(confirmed_at=None).count() >= 5
    assert any(row.corrected for row in rows)
    waiting = [row.application_id for row in rows if row.corrected and row.seen_at is None]
    tasks = Task.objects.filter(kind=Kind.CORRECTED, done_at=None).values_list("target_id", flat=True)
    assert set(tasks) == set(waiting)


# Training -------------------------------------------------------------------------------------------------------------


def test_a_mentor_is_briefed_exactly_when_her_training_is_done() -> None:
    asked = set(Module.objects.filter(role=Role.MENTOR).values_list("pk", flat=True))
    assert len(asked) == 4
    done: dict[object, set[object]] = defaultdict(set)
    for person, module in Attendance.objects.filter(module__role=Role.MENTOR).values_list("person", "module"):
        done[person].add(module)
    here = Enrolment.objects.filter(role=Role.MENTOR, ended_on__isnull=True)
    briefed = set(here.filter(briefed_on__isnull=False).values_list("person", flat=True))
    open_ones = set(here.filter(briefed_on__isnull=True).values_list("person", flat=True)) - briefed
    assert all(done[person] == asked for person in briefed)
    assert all(done[person] < asked for person in open_ones)
    assert {bool(done[person]) for person in open_ones} == {True, False}
    for row in here.filter(briefed_on__isnull=False)[:40]:
        assert not modules_left(row.person_id, row.role, row.programme_id).exists()
        assert row.briefed_on is not None
        assert row.briefed_on <= max(Attendance.objects.filter(person=row.person_id).values_list("on", flat=True))


# In partnerships ------------------------------------------------------------------------------------------------------


def test_an_agreement_is_in_force_from_the_day_on_which_the_second_has_signed() -> None:
    versions = Counter(Agreement.objects.values_list("number", flat=True))
    assert versions[1] > 150
    assert versions[2] >= 5
    halves = 0
    for pair in Partnership.objects.filter(agreements__isnull=False).distinct().prefetch_related("agreements"):
        days = []
        for agreement in sorted(pair.agreements.all(), key=lambda row: row.number):
            signatures = list(agreement.signatures.all())
            for one in signatures:
                assert one.text_hash == text_hash(agreement.texts[one.language])
                assert localdate(agreement.created_at) <= one.signed_on < TODAY
            if len(signatures) == 2:
                days.append(max(one.signed_on for one in signatures))
            else:
                halves += 1
        assert pair.agreement_on == (days[-1] if days else None)
        assert sum(row.superseded_at is None for row in pair.agreements.all()) == 1
    assert halves >= 4


def test_running_pairs_meet_plan_aim_and_open_doors() -> None:
    running = Partnership.objects.filter(state__in=RUNNING)
    told = Meeting.objects.filter(partnership__in=running, accounts__isnull=False).distinct()
    assert told.count() > 300
    assert all(row.way and row.topics for row in told)
    for account in Account.objects.select_related("meeting__partnership__mentee", "meeting__partnership__mentor"):
        pair = account.meeting.partnership
        own = pair.mentee if account.side == Role.MENTEE else pair.mentor
        if account.meeting.told_by == f"person:{own.person_id}":
            assert account.minutes == account.meeting.minutes
    coming = PlannedMeeting.objects.filter(at__gt=MIDNIGHT + timedelta(days=1))
    assert coming.count() > 80
    assert not PlannedMeeting.objects.filter(partnership__state=PartnershipState.PAUSED).exists()
    for goal in Goal.objects.filter(reached_on__isnull=False):
        assert not goal.steps.filter(done_on__isnull=True).exists()
    assert 30 <= Introduction.objects.values("partnership").distinct().count() <= running.count() // 2
    assert not Introduction.objects.filter(on__gte=TODAY).exists()
    assert (
        Task.objects.filter(kind=Kind.PAUSED, done_at=None).count()
        == running.filter(state=PartnershipState.PAUSED).count()
    )
    assert running.exclude(mentor_shares="").count() > 100


# What is open ---------------------------------------------------------------------------------------------------------


def test_questions_wishes_and_quiet_words_wait_for_somebody() -> None:
    questions = ProposalQuestion.objects.select_related("proposal")
    assert {row.side for row in questions} == {Role.MENTEE, Role.MENTOR}
    asked = Task.objects.filter(kind=Kind.QUESTION, done_at=None).values_list("target_id", flat=True)
    assert set(asked) == {row.proposal_id for row in questions}
    assert all(row.proposal.state == ProposalState.SENT for row in questions)
    wishes = Task.objects.filter(kind=Kind.WISH, done_at=None).values_list("target_id", flat=True)
    assert set(wishes) == set(Wish.objects.values_list("pk", flat=True))
    assert sorted(Concern.objects.values_list("state", flat=True)) == [
        ConcernState.RAISED, ConcernState.RAISED, ConcernState.TAKEN
    ]  # fmt: skip
    first = sign_in_choices()[0].user
    assert Concern.objects.filter(coordinator=first, state=ConcernState.RAISED).count() == 1
    # Nothing else tells of a concern.
    told = set(Concern.objects.values_list("pk", flat=True))
    assert not Task.objects.filter(target_id__in=told).exists()
    assert not Letter.objects.filter(about_id__in=told).exists()


def test_two_who_are_to_meet_have_chosen_or_are_choosing() -> None:
    to_meet = Proposal.objects.filter(state=ProposalState.TO_MEET).prefetch_related("options__place")
    assert {row.meeting_on is None for row in to_meet} == {True, False}
    for proposal in to_meet:
        common = [option for option in proposal.options.all() if option.suits_mentee and option.suits_mentor]
        starts = next((option.starts_at for option in common if option.starts_at), None)
        place = next((option.place for option in common if option.place), None)
        if proposal.meeting_on is None:
            assert starts is None
        else:
            assert starts is not None
            assert place is not None
            assert (localdate(starts), place.words) == (proposal.meeting_on, proposal.meeting_place)


def test_each_participant_to_sign_in_as_has_something_to_see() -> None:
    chosen = {choice.kind: choice.person for choice in participant_choices()}
    assert set(chosen) == set(ParticipantKind)
    assert len({person.pk for person in chosen.values()}) == len(ParticipantKind)
    assert chosen[ParticipantKind.ASKED].language in {"ar", "fa", "uk"}
    pair = Partnership.objects.get(
        mentee__person=chosen[ParticipantKind.MENTEE],
        mentor__person=chosen[ParticipantKind.MENTOR],
        state=PartnershipState.ACTIVE,
    )
    assert GoalStep.objects.filter(goal__partnership=pair, done_on__isnull=False).exists()
    assert PlannedMeeting.objects.filter(partnership=pair, at__gt=MIDNIGHT).exists()
    assert Agreement.objects.filter(partnership=pair).exclude(language_mentee="da").exists()
    assert Enrolment.objects.filter(person=chosen[ParticipantKind.TRAINING], briefed_on__isnull=True).exists()
    assert Attendance.objects.filter(person=chosen[ParticipantKind.TRAINING]).exists()
    contact = chosen[ParticipantKind.CONTACT]
    assert Referral.objects.filter(person=contact).exists()
    assert not Application.objects.filter(person=contact).exists()
    # She reads what her help has led to.
    told = led_to(ContactPerson.objects.filter(person=contact))
    assert min(told.asked, told.answered, told.written, told.mentors, told.paired) >= 1


def test_former_searches_have_led_to_matches() -> None:
    found = Found.objects.select_related("asking__search", "asking__contact__person", "application")
    assert found.count() >= 3
    for one in found:
        search, application = one.asking.search, one.application
        assert application is not None
        assert one.asking.contact is not None
        assert search.sent_at is not None
        assert (search.state, search.closed_because) == (SearchState.CLOSED, ClosedBecause.MATCHED)
        assert search.fits >= FEWEST
        assert application.referred_by is not None
        assert application.referred_by.person_id == one.asking.contact.person_id
        assert search.sent_at.date() < application.received_on
        pair = Partnership.objects.get(mentee=search.mentee, mentor__application=application)
        assert pair.matched_on == search.closed_on


def test_lent_mentors_are_in_pairs_that_count_for_both_and_once() -> None:
    lead = StaffRole.objects.filter(role=StaffRoles.NATIONAL_LEAD).select_related("user").order_by("pk").first()
    assert lead is not None
    by = staff_member(lead.user, ACTOR.at)
    apart = Partnership.objects.exclude(mentee__division=F("mentor__division"))
    assert apart.count() >= 3
    loans = Loan.objects.filter(state__in=[LoanState.USED, LoanState.RETURNED]).select_related("proposal")
    assert {one.proposal.partnership_id for one in loans if one.proposal} == set(apart.values_list("pk", flat=True))
    for one in loans:
        assert one.proposal is not None
        assert one.proposal.sent_at is not None
        assert one.answered_at is not None
        assert one.created_at < one.answered_at < one.proposal.sent_at
        assert (one.ended_at is None) == (one.state == LoanState.USED)
    parts, total = parts_of_divisions(by)
    borrowed = sum(each.borrowed for each in parts.values())
    assert borrowed == sum(each.lent for each in parts.values()) == apart.filter(state__in=RUNNING).count() >= 1
    assert sum(each.own for each in parts.values()) + borrowed == total
