"""Searches for mentors who are not in the bank: one that goes on, one that has led to a match, and some experts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Final

from mentornet.agenda.models import Kind, Task
from mentornet.demo.world import Office, World
from mentornet.intake.enums import ContactPersonState, Referrer, WayIn
from mentornet.intake.models import Application, ContactPerson, Enrolment, Referral
from mentornet.intake.queries import waiting_mentees
from mentornet.partnerships.models import Partnership
from mentornet.sourcing.briefs import FEWEST, Brief, Waits, is_of_field, widened
from mentornet.sourcing.enums import (
    HELPS,
    AskingState,
    ClosedBecause,
    LegalBasis,
    ProspectState,
    Reply,
    SearchState,
)
from mentornet.sourcing.models import Asking, Found, Prospect, Search
from mentornet.sourcing.queries import waits_of
from mentornet.sourcing.services.experts import KEPT_AFTER, KEPT_UNTOLD, KEPT_WILLING, searched

SENT: Final = 6
DUE_IN: Final = 8
LED_WITHIN: Final = 900
"""Of so many days a former search of each division has led to a match."""
WRITTEN_AFTER: Final = 9
"""So many days after it was sent somebody has written to us."""
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
EXPERTS: Final[tuple[tuple[str, str, str, tuple[str, ...], str, ProspectState], ...]] = (
    ("Kirsten Thorup Lind", "oversygeplejerske", "2221", ("da", "en"), "hele landet", ProspectState.WILLING),
    ("Helle Bach Munk", "civilingeniør i vand og miljø", "2143", ("da",), "i nærheden", ProspectState.TOLD),
    ("Ditte Skov Rahbek", "revisor med eget firma", "2411", ("da", "de"), "i nærheden", ProspectState.NEW),
    ("Anne-Mette Juul Friis", "leder af et køkken", "1412", ("da", "fr"), "i nærheden", ProspectState.TOLD),
    ("Lise Winther Holst", "lektor i kemi", "2310", ("da", "en"), "hele landet", ProspectState.WILLING),
)
SOURCE: Final = "Fagforeningernes åbne liste over oplægsholdere"


class Searching:
    """Looks for mentors, once everybody who waits is known."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("searching")

    def look_for_all(self) -> None:
        """Make experts in every division, and searches where at least three wait."""
        for number, office in enumerate(self.world.offices):
            contacts = list(
                ContactPerson.objects.filter(
                    division=office.division, state=ContactPersonState.CONFIRMED, person__is_protected=False
                ).order_by("asked_on", "pk")
            )
            experts = self._list_experts(office, number)
            waiting = waiting_mentees({office.division.pk}).prefetch_related("person__languages")
            women = [(one, waits_of(one)) for one in waiting]
            if len({known.person_id for _one, known in women}) >= FEWEST:
                self._look(office, women, contacts, experts)
                self._have_led(office, contacts, [known for _one, known in women])

    def _look(
        self,
        office: Office,
        women: list[tuple[Enrolment, Waits]],
        contacts: list[ContactPerson],
        experts: list[Prospect],
    ) -> None:
        """Search for the woman who has waited longest and has said what she aims at."""
        mentee = next((one for one, known in women if known.occupation), women[0][0])
        profile = mentee.profile
        wanted = Brief(profile.occupation, "", tuple(profile.topics or ()), tuple(profile.availability or ()))
        known = [one for _mentee, one in women]
        brief = widened(wanted, known).brief
        willing = [
            one for one in experts if one.state == ProspectState.WILLING and is_of_field(brief, [one.occupation])
        ]
        if not (contacts or willing):
            return
        search = self._search(office, mentee, wanted, known, self.world.ago(SENT))
        replies = (Reply.KNOWS, Reply.NOT_NOW, None)
        for contact, reply in zip(contacts[: len(replies)], replies, strict=False):
            self._asking(search, reply, contact=contact)
        for expert in willing[:1]:
            self._asking(search, None if contacts else Reply.KNOWS, prospect=expert)
        not_now = int(len(contacts) > 1)
        Task.objects.create(
            id=self.world.key(),
            created_at=self.world.at(self.world.ago(2)),
            kind=Kind.SEARCH_ANSWERED,
            target_id=search.pk,
            division_id=office.division.pk,
            owner_id=search.owner_id,
            due_on=self.world.today,
            words={"helping": 1, "not_now": not_now},
        )

    def _have_led(self, office: Office, contacts: list[ContactPerson], known: list[Waits]) -> None:
        """Let former searches stand behind pairs whose mentor has applied while the mentee waited."""
        able = [(contact, link) for contact in contacts if (link := self._link_of(contact)) is not None]
        for pair in self._led_pairs(office):
            application, applied = pair.mentor.application, pair.mentor.application.received_on
            on = applied - timedelta(days=WRITTEN_AFTER)
            there = [one for one, link in able if one.confirmed_on and max(one.confirmed_on, link.since) < on]
            if (
                not there
                or pair.mentee.application.received_on >= on
                or application.person in (contact.person for contact in contacts)
            ):
                continue
            contact = there[0]
            assert pair.matched_on is not None
            search = self._search(office, pair.mentee, self._aim(pair.mentee), known, on, closed_on=pair.matched_on)
            asking = self._asking(search, Reply.KNOWS, contact=contact)
            for other in there[1:2]:
                self._asking(search, Reply.NOT_NOW, contact=other)
            Application.objects.filter(pk=application.pk).update(
                referred_by=dict(able)[contact],
                referrer=Referrer.MEMBER,
                way_in=WayIn.SITE,
                heard_through="en kollega",
                entered_by="",
                language=application.language or application.person.language,
            )
            Found.objects.create(
                id=self.world.key(),
                created_at=self.world.at(applied),
                asking=asking,
                draft_key=self.world.key(),
                application=application,
                began_on=applied,
            )
            return

    def _link_of(self, contact: ContactPerson) -> Referral | None:
        return Referral.objects.filter(person=contact.person).first()

    def _aim(self, mentee: Enrolment) -> Brief:
        return Brief(occupation=mentee.profile.occupation)

    def _led_pairs(self, office: Office) -> Iterator[Partnership]:
        """Yield the pairs of the last years whose two have met, the newest first."""
        pairs = (
            Partnership.objects.filter(
                division=office.division,
                first_met_on__isnull=False,
                matched_on__gte=self.world.ago(LED_WITHIN),
                mentor__application__referred_by__isnull=True,
                mentor__person__is_protected=False,
                mentee__person__is_protected=False,
            )
            .select_related("mentee__application", "mentee__person", "mentor__application__person")
            .order_by("-matched_on", "pk")
        )
        yield from pairs

    def _search(
        self,
        office: Office,
        mentee: Enrolment,
        wanted: Brief,
        known: list[Waits],
        on: date,
        *,
        closed_on: date | None = None,
    ) -> Search:
        world, found = self.world, widened(wanted, known)
        owner = world.coworker(office, max(on, mentee.created_at.date()))
        search = Search(
            id=world.key(),
            created_at=world.at(on),
            division=office.division,
            programme_id=mentee.programme_id,
            mentee=mentee,
            owner=owner.user,
            occupation=found.brief.occupation,
            language=found.brief.language,
            meeting=found.brief.meeting,
            steps=[asdict(step) for step in found.steps],
            fits=found.fits,
            due_on=on + timedelta(days=SENT + DUE_IN),
            state=SearchState.CLOSED if closed_on else SearchState.OPEN,
            sent_at=world.at(on) + timedelta(minutes=20),
            closed_on=closed_on,
            closed_because=ClosedBecause.MATCHED if closed_on else "",
        )
        search.topics, search.times = found.brief.topics, found.brief.times
        search.full_clean(validate_unique=False)
        search.save(force_insert=True)
        return search

    def _asking(
        self,
        search: Search,
        reply: Reply | None,
        *,
        contact: ContactPerson | None = None,
        prospect: Prospect | None = None,
    ) -> Asking:
        assert search.sent_at is not None
        asking = Asking(
            id=self.world.key(),
            created_at=search.sent_at,
            search=search,
            contact=contact,
            prospect=prospect,
            asked_at=search.sent_at,
            answered_at=None if reply is None else search.sent_at + timedelta(days=2),
            reply="" if reply is None else reply.value,
            state=AskingState.ASKED if reply is None else AskingState.ANSWERED,
            code="".join(self.world.random.choices(_SIGNS, k=10)) if reply in HELPS else None,
        )
        asking.full_clean(validate_unique=False)
        asking.save(force_insert=True)
        return asking

    def _list_experts(self, office: Office, number: int) -> list[Prospect]:
        """Bring in some experts; of each name one in the whole country."""
        world, made = self.world, []
        listed = EXPERTS[number % len(EXPERTS) :: 2] if number else EXPERTS[:3]
        for name, words, occupation, languages, regions, state in listed:
            obtained = world.ago(12 if state == ProspectState.NEW else 70)
            kept = {
                ProspectState.NEW: KEPT_UNTOLD,
                ProspectState.TOLD: KEPT_AFTER,
                ProspectState.WILLING: KEPT_WILLING,
            }[state]
            expert = Prospect(
                id=world.key(),
                created_at=world.at(obtained),
                division=office.division,
                state=state,
                name=name,
                email=f"{name.split()[0].lower()}.{number}@example.org",
                field_words=words,
                occupation=occupation,
                regions=regions,
                basis=LegalBasis.PUBLISHED,
                source=SOURCE,
                obtained_on=obtained,
                told_at=None if state == ProspectState.NEW else world.at(obtained + timedelta(days=5)),
                keep_until=obtained + kept,
            )
            expert.languages = languages
            expert.search_text = searched(expert)
            expert.full_clean(validate_unique=False)
            expert.save(force_insert=True)
            made.append(expert)
        return made
