"""Thanks for the years: a letter by itself, and a call by a coordinator where she wants to."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import System
from mentornet.common.answers import require
from mentornet.divisions.staff import Staff
from mentornet.followup.models import TenureThanks
from mentornet.followup.value_queries import LATE, mentors_since, years_before
from mentornet.followup.value_rules import may_thank
from mentornet.intake.models import Enrolment
from mentornet.messaging.services import LetterTo, queue_letters
from mentornet.people.recipients import person_key

YEARS: Final = (1, 3, 5, 10)
AT_ONCE: Final = 500


def thank_for_years(*, by: System) -> int:
    """Thank whoever has been a mentor for one, three, five or ten years; once for each. Returns how many were.

    Some hundreds at once, each in a transaction of its own: who was thanked before the work was cut short is known.
    """
    thanked = 0
    for years in YEARS:
        last = years_before(by.today, years)
        known = TenureThanks.objects.filter(years=years).values("person")
        places = list(mentors_since(last - LATE, last).exclude(person__in=known))
        for start in range(0, len(places), AT_ONCE):
            thanked += _thank(by, places[start : start + AT_ONCE], years)
    return thanked


@transaction.atomic
def _thank(by: System, places: list[Enrolment], years: int) -> int:
    # She may have two places.
    hers = {place.person_id: place for place in reversed(places)}
    rows = [
        TenureThanks(
            person_id=place.person_id,
            years=years,
            division_id=place.division_id,
            reached_on=years_before(place.began, -years),  # type: ignore[attr-defined]  # asked for with it
            created_at=by.at,
        )
        for place in hers.values()
    ]
    TenureThanks.objects.bulk_create(rows, ignore_conflicts=True)
    # Whom another worker has thanked at this moment is his to write to.
    mine = set(TenureThanks.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    new = [row for row in rows if row.pk in mine]
    queue_letters(
        by=by,
        event="tenure_thanks",
        letters=[LetterTo(person_key(row.person_id), {}, row.pk, row.division_id) for row in new],
    )
    record_all(entry_of(by=by, act="followup.thank_for_years", of=row, division_id=row.division_id) for row in new)
    return len(new)


@transaction.atomic
def note_thanked(*, by: Staff, thanks: TenureThanks) -> TenureThanks:
    """Note that somebody was thanked with a call. Twice is once.

    Raises:
        NotAllowedError: she is not of the actor's divisions.
    """
    require(may_thank(by, thanks))
    changed = TenureThanks.objects.filter(pk=thanks.pk, called_at__isnull=True).update(
        called_at=by.at, called_by=by.key
    )
    if changed:
        record(by=by, act="followup.note_thanked", of=thanks, division_id=thanks.division_id)
    thanks.refresh_from_db()
    return thanks
