"""What the writers do: the program's own services, one act at a time, and how to tell whether an act stands whole.

An act is whole, or it is not there: :func:`facts` says of each thing that belongs to it whether it is in the database,
and all of them are, or none. What belongs to an act in tables that nobody has thought of shows in the counts of all
tables (:mod:`reliability.killing`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID, uuid4

from django.db.models import Model
from django.db.models.base import ModelState

from factories.django_rows import (
    AT,
    TODAY,
    make_division,
    make_enrolment,
    make_programme,
    make_staff,
    saved,
)
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.services import seal_entries
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import About
from mentornet.followup.models import Concern
from mentornet.followup.services import raise_concern
from mentornet.intake.models import Application, Enrolment
from mentornet.intake.services.applications import receive_application
from mentornet.matching.enums import Channel, DeclineReason, ProposalState, Reply, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.services import answer_for_herself, take_down_answer
from mentornet.messaging.models import Letter
from mentornet.messaging.services import write_by_hand
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Account, Meeting, Partnership
from mentornet.partnerships.services import tell_meeting
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme
from pairing.terms import CRITERIA

Row = TypeVar("Row", bound=Model)

COUPLES: Final = 4
DAYS: Final = 340
"""Days on which a couple may have met: each is told of once."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act. ``token`` is a key drawn for it; ``about`` is the key of what it is about."""

    kind: str
    token: str
    about: str = ""
    day: int = 0


