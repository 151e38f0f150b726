"""Rows of a division that need many words to be made; what is told in them comes from whoever asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from factories.django_rows import (
    AT,
    TODAY,
    make_application,
    make_division,
    make_enrolment,
    make_person,
    make_profile,
    make_user,
    saved,
)
from mentornet.accounts.enums import Door
from mentornet.accounts.models import SignInSession, User
from mentornet.common.actors import user_key
from mentornet.divisions.models import Absence, Division
from mentornet.followup.enums import Passed, WithWhom
from mentornet.followup.models import HandedOn, Handover, Talk
from mentornet.imports.models import Batch, File
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import (
    Application,
    Enrolment,
    Interview,
    InterviewSlot,
    ProfileConfirmation,
    Reference,
)
from mentornet.matching.enums import Channel, ProposalState, Reply, Round, Side
from mentornet.matching.models import Loan, Proposal, ProposalAnswer, ProposalQuestion, ShortageMap
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role as Part
from mentornet.people.models import Person
from mentornet.privacy.enums import Ground, RequestKind, RequestWay
from mentornet.privacy.models import Breach, Disclosure, Merge, Request
from mentornet.programmes.models import Programme
from mentornet.surveys.models import Ask, Questionnaire, QuestionnaireVersion
from pairing.terms import CRITERIA


def add_interviews(
    person: Person, division: Division, programme: Programme, user: User, *, days: int = 3
) -> dict[str, UUID | int]:
    """Make what stands around an interview: times, one of them taken, references, a confirmation that was asked for."""
    application = make_application(
        Part.MENTOR, division, person=person, programme=programme, state=ApplicationState.BOOKED
    )
    make_profile(person, Part.MENTOR)
    times = [
        saved(
            InterviewSlot(
                division=division, interviewer=user, starts_at=AT + timedelta(days=days, hours=hour),
                place="The office", created_at=AT, **fields,
            )
        )
        for hour, fields in ((0, {"application": application}), (1, {}), (2, {"withdrawn_at": AT}))
    ]  # fmt: skip
    saved(
        Interview(application=application, at=times[0].starts_at, interviewer=user, place="The office", created_at=AT)
    )
    author = {"author_name": user.name, "created_at": AT}
    asked = ProfileConfirmation(application=application, asked_at=AT, asked_by=user_key(user.pk), **author)
    pages = ("interview", "interview_none", "interview_cancel", "interview_calendar", "confirm", "confirm_fact")
    return {
        "slot_id": times[1].pk,
        "desk:interview_slot_back/slot_id": times[2].pk,
        "reference_id": saved(Reference(application=application, kind="person", **author)).pk,
        "confirmation_id": saved(asked).pk,
        **{f"portal:{name}/application_id": application.pk for name in pages},
    }


def add_sign_in(user: User, tag: str) -> SignInSession:
    return saved(
        SignInSession(user=user, session_key=f"{tag}-in-another-browser", door=Door.PORTAL, seen_at=AT, created_at=AT)
    )


def add_enrolment(
    role: Part, division: Division, programme: Programme, last_name: str, user: User, **places: int
) -> Enrolment:
    name = {Part.MENTEE: "Dalia", Part.MENTOR: "Edith"}[role]
    return make_enrolment(
        role, division, person=make_person(name, last_name), programme=programme,
        enrolment={"coordinator": user, "since": TODAY - timedelta(days=90), **places},
    )  # fmt: skip


def add_interview(application: Application, user: User, word: Callable[[str], str]) -> Interview:
    return saved(
        Interview(
            application=application,
            at=AT - timedelta(days=41),
            held_at=AT - timedelta(days=41),
            place="The library",
            interviewer=user,
            shareable=word("intake.Interview.shareable"),
            coordinator_only=word("intake.Interview.coordinator_only"),
            created_at=AT,
        )
    )


def add_proposal(
    two: list[Enrolment], division: Division, programme: Programme, user: User, word: Callable[[str], str]
) -> Proposal:
    proposal = saved(
        Proposal(
            mentee=two[0],
            mentor=two[1],
            division=division,
            version=programme.versions.get(),
            state=ProposalState.SENT,
            reason=word("matching.Proposal.reason"),
            again=word("matching.Proposal.again"),
            chosen_by=user_key(user.pk),
            author_name=user.name,
            score=7_000,
            bars={name: [0.1, 0.5, 0.2] for name in (*(criterion.value for criterion in CRITERIA), "waiting")},
            sentences={"en": ["Both want the same."], "da": ["Begge vil det samme."]},
            rank=1,
            ranked=1,
            meets_first=False,
            sent_at=AT - timedelta(days=3),
            expires_on=TODAY + timedelta(days=7),
            created_at=AT,
        )
    )
    saved(
        ProposalAnswer(
            proposal=proposal,
            side=Side.MENTOR,
            round=Round.PROPOSAL,
            reply=Reply.YES,
            note=word("matching.ProposalAnswer.note"),
            channel=Channel.PHONE,
            taken_by=user_key(user.pk),
            author_name=user.name,
            created_at=AT,
        )
    )
    saved(
        ProposalQuestion(
            proposal=proposal, side=Side.MENTOR, text=word("matching.ProposalQuestion.text"), created_at=AT
        )
    )
    return proposal


def add_breach(division: Division, user: User) -> Breach:
    return saved(
        Breach(
            found_at=AT,
            due_at=AT + timedelta(hours=72),
            found_by=user.name,
            happened="A letter went to the wrong one.",
            division=division,
            reported_by=user_key(user.pk),
            reporter_name=user.name,
            created_at=AT,
        )
    )


def add_batch(division: Division, programme: Programme, user: User, last_name: str) -> Batch:
    batch = saved(
        Batch(
            division=division,
            programme=programme,
            user=user,
            created_by=user_key(user.pk),
            author_name=user.name,
            created_at=AT,
        )
    )
    saved(
        File(
            batch=batch,
            subject="mentees",
            name=f"{last_name}.csv",
            rows=1,
            content=f"name\n{last_name}\n".encode(),
            created_at=AT,
        )
    )
    return batch


def add_rights(person: Person, division: Division, user: User, word: Callable[[str], str]) -> dict[str, UUID | int]:
    """Make what somebody asks about her data, and somebody outside who was told something that is held back."""
    asked = Request(
        person=person, division=division, kind=RequestKind.ACCESS, way=RequestWay.LETTER,
        words=word("privacy.Request.words"), received_on=TODAY, due_on=TODAY + timedelta(days=30),
        taken_by=user_key(user.pk), created_at=AT,
    )  # fmt: skip
    told = Disclosure(
        person=person, division=division, told_on=TODAY, told_to="A court", told=word("privacy.Disclosure.told"),
        reason="It was asked for.", ground=Ground.LAW, held_back_reason=word("privacy.Disclosure.held_back_reason"),
        review_on=TODAY + timedelta(days=30), written_by=user_key(user.pk), author_name=user.name, created_at=AT,
    )  # fmt: skip
    return {"request_id": saved(asked).pk, "disclosure_id": saved(told).pk}


def add_shortages(division: Division, programme: Programme) -> dict[str, UUID | int]:
    """Add a map of whom a division's bank lacks, with one profile."""
    profile = {
        "occupation": "22", "language": "ar", "online": False, "time": "evenings", "number": 1, "points": 61,
        "mentees": 4, "wanted": 2,
    }  # fmt: skip
    kept = {"waiting": 4, "matched": 2, "left": None, "mentors": 2, "profiles": [profile], "cells": [], "plan": []}
    computed = ShortageMap.objects.create(
        division=division, programme=programme, asked_by="system:x", state="done", created_at=AT, computed_at=AT,
        content=kept,
    )  # fmt: skip
    return {"map_id": computed.pk}


