"""Experts: a list is taken over as a whole or not at all, and a no holds for ever."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override
from pytest_django.fixtures import Settings

from factories.django_rows import AT, TODAY, make_division, make_person, make_staff, saved
from mentornet.common.actors import System, Visitor
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Organisation
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.queries import UNNAMED
from mentornet.divisions.staff import Staff
from mentornet.messaging.letters import preview
from mentornet.messaging.models import Letter
from mentornet.messaging.recipients import look_up
from mentornet.people.models import ProtectedIdentity
from mentornet.sourcing import services
from mentornet.sourcing.enums import AskingState, LegalBasis, ProspectState
from mentornet.sourcing.known_again import digests, key_now
from mentornet.sourcing.models import Asking, OptOut, OptOutKey, Prospect, ProspectList, Search
from mentornet.sourcing.queries import prospects_found, visible_prospects
from mentornet.sourcing.replies import TO_HERSELF
from mentornet.sourcing.services.experts import forget_protected, who_writes
from mentornet.sourcing.services.lists import Checked
from reference.faults import UnusableFilesError
from reference.sheets import Source
from sourcing.conftest import MakeExpert

LIST = (
    "name;e-mail;telefon;stilling;fag;sprog;sted\n"
    "Karen Holm;karen@example.org;+45 12 34 56 78;oversygeplejerske;2221;da; Fyn\n"
    "Lone Bak;lone@example.org;;ingeniør;2142;;Aarhus\n"
).replace("da; Fyn", "da;Fyn")
Check = Callable[..., Checked]


@pytest.fixture
def check(coordinator: Staff, division: Division) -> Check:
    """Checks a list of the division's."""

    def checked(text: str = LIST, *, by: Staff | None = None, of: Division | None = None, **more: Any) -> Checked:
        given: dict[str, Any] = {
            "basis": LegalBasis.PUBLISHED,
            "source": "an open list of speakers",
            "obtained_on": TODAY,
        } | more
        return services.check_list(
            by=by or coordinator, division=of or division, file=Source("list.csv", text.encode()), **given
        )

    return checked


def program(days: int = 0) -> System:
    return System("forget experts", AT + timedelta(days=days))


def taken_over(check: Check, by: Staff, text: str = LIST, **more: Any) -> int:
    found = check(text, by=by, **more).found
    return 0 if found is None else services.take_over(by=by, found=found)


def test_list_is_looked_at_first_and_then_taken_over(check: Check, coordinator: Staff) -> None:
    found = check().found
    assert found is not None
    assert (found.count, found.left_out, Prospect.objects.count()) == (2, 0, 0)
    assert services.take_over(by=coordinator, found=found) == 2
    karen = Prospect.objects.get(email="karen@example.org")
    assert (karen.name, karen.occupation, karen.languages, karen.regions) == ("Karen Holm", "2221", ("da",), "Fyn")
    assert (karen.state, karen.basis, karen.source) == ("new", "published", "an open list of speakers")
    assert not Letter.objects.exists(), "nobody is written to by taking a list over"
    found.refresh_from_db()
    assert found.rows == []
    with pytest.raises(NotAllowedError, match="taken over"):
        services.take_over(by=coordinator, found=found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name;e-mail\nKaren Holm;karen\n",
        "name;e-mail\nKaren Holm;\n",
        "name\nKaren Holm\n",
        "name;e-mail\nKaren;a@example.org\nLone;A@example.org\n",
        "name;e-mail;fag\nKaren;a@example.org;9999\n",
        "name;e-mail\nKaren;a@example.org;more\n",
        "name;name;e-mail\nKaren;Karen;a@example.org\n",
        "name;e-mail\nKa\x00ren;a@example.org\n",
        "x;y\n1;2\n",
    ],
)
def test_one_fault_and_nothing_is_kept(check: Check, text: str) -> None:
    with pytest.raises(UnusableFilesError) as raised:
        check(text)
    assert raised.value.faults
    assert not ProspectList.objects.exists()
    assert not Prospect.objects.exists()


