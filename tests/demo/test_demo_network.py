"""The demo network: that its rows agree with each other, and that the same seed gives the same ones."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np
import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Model, Q
from django.utils.timezone import get_current_timezone
from pytest_django.plugin import DjangoDbBlocker

from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.demo.queries import ParticipantKind, participant_choices, sign_in_choices
from mentornet.demo.services import Summary, load_network
from mentornet.demo.writing import ORDER
from mentornet.divisions.models import Division, Organisation, StaffRole
from mentornet.divisions.models import Role as StaffRoles
from mentornet.divisions.queries import staff_member
from mentornet.followup.models import EarlySign, SurvivalFit
from mentornet.followup.services import look_for_signs
from mentornet.followup.sign_kinds import SignKind
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, ContactPerson, Decision, Enrolment, Interview
from mentornet.intake.queries import mentor_bank, waiting_mentees
from mentornet.matching.bank import bank_of
from mentornet.matching.enums import HOLDING, LoanState, MeetingState, Outcome, ProposalState, Reply, Round
from mentornet.matching.forecast import NEEDED
from mentornet.matching.learned import Hint, answered, busiest, learned_from
from mentornet.matching.loan_queries import parts_of_divisions
from mentornet.matching.models import Loan, MatchingMeeting, Proposal, ShortageMap
from mentornet.matching.past import read_past
from mentornet.matching.ranking import rank_for
from mentornet.matching.services import ask_for_shortages, compute_shortages
from mentornet.matching.shortage_queries import waited_for
from mentornet.messaging.letters import require_complete
from mentornet.messaging.models import Channel, Letter, LetterState
from mentornet.partnerships.enums import RUNNING, ClosingReason, PartnershipState
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.programmes.queries import current_versions
from mentornet.sourcing.enums import SearchState
from mentornet.sourcing.models import Search
from mentornet.sourcing.queries import came_of, led_to
from pairing.history import standing_on

TODAY: Final = date(2026, 11, 21)
AT: Final = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
ACTOR: Final = System("demo", AT)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Summary]:
    """The whole network, once for this module; thrown away at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_network(by=ACTOR, today=TODAY)
        transaction.set_rollback(True)


def digest_of(model: type[Model]) -> str:
    # What ships with the program is written anew each time: what points at it is compared by its name.
    shipped = {"module_id": "module__slug", "chapter_id": "chapter__slug"}
    names = [shipped.get(field.attname, field.attname) for field in model._meta.concrete_fields]
    # A certificate's number is drawn by the machine, not by the seed: nobody may foresee one.
    rows = model._default_manager.order_by("pk").values_list(*names)
    # Nor are the keys of what a meeting makes by its own services, and of the proposals that it sends.
    sent = Proposal.objects.filter(meeting_decision__isnull=False)
    if model is Entry:
        rows = rows.exclude(act="followup.certify").exclude(object_type__startswith="matching.M")
        rows = rows.exclude(at__in=MatchingMeeting.objects.values("created_at"))
    if model is Proposal:
        rows = rows.exclude(pk__in=sent)
    if model is Enrolment:
        rows = rows.exclude(pk__in=sent.values("mentee")).exclude(pk__in=sent.values("mentor"))
    if model is Task:
        rows = rows.exclude(target_id__in=sent)
    if model is Letter:
        rows = rows.exclude(about_id__in=sent)
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def test_sizes_are_those_of_the_real_network(loaded: Summary) -> None:
    assert loaded.is_new
    assert loaded.rows["people.Person"] == 5_000
    assert loaded.rows["partnerships.Partnership"] == 2_000
    assert loaded.rows["divisions.Division"] == 5
    ids = list(Division.objects.values_list("pk", flat=True))
    assert 125 <= waiting_mentees(ids).count() <= 155
    assert 680 <= mentor_bank(ids, TODAY).count() <= 720
    assert 200 <= Partnership.objects.filter(state__in=RUNNING).count() <= 350
    states = Counter(Proposal.objects.values_list("state", flat=True))
    assert sum(states[state] for state in (ProposalState.DRAFT, *HOLDING)) in range(20, 29)
    assert min(states[state] for state in ProposalState) >= 2
    open_states = [ApplicationState.RECEIVED, ApplicationState.BOOKED, ApplicationState.INTERVIEWED]
    assert Application.objects.filter(state__in=open_states).count() == 40


