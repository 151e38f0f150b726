"""Matching meetings in the demo network: one in the middle of its work, and one whose proposals have been sent."""

from __future__ import annotations

from collections import Counter
from typing import Final

from mentornet.common.actors import Actor, System
from mentornet.demo.world import Coworker, Office, World
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import waiting_mentees
from mentornet.matching import services
from mentornet.matching.changes import sets_of
from mentornet.matching.enums import Outcome, TieKind
from mentornet.matching.meeting_queries import agenda_of, newest_run
from mentornet.matching.models import MatchingMeeting
from mentornet.matching.outlook import outlooks_for
from mentornet.matching.services.meeting_runs import whole_now

REASON: Final = "De vil det samme, og de kan mødes sidst på ugen."
DISSENT: Final = "En kollega ville hellere vente på en mentor, der bor tættere på."
LONG: Final = "Hun har ventet længe, og begge kan samme aften. De bor en halv time fra hinanden."
SEARCHES: Final = "Ingen i banken kender hendes fag. Vi spørger kontaktpersonerne."
SENT: Final = 2
"""So many proposals have come of the meeting that is over."""
WAITS: Final = "Hun er bortrejst til efter ferien og vil gerne vente så længe."


class Met:
    """Holds meetings where waiting lists are settled: that of the network's first division, and of another one."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("met")

    def hold(self, by: Actor) -> None:
        """Open it, look for the first set, lock a pair that the set did not have, decide about two women."""
        for office in self.world.offices:
            here = [one for one in office.staff if one.works_on(self.world.today) and not one.is_guest]
            waiting = list(waiting_mentees([office.division.pk])) if here else []
            if waiting:
                self._hold(by, office, here[0], waiting)
                return

    def close_one(self) -> None:
        """Hold another one to its end: proposals sent, somebody waits on, somebody is looked for; then minutes.

        Two days ago, in the division where fewest wait of those in which enough do, and not where somebody has waited
        longest of all.
        """
        on = self.world.workday(self.world.ago(2))
        by = System("demo", self.world.at(on, (9, 12)))
        lists = [
            (office, here[0], waiting)
            for office in self.world.offices[1:]
            if (here := [one for one in office.staff if one.works_on(on) and not one.is_guest])
            and len(waiting := list(waiting_mentees([office.division.pk]))) > SENT + 2
        ]
        longest = min((waiting[0].since or self.world.today for _office, _who, waiting in lists), default=None)
        able = [one for one in lists if one[2][0].since != longest] or lists
        if able:
            office, who, waiting = min(able, key=lambda one: (len(one[2]), str(one[0].division.pk)))
            self._settle(by, office, who, waiting)

    def _settle(self, by: Actor, office: Office, who: Coworker, waiting: list[Enrolment]) -> None:
        staff, meeting, agenda = self._opened(by, office, who, waiting)
        run = newest_run(meeting)
        given = sets_of(meeting, run)[0] if run is not None else {}
        paired = [one for one in agenda if one.pk in given][:SENT]
        for number, mentee in enumerate(paired):
            mentor = Enrolment.objects.get(pk=given[mentee.pk].mentor_id)
            services.decide(
                by=staff,
                meeting=meeting,
                mentee=mentee,
                mentor=mentor,
                seen=0,
                outcome=Outcome.PROPOSE,
                reason=(LONG, REASON)[number % 2],
            )
        rest = [one for one in agenda if one not in paired]
        sought = next((one for one in rest if one.pk not in given), rest[0])
        waits = next(one for one in reversed(rest) if one is not sought)
        for mentee, outcome, reason in ((sought, Outcome.SEARCH, SEARCHES), (waits, Outcome.WAIT, WAITS)):
            services.decide(by=staff, meeting=meeting, mentee=mentee, seen=0, outcome=outcome, reason=reason)
        services.send_decided(by=staff, meeting=meeting)
        services.close_meeting(by=staff, meeting=meeting)

    def _opened(
        self, by: Actor, office: Office, who: Coworker, waiting: list[Enrolment]
    ) -> tuple[Staff, MatchingMeeting, list[Enrolment]]:
        """Open a meeting over the longest of a division's lists, and look for its first set."""
        programmes = Counter(one.programme_id for one in waiting)
        most = min(programmes, key=lambda key: (-programmes[key], str(key)))
        programme = next(one.programme for one in waiting if one.programme_id == most)
        staff = staff_member(who.user, by.at)
        meeting = services.open_meeting(by=staff, programme=programme, divisions=[office.division])
        services.prepare_meeting(
            by=System("demo", by.at), meeting_id=meeting.pk, attempt=meeting.attempt, clock=lambda: by.at
        )
        meeting = MatchingMeeting.objects.select_related("version", "programme").get(pk=meeting.pk)
        return staff, meeting, list(agenda_of(staff, meeting))

    def _hold(self, by: Actor, office: Office, who: Coworker, waiting: list[Enrolment]) -> None:
        staff, meeting, agenda = self._opened(by, office, who, waiting)
        self._lock(staff, meeting, agenda)
        run = newest_run(meeting)
        given = sets_of(meeting, run)[0] if run is not None else {}
        paired = [one for one in agenda if one.pk in given]
        if paired:
            mentor = Enrolment.objects.get(pk=given[paired[0].pk].mentor_id)
            services.decide(
                by=staff,
                meeting=meeting,
                mentee=paired[0],
                mentor=mentor,
                seen=0,
                outcome=Outcome.PROPOSE,
                reason=REASON,
                dissent=DISSENT,
            )
        rest = [one for one in agenda if one not in paired[:1]]
        if rest:
            services.decide(by=staff, meeting=meeting, mentee=rest[-1], seen=0, outcome=Outcome.WAIT, reason=WAITS)

    def _lock(self, staff: Staff, meeting: MatchingMeeting, agenda: list[Enrolment]) -> None:
        """Lock the first woman whose best mentor the set has given to another one."""
        run = newest_run(meeting)
        given = sets_of(meeting, run)[0] if run is not None else {}
        bank = whole_now(meeting, staff).bank
        for mentee_id, outlook in outlooks_for(agenda, {meeting.programme_id: bank}).items():
            best, had = outlook.best, given.get(mentee_id)
            if best is None or had is None or had.mentor_id == best.enrolment_id:
                continue
            mentee = next(one for one in agenda if one.pk == mentee_id)
            mentor = Enrolment.objects.get(pk=best.enrolment_id)
            services.tie_pair(by=staff, meeting=meeting, mentee=mentee, mentor=mentor, kind=TieKind.LOCK)
            return
