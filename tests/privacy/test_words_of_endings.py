"""Who reads what of an ending: each her own words, on every page, in every letter, in her copy; never the other's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

import pytest
from django.urls import reverse

from entering import sign_in_participant
from factories.django_rows import AT, TODAY
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Afterwards
from mentornet.followup.services import close_partnership, reopen_partnership
from mentornet.messaging.models import Letter
from mentornet.partnerships import services
from mentornet.partnerships.models import Partnership
from mentornet.people.participants import Participant
from mentornet.privacy.services import make_copy
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.endings import fill_in_ending
from partnerships.sides import acting, person_of

pytestmark = pytest.mark.django_db

OTHER: Final[Mapping[str, str]] = {"mentee": "mentor", "mentor": "mentee"}
OFFICE: Final = ("canarynote", "canaryblame", "canaryundone", "canaryoutcome")


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    """A pair with an ending of which every word that somebody can write is another one."""
    pair = make_couple(coordinator, division, programme)
    closure = fill_in_ending(coordinator, pair, "one_sided", "mentor", blame="yes", blame_words="canaryblame")
    for side, reason in (("mentee", "mismatch"), ("mentor", "no_contact")):
        services.say_why(by=acting(pair, side), closure=closure, reason=reason, words=f"canaryown{side}")
        services.note_exit_talk(
            by=coordinator, closure=closure, side=side, talk="held", reason=reason, said=f"canarysaid{side}",
            remark=f"canaryremark{side}",
        )  # fmt: skip
    services.note_outcome(by=coordinator, closure=closure, work="none", words="canaryoutcome")
    close_partnership(by=coordinator, closure=closure, on=TODAY, reason="time", note="canarynote")
    return Partnership.objects.select_related("mentee__person", "mentor__person").get(pk=pair.pk)


def pages(pair: Partnership, side: str) -> str:
    """Return all that her pages show of the pair once it has ended."""
    client = sign_in_participant(person_of(pair, side))
    later = Afterwards.objects.filter(partnership=pair, side=side).earliest("month")
    addresses = [
        *(reverse(f"portal:{name}") for name in ("home", "data", "certificates", "profile", "seen")),
        *(reverse(f"portal:{name}", args=[pair.pk]) for name in ("partnership", "why", "impact_letters", "meetings")),
        reverse("portal:afterwards", args=[later.pk]),
    ]
    found = [client.get(address) for address in addresses]
    assert sum(answer.status_code == 200 for answer in found) >= 7
    return "".join(answer.content.decode() for answer in found)


def copy_of(pair: Partnership, side: str) -> str:
    person = person_of(pair, side)
    by = Participant(person_id=person.pk, name=person.name, at=AT)
    with zipfile.ZipFile(io.BytesIO(make_copy(by=by, person=person, language="en"))) as files:
        return "".join(files.read(name).decode(errors="replace") for name in files.namelist())


@pytest.mark.parametrize("side", OTHER)
def test_each_reads_her_own_words_and_nobody_the_others(side: str, pair: Partnership) -> None:
    other = OTHER[side]
    shown, copied = pages(pair, side), copy_of(pair, side)
    for word in (f"canaryown{other}", f"canarysaid{other}", f"canaryremark{other}"):
        assert word not in shown
        assert word not in copied
    # Hers is hers: what she has written, and what the office has noted of her, as her right is.
    assert f"canaryown{side}" in copied
    assert f"canarysaid{side}" in copied
    assert f"canaryremark{side}" not in shown
    for word in OFFICE:
        assert word not in shown


@pytest.mark.parametrize(("side", "reason"), [("mentee", "no_contact"), ("mentor", "mismatch")])
def test_the_others_reason_reaches_her_nowhere(side: str, reason: str, pair: Partnership) -> None:
    assert f'"{reason}"' not in copy_of(pair, side)
    assert f'value="{reason}" checked' not in pages(pair, side)


def test_no_letter_tells_any_of_it(pair: Partnership, coordinator: Staff) -> None:
    reopen_partnership(by=coordinator, partnership=pair, words="canaryundone")
    # What a template fills in is all that a letter can tell.
    letters = [str(one.values) for one in Letter.objects.all()]
    assert len(letters) >= 4
    assert not [text for text in letters if "canary" in text or "mismatch" in text or "no_contact" in text]
    for side in OTHER:
        assert "canaryundone" not in "".join(
            sign_in_participant(person_of(pair, side)).get(reverse(name, args=args)).content.decode()
            for name, args in (("portal:home", []), ("portal:partnership", [pair.pk]))
        )


def test_nothing_of_it_stands_in_the_record(pair: Partnership, coordinator: Staff) -> None:
    reopen_partnership(by=coordinator, partnership=pair, words="canaryundone")
    details = [str(one.detail) for one in Entry.objects.all()]
    assert details
    assert not [text for text in details if "canary" in text]