def test_organisation_is_invented_and_programmes_speak_every_language(loaded: Summary) -> None:
    assert loaded.rows["divisions.Organisation"] == 1
    described = Organisation.objects.get()
    assert all(one.endswith("@mentornet.example") for one in (described.email, described.data_protection_email))
    for version in ProgrammeVersion.objects.all():
        assert set(version.eligibility) == {"da", "en", "ar", "fa", "uk"}


def digests_of(**changes: Any) -> dict[str, str]:
    # What a commit would do: the deferred constraints of the rows so far are checked before they go.
    connection.check_constraints()
    arguments: dict[str, Any] = {"by": ACTOR, "today": TODAY, "fresh": True} | changes
    assert load_network(**arguments).is_new
    return {model._meta.label: digest_of(model) for model in ORDER}


def test_the_same_seed_and_day_give_the_same_rows() -> None:
    assert digests_of() == digests_of()


@pytest.mark.parametrize("change", [{"seed": 7}, {"today": TODAY + timedelta(days=1)}], ids=["seed", "day"])
def test_another_seed_or_day_gives_other_rows(change: dict[str, Any]) -> None:
    # The control: the comparison sees a difference where there is one.
    one, other = digests_of(size="pilot"), digests_of(size="pilot", **change)
    assert one["people.Person"] != other["people.Person"]


def test_every_row_points_at_one_that_is_there() -> None:
    connection.check_constraints()


def test_counters_equal_the_rows_that_hold_places() -> None:
    for side in (Role.MENTEE, Role.MENTOR):
        held = Counter(Proposal.objects.filter(state__in=HOLDING).values_list(side.value, flat=True))
        taken = Counter(Partnership.objects.filter(state__in=RUNNING).values_list(side.value, flat=True))
        for pk, promised, active in Enrolment.objects.filter(role=side).values_list("pk", "promised", "active"):
            assert (promised, active) == (held[pk], taken[pk])
    assert not Enrolment.objects.filter(ended_on__isnull=False).filter(Q(promised__gt=0) | Q(active__gt=0)).exists()


def test_every_enrolment_has_its_application_decision_profile_and_coordinator() -> None:
    enrolments = Enrolment.objects.select_related("application__decision", "profile")
    staff = set(StaffRole.objects.filter(until__isnull=True).values_list("user_id", "division_id"))
    for row in enrolments:
        application = row.application
        assert application.state == ApplicationState.APPROVED
        assert application.decision.outcome == ApplicationState.APPROVED
        assert (application.person_id, application.role) == (row.person_id, row.role)
        assert (application.programme_id, application.division_id) == (row.programme_id, row.division_id)
        assert (row.profile.person_id, row.profile.role) == (row.person_id, row.role)
        assert (row.coordinator_id, row.division_id) in staff
        assert application.received_on <= row.created_at.date() + timedelta(days=1)
    assert enrolments.count() == Application.objects.filter(state=ApplicationState.APPROVED).count()


def test_local_programmes_run_only_in_their_division() -> None:
    local = Application.objects.filter(programme__division__isnull=False)
    assert local.exists()
    assert not local.exclude(division=F("programme__division")).exists()


