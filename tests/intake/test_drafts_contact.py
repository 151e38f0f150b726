"""A code shows that one address is hers, and no other; and nobody takes the place of who is reached another way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from factories.django_rows import AT, make_person
from intake.test_drafts import BY, complete_draft
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.accounts.queries import open_link
from mentornet.accounts.services.codes import MOST_ASKED, AskedTooOftenError, code_of, write_code
from mentornet.accounts.services.links import make_link, write_link
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.intake.applicants import code_waiting_for
from mentornet.intake.models import Application, ApplicationDraft
from mentornet.intake.recipients import draft_key
from mentornet.intake.services import drafts
from mentornet.intake.services.drafts import answer_step, ask_contact_code, confirm_contact
from mentornet.intake.services.sending import submit_draft
from mentornet.messaging.minting import GoneError
from mentornet.people.enums import ContactWay
from mentornet.people.models import Person

pytestmark = pytest.mark.django_db
OWN = {"contact_way": ContactWay.EMAIL, "email": "somebody@else.example", "phone": "99 99 99 99"}


def test_code_sent_to_one_address_confirms_no_other(division: Division) -> None:
    amina = make_person("Amina", "Noor", email="amina@example.org", phone="")
    draft = complete_draft(division, **OWN)
    # So many that the next one is refused: what was asked for before must not stay good instead.
    asked = [
        ask_contact_code(by=replace(BY, at=AT + timedelta(seconds=number)), draft=draft) for number in range(MOST_ASKED)
    ]
    later = replace(BY, at=AT + timedelta(minutes=1))
    draft = answer_step(by=later, draft=draft, step="contact", columns={"email": amina.email})
    with pytest.raises(AskedTooOftenError):
        ask_contact_code(by=later, draft=draft)
    assert code_waiting_for(draft, later.at) is None
    assert not confirm_contact(by=later, draft=draft, challenge=asked[-1], code=code_of(asked[-1]))
    draft.refresh_from_db()
    assert not draft.is_confirmed


def test_without_the_guard_a_code_to_one_address_confirms_another(
    division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The negative control of the test above: so somebody could have become whoever she likes.
    monkeypatch.setattr(drafts, "drop_codes", lambda **_given: 0)
    draft = complete_draft(division, **OWN)
    asked = ask_contact_code(by=BY, draft=draft)
    draft = answer_step(by=BY, draft=draft, step="contact", columns={"email": "amina@example.org"})
    assert confirm_contact(by=BY, draft=draft, challenge=asked, code=code_of(asked))
    draft.refresh_from_db()
    assert draft.is_confirmed


def test_code_still_in_the_outbox_is_not_sent_to_a_former_address(division: Division) -> None:
    draft = complete_draft(division, **OWN)
    challenge = ask_contact_code(by=BY, draft=draft)
    later = replace(BY, at=AT + timedelta(seconds=5))
    answer_step(by=later, draft=draft, step="contact", columns={"email": "third@example.org"})
    with pytest.raises(GoneError):
        write_code(str(challenge.pk), draft_key(draft.pk), "da", later.at)


def test_link_in_a_strangers_mail_opens_nothing_once_the_address_is_right(division: Division) -> None:
    draft = complete_draft(division, **OWN)
    write_link(f"draft:{draft.pk}", draft_key(draft.pk), "da", AT)
    token = make_link(by=System("tests", AT), purpose=Purpose.DRAFT, subject=str(draft.pk))
    answer_step(by=BY, draft=draft, step="name", columns={"first_name": "Amina"})
    assert open_link(token, AT) is not None
    answer_step(by=BY, draft=draft, step="contact", columns={"email": "right@example.org"})
    assert open_link(token, AT) is None
    assert not PersonalLink.objects.filter(closed_at__isnull=True).exists()


def confirmed(division: Division, **contact: str) -> ApplicationDraft:
    """Return a draft whose writer has shown that she reads what is sent there."""
    draft = complete_draft(division, **contact)
    challenge = ask_contact_code(by=BY, draft=draft)
    assert confirm_contact(by=BY, draft=draft, challenge=challenge, code=code_of(challenge))
    return ApplicationDraft.objects.get(pk=draft.pk)


@pytest.mark.parametrize(
    ("way", "is_she"),
    [("", True), (ContactWay.EMAIL, True), (ContactWay.TEXT, False), (ContactWay.CALL, False)],
)
def test_who_is_reached_in_another_way_is_not_taken_for_the_writer(way: str, is_she: bool, division: Division) -> None:
    # Her mail is read by somebody else, so she wants only a call. He fills in the form in her name.
    amina = make_person("Amina", "Noor", email="amina@example.org", phone="61 23 45 67", contact_way=way)
    draft = confirmed(division, contact_way=ContactWay.EMAIL, email=amina.email, phone="99 99 99 99")
    submit_draft(by=BY, draft=draft)
    assert (Application.objects.get().person == amina) is is_she
    amina.refresh_from_db()
    assert amina.contact_way == (way if not is_she else ContactWay.EMAIL)
    assert Person.objects.count() == (1 if is_she else 2)