def add_handover(division: Division, user: User, place: Enrolment, word: Callable[[str], str]) -> Handover:
    """Add what somebody of the staff has handed to a colleague."""
    handover = saved(
        Handover(
            former=user,
            receiver=make_user("Took over"),
            division=division,
            count=1,
            note=word("followup.Handover.note"),
            made_by=user_key(user.pk),
            author_name=user.name,
            created_at=AT,
        )
    )
    saved(HandedOn(handover=handover, kind=Passed.PLACE, target_id=place.pk, created_at=AT))
    return handover


def add_merge(person: Person, user: User) -> Merge:
    """Add that somebody stood here twice, and stands here once since yesterday."""
    return saved(
        Merge(
            person=person,
            gone_id=UUID(int=person.pk.int ^ 1),
            reason="I have called her.",
            merged_by=user_key(user.pk),
            author_name=user.name,
            undo_until=TODAY + timedelta(days=29),
            steps=[["set", "people.Person", str(person.pk), {"area": ["", "x"]}]],
            created_at=AT - timedelta(days=1),
        )
    )


def add_loan(lender: Division, two: Sequence[Enrolment], user: User, word: Callable[[str], str]) -> Loan:
    """Add that another division, which has nobody at work, asks for a mentor of this one."""
    name = f"Asks {lender.name}"
    asks = Division.objects.filter(name=name).first() or make_division(name)
    return saved(
        Loan(
            mentee=two[0],
            mentor=two[1],
            division=asks,
            lender=lender,
            seen={"division": "", "field": "2", "languages": [], "times": [], "topics": [], "fit": {"total": 3}},
            reason=word("matching.Loan.reason"),
            asked_by=user_key(user.pk),
            author_name=user.name,
            expires_on=TODAY + timedelta(days=14),
            created_at=AT,
        ),
        exclude=("answered_at", "until_on", "proposal", "ended_at"),
    )