@pytest.mark.parametrize(
    "model",
    [
        User,
        Division,
        StaffRole,
        Programme,
        ProgrammeVersion,
        Person,
        Profile,
        LanguageSkill,
        Application,
        Interview,
        Decision,
        Enrolment,
        Partnership,
        Meeting,
        Note,
        Proposal,
        Letter,
    ],
)
def test_rows_are_as_forms_would_have_them(model: type[Model]) -> None:
    # Every so many rows, spread over all of them; unique values and constraints are the database's own.
    rows = list(model._default_manager.order_by("pk"))
    for row in rows[:: max(1, len(rows) // 120)]:
        row.full_clean(validate_unique=False, validate_constraints=False)


def test_names_can_be_searched() -> None:
    assert [person.pk for person in Person.objects.all() if person.search_text != person.searched()] == []


def test_known_fields_tell_where_they_come_from() -> None:
    sources: Counter[str] = Counter()
    for profile in Profile.objects.all()[:600]:
        assert bool(profile.occupation) == ("occupation" in profile.provenance)
        assert bool(profile.topics) == ("topics" in profile.provenance)
        sources.update(source for source, _ in profile.provenance.values())
    assert min(sources[source] for source in ("self_reported", "heard", "confirmed")) > 300


def test_waits_are_longest_in_vollsmose() -> None:
    waiting = list(waiting_mentees(Division.objects.values_list("pk", flat=True)))
    longest = waiting[0]
    assert longest.division.name == "Vollsmose"
    assert longest.since is not None
    assert (TODAY - longest.since).days == 485
    by_division = Counter(row.division.name for row in waiting)
    assert by_division.most_common(1)[0][0] == "Vollsmose"
    assert min((TODAY - row.since).days for row in waiting if row.since) <= 7


def ranking_of(row: Enrolment):  # type: ignore[no-untyped-def]  # the type is the expression's
    version = row.programme.versions.first()
    assert version is not None
    return rank_for(bank_of(version=version, divisions=[row.division_id], today=TODAY), row.pk)


def test_the_one_who_has_waited_longest_can_be_matched() -> None:
    ranking = ranking_of(waiting_mentees(Division.objects.values_list("pk", flat=True))[0])
    assert ranking.above_floor >= 10
    assert ranking.page(0, 1)[0].score >= 6_500


def test_for_some_nobody_is_allowed_and_for_most_somebody_is() -> None:
    rankings = [ranking_of(row) for row in waiting_mentees(Division.objects.values_list("pk", flat=True))]
    alone = sum(not ranking.standing for ranking in rankings)
    assert 5 <= alone <= len(rankings) // 4
    # The profile that is missing everywhere.
    arabic = Person.objects.filter(languages__code="ar")
    lacking = Enrolment.objects.filter(mentor_rows(), person__in=arabic)
    assert not lacking.exists()
    assert (
        Enrolment.objects.filter(
            role=Role.MENTEE, ended_on=None, profile__requires__contains=";occupation:2262;"
        ).count()
        == 3
    )


def mentor_rows() -> Q:
    return Q(role=Role.MENTOR, ended_on__isnull=True, profile__occupation="2262")


def test_tasks_agree_with_the_states_of_what_they_are_about() -> None:
    def targets(kind: Kind) -> set[object]:
        return set(Task.objects.filter(kind=kind, done_at=None).values_list("target_id", flat=True))

    def keys(rows: object) -> set[object]:
        return set(rows.values_list("pk", flat=True))  # type: ignore[attr-defined]  # any queryset

    received = Application.objects.filter(state__in=[ApplicationState.RECEIVED, ApplicationState.BOOKED])
    assert targets(Kind.INTERVIEW) == keys(received)
    assert targets(Kind.DECIDE) == keys(Application.objects.filter(state=ApplicationState.INTERVIEWED))
    assert targets(Kind.CALL_FOR_ANSWER) == keys(Proposal.objects.filter(state=ProposalState.SENT))
    assert targets(Kind.MEET_FIRST) == keys(Proposal.objects.filter(state=ProposalState.TO_MEET))
    assert targets(Kind.AFTER_MEETING) == keys(Proposal.objects.filter(state=ProposalState.MET))
    not_met = Partnership.objects.filter(state=PartnershipState.MATCHED, first_met_on=None)
    assert targets(Kind.NOT_MET) == keys(not_met)
    promised = Enrolment.objects.filter(role=Role.MENTEE, ended_on=None, active=0)
    assert targets(Kind.PROMISE) == keys(promised)
    ended = [ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN]
    assert targets(Kind.PROPOSAL_ENDED) <= keys(Proposal.objects.filter(state__in=ended))
    assert targets(Kind.PROPOSAL_ENDED)
    overdue = Task.objects.filter(kind=Kind.PROMISE, due_on__lt=TODAY).count()
    assert 5 <= overdue <= 40
    for task in Task.objects.filter(kind=Kind.PROMISE):
        assert task.due_on == Enrolment.objects.get(pk=task.target_id).word_due_on


def test_partnerships_tell_a_plausible_story() -> None:
    for row in Partnership.objects.prefetch_related("meetings").select_related("mentee", "mentor"):
        assert row.mentee.person_id != row.mentor.person_id
        assert row.matched_on is not None
        assert row.matched_on <= TODAY
        assert row.closed_on is None or row.matched_on <= row.closed_on <= TODAY
        assert (row.state == PartnershipState.CLOSED) == (row.closed_on is not None)
        assert row.state != PartnershipState.ACTIVE or row.agreement_on is not None
        days = [meeting.on for meeting in row.meetings.all()]
        assert not days or (min(days) == row.first_met_on and max(days) <= (row.closed_on or TODAY))
    closed = Counter(Partnership.objects.filter(state=PartnershipState.CLOSED).values_list("closing_reason", flat=True))
    on_time = closed[ClosingReason.GOAL] + closed[ClosingReason.AGREED]
    assert 0.33 <= 1 - on_time / sum(closed.values()) <= 0.43


def test_nobody_was_ever_in_more_partnerships_than_she_had_places_for() -> None:
    spans: dict[UUID, list[tuple[date, int]]] = {}
    for mentor, since, until in Partnership.objects.values_list("mentor", "matched_on", "closed_on"):
        spans.setdefault(mentor, []).extend([(since, 1), (until or date.max, -1)])  # type: ignore[list-item]  # all are matched
    capacity = dict(Enrolment.objects.values_list("pk", "capacity"))
    for mentor, steps in spans.items():
        now = most = 0
        for _, step in sorted(steps):
            now += step
            most = max(most, now)
        # Somebody who rests may have set hers to 0 since.
        assert most <= max(1, capacity[mentor])


def test_proposals_have_the_answers_that_their_states_need() -> None:
    for row in Proposal.objects.prefetch_related("answers"):
        replies = {(answer.round, answer.side): answer.reply for answer in row.answers.all()}
        yes = {round_ for (round_, _), reply in replies.items() if reply == Reply.YES}
        if row.state == ProposalState.ACCEPTED:
            assert set(replies.values()) == {Reply.YES}
            assert len(replies) == (4 if row.meets_first else 2)
        elif row.state == ProposalState.DECLINED:
            assert list(replies.values()).count(Reply.NO) == 1
        elif row.state in {ProposalState.TO_MEET, ProposalState.MET}:
            assert row.meets_first
            assert Round.PROPOSAL in yes
        elif row.state == ProposalState.SENT:
            assert len(replies) < 2
        assert row.state not in HOLDING or (row.expires_on is not None and row.expires_on >= TODAY)
        assert set(row.bars) >= {"occupation", "waiting"}
        assert set(row.sentences) == {"en", "da", "ar", "fa", "uk"}
    tomorrow = Proposal.objects.filter(state=ProposalState.SENT, expires_on=TODAY + timedelta(days=1))
    assert tomorrow.exists()


def test_letters_can_be_written_and_some_could_not_be_sent() -> None:
    for row in Letter.objects.all():
        require_complete(row.event, row.values)
        # A text message has no subject.
        assert (row.state == LetterState.SENT) == bool(row.body)
        assert bool(row.subject) == (row.state == LetterState.SENT and row.channel == Channel.EMAIL)
    states = Counter(Letter.objects.values_list("state", flat=True))
    assert states[LetterState.UNREACHABLE] > 10
    assert states[LetterState.QUEUED] > 0


def test_nothing_has_happened_in_the_future() -> None:
    midnight = datetime.combine(TODAY, time(), tzinfo=get_current_timezone())
    for model in (
        Interview,
        Person,
        Profile,
        Application,
        Decision,
        Enrolment,
        Partnership,
        Meeting,
        Note,
        Proposal,
        Letter,
    ):
        assert not model._default_manager.filter(created_at__gte=midnight).exists()
    # The matching meeting is being held at the very moment at which the network is loaded.
    assert not Entry.objects.filter(at__gte=midnight).exclude(at=ACTOR.at).exists()
    assert not Meeting.objects.filter(on__gte=TODAY).exists()


def test_former_mentees_have_become_mentors() -> None:
    both = Person.objects.annotate(roles=Count("profiles")).filter(roles=2)
    assert 20 <= both.count() <= 120


def test_the_first_to_sign_in_as_is_a_coordinator_of_the_longest_waiting_list() -> None:
    choices = sign_in_choices()
    assert choices[0].held == (StaffRoles.COORDINATOR,)
    assert choices[0].works_in == ("Vollsmose",)
    assert {role for choice in choices for role in choice.held} == set(StaffRoles)
    assert all(choice.user.is_active and not choice.user.has_usable_password() for choice in choices)


def test_early_signs_are_those_that_the_program_finds_itself() -> None:
    kinds = Counter(EarlySign.objects.values_list("kind", flat=True))
    assert {SignKind.UNMET, SignKind.PACE} <= set(kinds)
    assert min(kinds[SignKind.UNMET], kinds[SignKind.PACE]) >= 3
    assert 0 < EarlySign.objects.filter(put_aside_until__gt=TODAY).count() < sum(kinds.values()) / 3
    counting = EarlySign.objects.filter(put_aside_until=None)
    tasks = Task.objects.filter(kind=Kind.WARNED, done_at=None)
    assert set(tasks.values_list("target_id", flat=True)) == set(counting.values_list("partnership", flat=True))
    before = list(EarlySign.objects.order_by("pk").values())
    night = look_for_signs(by=ACTOR)
    assert (night.new, night.gone) == (0, 0)
    assert list(EarlySign.objects.order_by("pk").values()) == before


def test_the_history_tells_how_long_pairs_last() -> None:
    fit = SurvivalFit.objects.get()
    assert fit.endings > 500
    assert set(fit.content["dimensions"]) == {"all", "met", "agreed", "programme", "division"}
    by_met = {one["key"]: one["at"]["365"][0] for one in fit.content["dimensions"]["met"]["groups"]}
    # It was made so that a slow beginning counts.
    assert by_met["in_time"] > by_met["later"] + 0.05


def test_the_maps_tell_whom_the_banks_lack_and_of_nobody_alone() -> None:
    maps = list(ShortageMap.objects.all())
    waited = waited_for(list(Division.objects.values_list("pk", flat=True)))
    assert sorted((one.division_id, one.programme_id) for one in maps) == sorted(waited)
    profiles = [one for each in maps for one in each.content["profiles"]]
    assert sum(one["number"] for one in profiles) >= 5
    assert all(one["mentees"] >= 3 for one in profiles)
    # What was told by night comes true when it is computed anew.
    one = next(each for each in maps if each.content["profiles"])
    asked = ask_for_shortages(by=ACTOR, division_id=one.division_id, programme_id=one.programme_id)
    again = compute_shortages(by=ACTOR, map_id=asked.pk, attempt=1, clock=lambda: ACTOR.at)
    assert again is not None
    assert again.content == one.content


def test_the_history_is_long_enough_to_foretell_waits_and_by_another_model_than_the_one_fitted() -> None:
    matches, apart = {}, []
    for version in current_versions(Programme.objects.all()):
        past = read_past(version, TODAY)
        matches[version.programme.name] = len(past.history.matched)
        today = TODAY.toordinal()
        # No queue made it: who came later is often matched before who came earlier.
        first = past.history.first_match[np.argsort(past.history.applied, kind="stable")]
        apart.append(float((np.diff(first[first < today]) < 0).mean()))
        standing = standing_on(past.history, today)
        assert len(standing.waiting) <= waiting_mentees(Division.objects.values_list("pk", flat=True)).count() + 60
    assert sorted(count >= NEEDED for count in matches.values()) == [False, True, True]
    assert min(apart) > 0.1


def test_searches_have_led_to_the_women_they_were_for() -> None:
    closed = Search.objects.filter(state=SearchState.CLOSED)
    assert closed.count() >= 3
    for search in closed.select_related("mentee"):
        came = came_of(search, ACTOR)
        assert [one.is_for_her for one in came] == [True]
        assert came[0].pair is not None
        assert search.mentee is not None
        # Nothing came before what it came of.
        assert search.sent_at is not None
        assert came[0].pair.matched_on is not None
        assert search.sent_at.date() < came[0].found.began_on <= came[0].pair.matched_on
    contact = next(one for one in participant_choices() if one.kind == ParticipantKind.CONTACT)
    assert led_to(ContactPerson.objects.filter(person=contact.person)).paired >= 1


def test_loans_are_used_by_pairs_that_count_for_both_and_once_in_all() -> None:
    used = list(Loan.objects.filter(state__in=[LoanState.USED, LoanState.RETURNED]).select_related("proposal"))
    assert len(used) >= 2
    for loan in used:
        assert loan.proposal is not None
        assert loan.proposal.partnership_id is not None
        assert (loan.proposal.mentee_id, loan.proposal.mentor_id) == (loan.mentee_id, loan.mentor_id)
    assert Loan.objects.filter(state=LoanState.RELEASED).exists()
    lead = StaffRole.objects.filter(role=StaffRoles.NATIONAL_LEAD).select_related("user")[0]
    parts, total = parts_of_divisions(staff_member(lead.user, AT))
    assert total == Partnership.objects.filter(state__in=RUNNING).count()
    lent = sum(one.lent for one in parts.values())
    assert lent == sum(one.borrowed for one in parts.values()) >= 1
    assert sum(one.all for one in parts.values()) == total + lent


def test_one_meeting_goes_on_and_one_has_been_closed_with_its_proposals_sent() -> None:
    assert Counter(MatchingMeeting.objects.values_list("state", flat=True)) == {
        MeetingState.OPEN: 1, MeetingState.CLOSED: 1,
    }  # fmt: skip
    closed = MatchingMeeting.objects.get(state=MeetingState.CLOSED)
    decisions = list(closed.decisions.select_related("proposal"))
    assert Counter(one.outcome for one in decisions) == {Outcome.PROPOSE: 2, Outcome.SEARCH: 1, Outcome.WAIT: 1}
    assert [one.refused for one in decisions] == [""] * 4
    sent = [one.proposal for one in decisions if one.proposal is not None]
    assert [one.state for one in sent] == [ProposalState.SENT] * 2
    assert not MatchingMeeting.objects.get(state=MeetingState.OPEN).decisions.filter(proposal__isnull=False).exists()


def test_the_report_of_what_went_with_a_no_finds_something() -> None:
    lead = StaffRole.objects.filter(role=StaffRoles.NATIONAL_LEAD).select_related("user")[0]
    by = staff_member(lead.user, AT)
    busy = busiest(by)
    assert busy is not None
    lines = {one.criterion: one for one in learned_from(answered(by, busy)).lines}
    # What came to nothing was chosen among fewer, so the fields are further apart.
    assert lines["occupation"].hint == Hint.MORE