@dataclass
class World:
    """A division at work, and what the writers have used of it."""

    division: Division
    programme: Programme
    staff: Staff
    couples: list[Partnership]
    told: int = 0
    pattern: Proposal | None = None

    @classmethod
    def make(cls) -> World:
        """Make the division, its staff, and the couples who tell of their meetings."""
        division, programme = make_division("Odense"), make_programme("Mentor network")
        staff = make_staff(StaffRoleName.COORDINATOR, division, name="Inger Holm")
        make_staff(StaffRoleName.NATIONAL_LEAD, name="Lise Bro")
        made = cls(division, programme, staff, [])
        made.couples = [made._couple() for _ in range(COUPLES)]
        return made

    def _couple(self) -> Partnership:
        long_ago = TODAY - timedelta(days=DAYS + 10)
        mentee, mentor = (
            make_enrolment(role, self.division, programme=self.programme, enrolment={"active": 1}) for role in Role
        )
        return saved(
            Partnership(
                mentee=mentee,
                mentor=mentor,
                division=self.division,
                state=PartnershipState.ACTIVE,
                matched_on=long_ago,
                first_met_on=long_ago,
                created_at=AT,
            )
        )

    def make_proposal(self) -> Proposal:
        """Make an open proposal that nobody has answered: both places are held."""
        if self.pattern is None:
            self.pattern = self._proposal()
            return self.pattern
        mentee, mentor = (another_like(one) for one in (self.pattern.mentee, self.pattern.mentor))
        return _copied(self.pattern, mentee=mentee, mentor=mentor)

    def _proposal(self) -> Proposal:
        mentee, mentor = (
            make_enrolment(role, self.division, programme=self.programme, enrolment={"promised": 1}) for role in Role
        )
        return saved(
            Proposal(
                mentee=mentee,
                mentor=mentor,
                division=self.division,
                version=self.programme.versions.get(),
                state=ProposalState.SENT,
                reason="Both are nurses.",
                chosen_by=self.staff.key,
                author_name=self.staff.name,
                score=7_000,
                bars={name: [0.1, 0.5, 0.2] for name in (*(one.value for one in CRITERIA), "waiting")},
                sentences={"en": ["Both want the same."], "da": ["Begge vil det samme."]},
                rank=1,
                ranked=1,
                meets_first=False,
                sent_at=AT - timedelta(days=3),
                expires_on=TODAY + timedelta(days=7),
                created_at=AT,
            )
        )

    def plan(self, rng: random.Random, acts: int, unanswered: list[str], half: list[str]) -> list[Act]:
        """Draw what a writer is to do; proposals are taken from the two lists."""
        return [self.draw(rng, rng.choice(KINDS), unanswered, half) for _ in range(acts)]

    def draw(self, rng: random.Random, kind: str, unanswered: list[str], half: list[str]) -> Act:
        """Draw one act of a kind; ``half`` holds the proposals to which the mentee has said yes."""
        token = str(UUID(int=rng.getrandbits(128), version=4))
        if kind == "second yes" and not half:
            kind = "first yes"
        if kind == "second yes":
            return Act(kind, token, half.pop())
        if kind in {"first yes", "no"}:
            return Act(kind, token, unanswered.pop())
        if kind == "meeting":
            self.told += 1
            couple = self.couples[self.told % COUPLES]
            return Act(kind, token, str(couple.pk), 1 + self.told // COUPLES % DAYS)
        return Act(kind, token)


def _copied(row: Row, **changes: object) -> Row:
    """Write a row as another one is, but for some of its columns."""
    another = copy(row)
    another._state = ModelState()
    another.pk = uuid4()
    for name, value in changes.items():
        setattr(another, name, value)
    another.save(force_insert=True)
    return another


def another_like(enrolment: Enrolment) -> Enrolment:
    """Enrol somebody who is like another one in all but her keys."""
    person = _copied(enrolment.person)
    profile = _copied(enrolment.profile, person=person)
    application = _copied(enrolment.application, person=person)
    return _copied(enrolment, person=person, profile=profile, application=application)


def _herself(person: Person) -> Participant:
    return Participant(person_id=person.pk, name=person.name, at=AT)


def _apply(world: World, act: Act) -> None:
    receive_application(
        by=world.staff,
        programme=world.programme,
        division=world.division,
        role=Role.MENTEE,
        person_facts={"first_name": "Amina", "last_name": "Yusuf", "email": f"{act.token}@example.org"},
        profile_facts={"wishes": act.token},
        languages=[("da", "B1"), ("ar", "C2")],
        key=UUID(act.token),
    )


def _applied(_world: World, act: Act) -> Mapping[str, bool]:
    key = act.token
    letters = Letter.objects.filter(about_id=key, event="application_received")
    return {
        "application": Application.objects.filter(pk=key).exists(),
        "person": Person.objects.filter(email=f"{key}@example.org").exists(),
        "profile": Profile.objects.filter(wishes=key).exists(),
        "languages": LanguageSkill.objects.filter(person__email=f"{key}@example.org").count() == 2,
        "task": Task.objects.filter(kind=Kind.INTERVIEW, target_id=key, done_at=None).exists(),
        "letter": letters.exists(),
        "audit": _is_audited("intake.receive", key),
        "audit of the letter": any(_is_audited("messaging.queue_letter", one.pk) for one in letters),
    }


def _say(world: World, act: Act) -> None:
    couple = world.couples[int(act.token[:4], 16) % COUPLES]
    raise_concern(by=_herself(couple.mentee.person), about=About.OTHER, words=act.token, partnership=couple)


def _said(_world: World, act: Act) -> Mapping[str, bool]:
    concerns = list(Concern.objects.filter(words=act.token))
    return {"concern": bool(concerns), "audit": any(_is_audited("followup.raise", one.pk) for one in concerns)}


def _meet(world: World, act: Act) -> None:
    couple = next(one for one in world.couples if str(one.pk) == act.about)
    tell_meeting(
        by=_herself(couple.mentee.person),
        partnership=couple,
        on=TODAY - timedelta(days=act.day),
        minutes=60,
        way="in_person",
        topics=("cv",),
    )


def _met(_world: World, act: Act) -> Mapping[str, bool]:
    on = TODAY - timedelta(days=act.day)
    # All meetings of a couple have the same object in the audit: that each has an entry is what the counts tell.
    return {
        "meeting": Meeting.objects.filter(partnership_id=act.about, on=on).exists(),
        "account": Account.objects.filter(meeting__partnership_id=act.about, meeting__on=on).exists(),
    }


def _proposal(act: Act) -> Proposal:
    return Proposal.objects.select_related("mentee__person", "mentor__person").get(pk=act.about)


def _first_yes(_world: World, act: Act) -> None:
    proposal = _proposal(act)
    answer_for_herself(by=_herself(proposal.mentee.person), proposal=proposal, reply=Reply.YES)


def _first_said(_world: World, act: Act) -> Mapping[str, bool]:
    return {"answer": _has_answered(act, Side.MENTEE, Reply.YES), "audit": _audits("matching.answer", act.about) > 0}


def _second_yes(world: World, act: Act) -> None:
    take_down_answer(by=world.staff, proposal=_proposal(act), side=Side.MENTOR, reply=Reply.YES, channel=Channel.PHONE)


def _begun(_world: World, act: Act) -> Mapping[str, bool]:
    proposal = _proposal(act)
    letters = list(Letter.objects.filter(about_id=proposal.partnership_id, event="partnership_begun"))
    opened = proposal.partnership_id
    return {
        "answer": _has_answered(act, Side.MENTOR, Reply.YES),
        "state": proposal.state == ProposalState.ACCEPTED,
        "partnership": opened is not None and Partnership.objects.filter(pk=opened).exists(),
        "her place": (proposal.mentee.promised, proposal.mentee.active) == (0, 1),
        "the mentor's place": (proposal.mentor.promised, proposal.mentor.active) == (0, 1),
        "task": opened is not None and Task.objects.filter(kind=Kind.NOT_MET, target_id=opened).exists(),
        "letters": len(letters) == 2,
        "audits of the letters": bool(letters) and all(_is_audited("messaging.queue_letter", i.pk) for i in letters),
        "audit of the answer": _audits("matching.answer", act.about) == 2,
        "audit": _is_audited("matching.accept", act.about),
        "audit of the partnership": opened is not None and _is_audited("partnerships.open", opened),
    }


def _no(world: World, act: Act) -> None:
    take_down_answer(
        by=world.staff,
        proposal=_proposal(act),
        side=Side.MENTOR,
        reply=Reply.NO,
        channel=Channel.PHONE,
        decline_reason=DeclineReason.TIME,
        note=act.token,
    )


def _declined(_world: World, act: Act) -> Mapping[str, bool]:
    proposal = _proposal(act)
    return {
        "answer": _has_answered(act, Side.MENTOR, Reply.NO),
        "state": proposal.state == ProposalState.DECLINED,
        "her place": proposal.mentee.promised == 0,
        "the mentor's place": proposal.mentor.promised == 0,
        "task": Task.objects.filter(kind=Kind.PROPOSAL_ENDED, target_id=act.about, done_at=None).exists(),
        "audit of the answer": _audits("matching.answer", act.about) > 0,
    }


def _write(world: World, act: Act) -> None:
    write_by_hand(
        by=world.staff,
        key=UUID(act.token),
        recipient=person_key(world.couples[0].mentee.person_id),
        text="The library is closed on Monday. We meet at the office.",
        division_id=world.division.pk,
        contact={"coordinator": "Inger", "phone": "70 10 10 10"},
    )


def _written(_world: World, act: Act) -> Mapping[str, bool]:
    return {
        "letter": Letter.objects.filter(pk=act.token).exists(),
        "audit": _is_audited("messaging.queue_letter", act.token),
    }


def _seal(_world: World, _act: Act) -> None:
    seal_entries(by=System("seal the audit", AT))


def _sealed(_world: World, _act: Act) -> Mapping[str, bool]:
    # Whether the chain is whole is asked of all of it, at the end.
    return {}


def _has_answered(act: Act, side: Side, reply: Reply) -> bool:
    return ProposalAnswer.objects.filter(proposal_id=act.about, side=side, reply=reply).exists()


def _audits(act: str, key: object) -> int:
    return Entry.objects.filter(act=act, object_id=str(key)).count()


def _is_audited(act: str, key: object) -> bool:
    return _audits(act, key) == 1


_DO: Final[Mapping[str, tuple[Callable[[World, Act], None], Callable[[World, Act], Mapping[str, bool]]]]] = {
    "application": (_apply, _applied),
    "quiet word": (_say, _said),
    "meeting": (_meet, _met),
    "first yes": (_first_yes, _first_said),
    "second yes": (_second_yes, _begun),
    "no": (_no, _declined),
    "letter": (_write, _written),
    "seal": (_seal, _sealed),
}
KINDS: Final = tuple(_DO)


def perform(world: World, act: Act) -> None:
    """Do an act; when this returns, it is in the database for good."""
    _DO[act.kind][0](world, act)


def facts(world: World, act: Act) -> Mapping[str, bool]:
    """Return, of each thing that belongs to an act, whether it is there: none of them was before."""
    return _DO[act.kind][1](world, act)


def faults_of_all(world: World) -> Iterator[str]:
    """Yield, in sentences, what in the whole database does not fit together."""
    for enrolment in world.division.enrolments.all():
        for name, held, counted in (
            ("promised", enrolment.promised, _open_proposals(enrolment.pk)),
            ("active", enrolment.active, _running(enrolment.pk)),
        ):
            if held != counted:
                yield f"enrolment {enrolment.pk}: {name} says {held}, and there are {counted}"
    written = {str(pk) for pk in Letter.objects.values_list("pk", flat=True)}
    audited = set(Entry.objects.filter(act="messaging.queue_letter").values_list("object_id", flat=True))
    yield from (f"letter {one}: queued without its entry in the audit, or the other way" for one in written ^ audited)


def _open_proposals(enrolment: UUID) -> int:
    held = Proposal.objects.filter(state=ProposalState.SENT)
    return held.filter(mentee=enrolment).count() + held.filter(mentor=enrolment).count()


def _running(enrolment: UUID) -> int:
    running = Partnership.objects.exclude(state=PartnershipState.CLOSED)
    return running.filter(mentee=enrolment).count() + running.filter(mentor=enrolment).count()


def at_work(world: World) -> World:
    """Return the same world, with rows read anew: for a writer of its own."""
    couples = [
        Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=one.pk)
        for one in world.couples
    ]
    return replace(world, couples=couples)
