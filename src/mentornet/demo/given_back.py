"""What the two of the demo network have had of it: letters to mentors in every state, certificates, thanks due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from mentornet.demo.pairs import Pair
from mentornet.demo.world import DAY, World
from mentornet.followup.enums import ImpactState
from mentornet.followup.impact_words import written_in
from mentornet.followup.models import Certificate, ImpactLetter, TenureThanks
from mentornet.followup.services import issue_certificate
from mentornet.followup.services.thanks import YEARS
from mentornet.followup.value_queries import THANKED_WITHIN, draft_of, served, years_before
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Meeting
from mentornet.people.enums import Role
from mentornet.people.participants import Participant

WORDS: Final = (
    "You believed in me before I did. Now I call them myself.",
    "Now I know whom to ask, and I dare to do it.",
    "",
)
_S: Final = ImpactState
STATES: Final = (
    *(_S.SENT, _S.ASKED, _S.SENT, _S.APPROVED, _S.SENT, _S.DECLINED, _S.SENT, _S.LAPSED, _S.SENT, _S.WITHDRAWN),
    *(_S.SENT, _S.ASKED, _S.SENT, _S.DRAFT),
)
LETTERS: Final = 28
CERTIFICATES: Final = 12
_ANSWER: Final = timedelta(days=21)


class GivenBack:
    """Tells what the two have had of it, once everything else stands."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("given back")

    def tell_all(self, pairs: Iterable[Pair]) -> None:
        """Write letters, certificates and thanks."""
        known = list(pairs)
        self._write_letters(known)
        self._certify(known)
        self._thank(known)

    def _write_letters(self, pairs: list[Pair]) -> None:
        met = set(Meeting.objects.values_list("partnership_id", flat=True))
        year_ago = years_before(self.world.today, 1)
        due = [
            pair
            for pair in pairs
            if pair.partnership.state == PartnershipState.ACTIVE
            and pair.partnership.pk in met
            and pair.partnership.matched_on is not None
            and pair.partnership.matched_on <= year_ago
        ]
        due.sort(key=lambda pair: pair.partnership.matched_on or year_ago, reverse=True)
        rows = [
            self._letter(pair, STATES[number % len(STATES)], WORDS[number % len(WORDS)])
            for number, pair in enumerate(due[:LETTERS])
        ]
        ImpactLetter.objects.bulk_create(rows)

    def _letter(self, pair: Pair, state: ImpactState, words: str) -> ImpactLetter:
        partnership = pair.partnership
        assert partnership.matched_on is not None
        # The newest wait; what is over was asked some weeks ago.
        since = self.world.ago(5 if state in {_S.ASKED, _S.APPROVED, _S.DRAFT} else 40)
        due = max(years_before(partnership.matched_on, -1), since - 5 * DAY)
        asked = self.world.at(since)
        letter = ImpactLetter(
            id=self.world.key(),
            partnership=partnership,
            occasion="year",
            due_on=due,
            since=years_before(due, 1),
            until=due,
            state=state,
            created_at=asked,
        )
        if state == _S.DRAFT:
            return letter
        letter.asked_at, letter.answer_by = asked, since + _ANSWER
        if state in {_S.DECLINED, _S.LAPSED, _S.WITHDRAWN}:
            letter.ended_at = asked + 2 * DAY
        if state in {_S.APPROVED, _S.SENT}:
            letter.words = words
        if state in {_S.APPROVED, _S.SENT, _S.ASKED}:
            letter.chosen = tuple(fact.value for fact in draft_of(letter).facts.known)
        if state in {_S.APPROVED, _S.SENT, _S.WITHDRAWN}:
            letter.approved_at = asked + DAY
        if state in {_S.SENT, _S.WITHDRAWN}:
            letter.sent_at = asked + 2 * DAY
        if state in {_S.APPROVED, _S.SENT}:
            languages = (partnership.mentee.person.language, partnership.mentor.person.language)
            letter.language_mentee, letter.language_mentor = languages
            draft = draft_of(letter)
            letter.texts = {one: written_in(one, draft) for one in sorted(set(languages))}
        return letter

    def _certify(self, pairs: list[Pair]) -> None:
        today, made = self.world.today, 0
        for pair in reversed(pairs):
            if made >= CERTIFICATES:
                return
            role = Role.MENTOR if made % 2 else Role.MENTEE
            case = pair.mentor if role == Role.MENTOR else pair.mentee
            person = case.enrolment.person
            if person.is_protected or served(person.pk, role, today) is None:
                continue
            by = Participant(person_id=person.pk, name=person.name, at=self.world.at(self.world.ago(3 + made)))
            if served(person.pk, role, by.today) is None:
                continue
            issued = issue_certificate(by=by, person=person, role=role, name=person.name)
            if made % 5 == 0:
                Certificate.objects.filter(pk=issued.certificate.pk).update(withdrawn_at=by.at + DAY)
            made += 1

    def _thank(self, pairs: list[Pair]) -> None:
        first: dict[object, Pair] = {}
        for pair in pairs:
            if pair.partnership.matched_on is not None:
                first.setdefault(pair.mentor.enrolment.person_id, pair)
        today, rows = self.world.today, []
        for pair in first.values():
            began, place = pair.partnership.matched_on, pair.mentor.enrolment
            assert began is not None
            for years in YEARS:
                reached = years_before(began, -years)
                if place.ended_on is None and today - THANKED_WITHIN < reached <= today:
                    at = self.world.at(reached)
                    rows.append(
                        TenureThanks(
                            id=self.world.key(),
                            person_id=place.person_id,
                            division_id=place.division_id,
                            years=years,
                            reached_on=reached,
                            created_at=at,
                        )
                    )
        TenureThanks.objects.bulk_create(rows)
