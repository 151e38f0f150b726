"""The promises of the demo network's waiting list: why some wait, who was taken earlier, and a list that is full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from mentornet.agenda.models import Kind, Task
from mentornet.demo.entry import Case
from mentornet.demo.world import DAY, World
from mentornet.divisions.queries import heads_of
from mentornet.intake.enums import EarlierReason, LimitDoes, LimitStep, WaitReason
from mentornet.intake.limits import waiting_in
from mentornet.intake.models import Earlier, Enrolment, IntakeLimit
from mentornet.intake.waiting import passed_over_by

NOTED: Final = (
    (WaitReason.SEARCH, "Ingen i banken med hendes fag. Kontaktpersonerne er spurgt."),
    (WaitReason.ANSWER, "Vi har spurgt, om hun også vil mødes online. Hun tænker over det."),
    (WaitReason.PAPER, "Vi mangler at se hendes eksamensbevis."),
    (WaitReason.DANISH, "Går til modultest i næste måned og vil vente til efter den."),
    (WaitReason.TIME, "Praktik på fuld tid indtil sommer."),
    (WaitReason.SEARCH, "Vil gerne have en, der selv er skiftet fag."),
    (WaitReason.OTHER, "Flytter måske til en anden by. Vi taler sammen igen i næste uge."),
)
EARLIER: Final = (
    (EarlierReason.DEADLINE, "Hun skal til autorisationsprøve om seks uger og har brug for en, der kender den."),
    (EarlierReason.OURS, "Vi havde lagt hendes samtale forkert, så hun har ventet uden at stå på listen."),
    (EarlierReason.RARE, "En mentor med netop hendes fag er kommet og passer næsten ingen andre."),
    (EarlierReason.AGAIN, "Hendes første mentor flyttede efter to møder."),
)
EACH: Final = 6
"""Of so many who wait, one waits for a reason that somebody has noted."""
FULL_FOR: Final = 2
"""So many days ago a waiting list reached its limit."""


class Promises:
    """Tells it once everything else stands."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("promises")

    def tell_all(self, waiting: Sequence[Case]) -> None:
        """Note why some wait, take some earlier, and let one list be full."""
        listed = sorted(
            (case for case in waiting if not case.enrolment.promised and not case.enrolment.active),
            key=lambda case: (case.joined, str(case.enrolment.pk)),
        )
        self._note(listed)
        self._take_earlier(listed)
        self._limit()

    def _note(self, listed: Sequence[Case]) -> None:
        noted = []
        for number, case in enumerate(listed[2::EACH]):
            enrolment = case.enrolment
            reason, words = NOTED[number % len(NOTED)]
            enrolment.wait_reason, enrolment.wait_words = reason.value, words
            enrolment.wait_noted_on = max(case.joined, self.world.ago(self.world.random.randint(2, 40)))
            noted.append(enrolment)
        Enrolment.objects.bulk_update(noted, ["wait_reason", "wait_words", "wait_noted_on"])

    def _take_earlier(self, listed: Sequence[Case]) -> None:
        """Take somebody of the younger half earlier: one in each office, and one of them is taken back."""
        rows: list[Earlier] = []
        for office in self.world.offices:
            there = [case for case in listed if case.office is office and not case.enrolment.wait_reason]
            for case in there[len(there) // 2 :][:2]:
                if len(rows) < len(EARLIER) * 2 and (row := self._earlier(case, len(rows))) is not None:
                    rows.append(row)
        Earlier.objects.bulk_create(rows)

    def _earlier(self, case: Case, number: int) -> Earlier | None:
        enrolment = case.enrolment
        passed_over = passed_over_by(enrolment, [enrolment.division_id], self.world.today)
        if not passed_over:
            return None
        reason, words = EARLIER[number % len(EARLIER)]
        on = max(case.joined + DAY, self.world.ago(6 + 9 * number))
        at = self.world.at(min(on, self.world.today - DAY))
        is_undone = number % 4 == 1
        return Earlier(
            id=self.world.key(),
            created_at=at,
            enrolment=enrolment,
            division_id=enrolment.division_id,
            reason=reason.value,
            words=words,
            passed_over=passed_over,
            noted_by=case.owner.key,
            author_name=case.owner.user.name,
            over_at=at + timedelta(hours=2) if is_undone else None,
            is_undone=is_undone,
        )

    def _limit(self) -> None:
        """Let the last office's list be full in its first programme, so that its lead is asked; another has room."""
        world, offer = self.world, self.world.offers[0]
        for office in world.offices[:1] if len(world.offices) == 1 else (world.offices[0], world.offices[-1]):
            waiting = waiting_in([office.division.pk], offer.programme.pk, world.today)
            is_full = office is not world.offices[0] and waiting.count > 0
            since = world.ago(FULL_FOR)
            lead = next(iter(heads_of(office.division.pk, world.today)), None)
            limit = IntakeLimit.objects.create(
                id=world.key(),
                created_at=world.at(world.ago(60)),
                division=office.division,
                programme=offer.programme,
                most=waiting.count if is_full else waiting.count + 40,
                does=LimitDoes.SUGGEST,
                step=LimitStep.CLOSE if is_full else "",
                step_on=since if is_full else None,
                changed_by=office.staff[0].key,
            )
            if is_full:
                Task.objects.create(
                    id=world.key(),
                    created_at=world.at(since),
                    kind=Kind.INTAKE,
                    target_id=limit.pk,
                    division_id=office.division.pk,
                    owner_id=lead,
                    due_on=since,
                    words={
                        "division": office.division.name,
                        "programme": offer.programme.name,
                        "why": LimitStep.CLOSE.value,
                    },
                )