def test_bomb_is_no_list(coordinator: Staff, division: Division) -> None:
    for content in (b"PK\x03\x04" + b"\x00" * 50, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"x" * (11 * 1024 * 1024)):
        with pytest.raises(UnusableFilesError):
            services.check_list(
                by=coordinator,
                division=division,
                file=Source("list.xlsx", content),
                basis=LegalBasis.AGREED,
                source="somewhere",
                obtained_on=TODAY,
            )


@pytest.mark.parametrize(
    "wrong",
    [{"source": "  "}, {"obtained_on": TODAY + timedelta(days=1)}, {"obtained_on": TODAY - timedelta(days=1_200)}],
)
def test_list_without_an_origin_is_refused(check: Check, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        check(**wrong)


def test_who_has_said_no_is_brought_back_by_no_list(
    check: Check, coordinator: Staff, other_coordinator: Staff, other_division: Division, make_expert: MakeExpert
) -> None:
    services.shut_out(by=Visitor(AT), prospect=make_expert(phone="12 34 56 78"))
    # Her address, her number, or only her name: in any division, however they are written.
    for text in (
        "name;e-mail\nsomebody;KAREN@example.org\n",
        "name;e-mail;telefon\nSomebody Else;other@example.org;+45 12345678\n",
        "name;e-mail\nHOLM, Karen;private@example.org\n".replace("HOLM, Karen", "holm  KAREN"),
    ):
        assert taken_over(check, coordinator, text) == 0
        assert taken_over(check, other_coordinator, text, of=other_division) == 0
    assert [one.state for one in Prospect.objects.all()] == [ProspectState.OUT]
    assert not ProspectList.objects.exists(), "nothing of her lies in a list that waits"
    checked = check(LIST)
    assert checked.left_out == (2,)
    assert checked.found is not None
    assert "Karen" not in json.dumps(checked.found.rows)


def test_who_says_no_while_a_list_waits_is_left_out_of_it(
    check: Check, coordinator: Staff, other_division: Division, make_expert: MakeExpert
) -> None:
    found = check().found
    assert found is not None
    services.shut_out(by=Visitor(AT), prospect=make_expert(division=other_division))
    assert services.take_over(by=coordinator, found=found) == 1
    assert set(visible_prospects(coordinator).values_list("name", flat=True)) == {"Lone Bak"}


def test_no_empties_all_that_is_kept_in_every_division(
    search: Search, coordinator: Staff, other_division: Division, make_expert: MakeExpert
) -> None:
    expert = make_expert(phone="12345678")
    other = make_expert("Karen  HOLM", "Karen@example.org", division=other_division)
    services.send_search(by=coordinator, search=search, prospects=[expert])
    services.shut_out(by=Visitor(AT), prospect=Prospect.objects.get(pk=expert.pk))
    for row in Prospect.objects.all():
        assert row.state == ProspectState.OUT
        assert all(not getattr(row, column) for column in Prospect.COLUMNS)
    assert other.pk in {row.pk for row in Prospect.objects.all()}
    assert not Letter.objects.filter(recipient__startswith="prospect:").exists()
    assert Asking.objects.get().state == AskingState.SILENT
    assert look_up(f"prospect:{expert.pk}") is None
    with pytest.raises(ChangedMeanwhileError):
        services.shut_out(by=Visitor(AT), prospect=expert)


def test_no_of_a_namesake_does_not_end_who_has_said_yes_herself(
    make_expert: MakeExpert, other_division: Division
) -> None:
    willing = services.say_yes(by=Visitor(AT), prospect=make_expert(state=ProspectState.TOLD))
    unasked = make_expert("Karen Holm", "k.holm@example.org", division=other_division)
    namesake = make_expert("Holm Karen", "the.other@example.org")
    services.shut_out(by=Visitor(AT), prospect=namesake)
    assert Prospect.objects.get(pk=willing.pk).state == ProspectState.WILLING
    # Who was never asked may be the same woman under another address.
    assert Prospect.objects.get(pk=unasked.pk).state == ProspectState.OUT
    # By her own address it is she, whatever she has said before.
    again = make_expert("K. H.", willing.email, division=other_division)
    services.shut_out(by=Visitor(AT), prospect=again)
    assert Prospect.objects.get(pk=willing.pk).state == ProspectState.OUT


def test_hash_tells_nobody_who_she_is(make_expert: MakeExpert) -> None:
    services.shut_out(by=Visitor(AT), prospect=make_expert())
    kept = set(OptOut.objects.values_list("digest", flat=True))
    assert len(kept) == 2
    # A dictionary of every name and address there is, tried without the key: plain, and with each thing that is stored.
    words = ["karen@example.org", "karen holm", "holm karen", "Karen Holm", "12345678"]
    salts = ["", OptOutKey.objects.get().sealed, str(OptOutKey.objects.get().pk)]
    tried = {
        hashlib.new(way, f"{salt}{kind}{word}".encode()).hexdigest()
        for way in ("sha256", "sha512", "md5")
        for word in words
        for kind in ("", "email:", "name:", "phone:")
        for salt in salts
    }
    wrong_key = digests(b"another key", name="Karen Holm", email="karen@example.org", phone="")
    assert kept.isdisjoint(tried | wrong_key)
    assert kept == digests(key_now(AT), name="Karen Holm", email="karen@example.org", phone="")


def test_no_outlasts_a_new_secret_key(check: Check, make_expert: MakeExpert, settings: Settings) -> None:
    services.shut_out(by=Visitor(AT), prospect=make_expert())
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a quite different secret key of some length", [former]
    assert check().left_out == (2,)
    assert services.seal_key_anew(by=program())
    assert not services.seal_key_anew(by=program())
    settings.SECRET_KEY_FALLBACKS = []
    assert check().left_out == (2,)
    # Where the key cannot be opened at all, nobody is brought in.
    settings.SECRET_KEY = "yet another secret key that nobody knows here"
    with pytest.raises(RefusedError, match="who has said no"):
        check()


def test_expert_is_told_once_and_honestly(coordinator: Staff, make_expert: MakeExpert) -> None:
    expert = services.invite(by=coordinator, prospect=make_expert())
    letter = Letter.objects.get()
    assert (letter.event, letter.recipient) == ("expert_invited", f"prospect:{expert.pk}")
    office = expert.division
    assert letter.values == {
        "link": f"expert:{expert.pk}", "source": expert.source, "ground": "published", "network": UNNAMED,
        "controller": UNNAMED, "office": office.name, "reach": office.phone,
    }  # fmt: skip
    assert (expert.state, expert.keep_until) == (ProspectState.TOLD, TODAY + timedelta(days=365))
    with pytest.raises(ChangedMeanwhileError):
        services.invite(by=coordinator, prospect=expert)
    assert services.invite_several(by=coordinator, prospects=[expert]) == 0
    willing = services.say_yes(by=Visitor(AT), prospect=expert)
    assert willing.state == ProspectState.WILLING
    with pytest.raises(NotAllowedError):
        services.say_yes(by=coordinator, prospect=willing)


@pytest.mark.parametrize("event", ["expert_invited", "expert_asked"])
@pytest.mark.parametrize("language", ["en", "da", "ar", "fa", "uk"])
def test_the_letter_says_itself_who_writes_and_whom_to_ask(
    event: str, language: str, coordinator: Staff, make_expert: MakeExpert
) -> None:
    office = make_expert().division
    saved(
        Organisation(
            name="Kvinderhuset", legal_name="Foreningen Kvinderhuset", email="kontor@example.org",
            data_protection_email="data@example.org", created_at=AT,
        )
    )  # fmt: skip
    values = {"link": "expert:1", **who_writes(office), "source": "Kvinder der kan", "ground": "member"}
    _subject, body = preview(event, values | ({"day": "2026-03-09"} if event == "expert_asked" else {}), language)
    for words in ("Kvinderhuset", office.name, "Kvinder der kan", "Foreningen Kvinderhuset", "Datatilsynet",
                  f"data@example.org, {office.phone}"):  # fmt: skip
        assert words in body
    assert re.search(r"6\D{1,8}1\D{1,9}f", body), "the ground in the law"
    with override(language):
        assert str(TO_HERSELF[LegalBasis.MEMBER]) in body


def test_nobody_is_written_to_who_could_not_ask_back(coordinator: Staff, make_expert: MakeExpert) -> None:
    expert = make_expert()
    Division.objects.update(phone="", email="")
    with pytest.raises(RefusedError, match="whom to ask"):
        services.invite(by=coordinator, prospect=Prospect.objects.get(pk=expert.pk))
    assert not Letter.objects.exists()
    assert Prospect.objects.get().state == ProspectState.NEW


def test_nobody_is_kept_a_day_longer_than_her_time(make_expert: MakeExpert) -> None:
    untold = make_expert()
    make_expert("Lone Bak", "lone@example.org", keep_until=TODAY + timedelta(days=365), state=ProspectState.TOLD)
    assert services.forget_overdue(by=program(29)) == 0
    assert services.forget_overdue(by=program(30)) == 1
    untold.refresh_from_db()
    assert (untold.state, untold.name, untold.email) == (ProspectState.GONE, "", "")
    assert not OptOut.objects.exists(), "her time was over; she has not said no"
    assert services.forget_overdue(by=program(365)) == 1


def test_list_that_nobody_takes_over_goes_after_a_day(check: Check, coordinator: Staff) -> None:
    check()
    assert services.forget_old_lists(by=program()) == 0
    assert services.forget_old_lists(by=program(1)) == 1
    assert not ProspectList.objects.exists()


def test_list_is_its_bringers_alone(check: Check, division: Division, coordinator: Staff) -> None:
    found = check().found
    assert found is not None
    colleague = make_staff(StaffRole.COORDINATOR, division)
    elsewhere = make_staff(StaffRole.COORDINATOR, make_division())
    for wrong in (colleague, elsewhere):
        with pytest.raises(NotAllowedError):
            services.take_over(by=wrong, found=found)
        with pytest.raises(NotAllowedError):
            services.discard_list(by=wrong, found=found)
    services.discard_list(by=replace(coordinator, at=AT + timedelta(minutes=2)), found=found)


def test_emptied_expert_cannot_be_filled_again(make_expert: MakeExpert) -> None:
    expert = make_expert()
    services.shut_out(by=Visitor(AT), prospect=expert)
    with pytest.raises(IntegrityError), transaction.atomic():
        Prospect.objects.filter(pk=expert.pk).update(name="Karen Holm")


def test_experts_are_found_by_field_and_text(coordinator: Staff, make_expert: MakeExpert) -> None:
    karen = make_expert()
    lone = make_expert("Lone Bak", "lone@example.org", occupation="2142", field_words="civilingeniør", regions="Aarhus")
    rows = visible_prospects(coordinator)
    assert [one.pk for one in prospects_found(rows, text="NURSE fyn")] == [karen.pk]
    assert [one.pk for one in prospects_found(rows, text="Ingeniør")] == [lone.pk]
    assert [one.pk for one in prospects_found(rows, occupation="22")] == [karen.pk]
    assert not prospects_found(rows, text="nurse", occupation="21").exists()


def test_expert_who_becomes_protected_is_on_no_list(make_expert: MakeExpert) -> None:
    expert, other = make_expert(), make_expert("Lone Bak", "lone@example.org")
    person = make_person("Karen", "Holm", email="private@example.org")
    saved(
        ProtectedIdentity(
            person=person,
            first_name="Karen",
            last_name="Holm",
            email="private@example.org",
            reason="A reason.",
            protected_by="system:tests",
            created_at=AT,
        )
    )
    forget_protected(program(), person.pk)
    expert.refresh_from_db()
    other.refresh_from_db()
    assert (expert.state, expert.name, other.state) == (ProspectState.GONE, "", ProspectState.NEW)
    assert not OptOut.objects.exists()