def add_absence(user: User, word: Callable[[str], str], *, after: int = 0) -> Absence:
    """Add that somebody of the staff is away, or is to be after so many days."""
    return saved(
        Absence(
            user=user,
            stand_in=make_user("Stands in"),
            from_on=TODAY + timedelta(days=after),
            until_on=TODAY + timedelta(days=after + 300),
            note=word("divisions.Absence.note"),
            set_by=user_key(user.pk),
            created_at=AT,
        )
    )


def add_asked(partnership: Partnership, programme: Programme, word: Callable[[str], str]) -> dict[str, UUID | int]:
    """Make a questionnaire of a division's own programme, and what the mentor of its pair answered."""
    questionnaire = saved(
        Questionnaire(key=f"own-{programme.pk.hex[:8]}", programme=programme, aim="free", created_at=AT)
    )
    questions = [
        {"key": "going", "kind": "scale", "texts": {"en": "How is it?"}, "low": {"en": "Bad"}, "high": {"en": "Good"}},
        {"key": "why", "kind": "text", "texts": {"en": "Why?"}},
    ]
    version = saved(
        QuestionnaireVersion(
            questionnaire=questionnaire, number=1, title={"en": "A question"}, questions=questions,
            created_by="system:tests", reason="The first.", created_at=AT,
        )
    )  # fmt: skip
    said: Any = ("why",)
    ask = saved(
        Ask(
            questionnaire=questionnaire, version=version, partnership=partnership, side=Part.MENTOR,
            occasion="hand:2026-03-02", due_on=TODAY, asked_at=AT, answered_at=AT, state="begun", said=said,
            answers={"why": word("surveys.Ask.answers")}, created_at=AT,
        )
    )  # fmt: skip
    return {"questionnaire_id": questionnaire.pk, "ask_id": ask.pk}


def add_talk(pair: Partnership, user: User, word: Callable[[str], str]) -> Talk:
    """Make a talk with the mentee of a pair, with what was seen and what somebody thinks of it."""
    return saved(
        Talk(
            partnership=pair,
            on=TODAY - timedelta(days=20),
            with_whom=WithWhom.MENTEE,
            seen=word("followup.Talk.seen"),
            thought=word("followup.Talk.thought"),
            written_by=user_key(user.pk),
            author_name=user.name,
            created_at=AT,
        )
    )
