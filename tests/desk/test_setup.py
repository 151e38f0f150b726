"""Set-up: programmes and their preview, divisions, staff."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_programme, make_user, user_of
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.divisions.queries import organisation, staff_member
from mentornet.divisions.staff import Staff
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from mentornet.web.desk.setup.forms import ProgrammeForm
from pages import untranslated
from signing import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make_programme("Job og sprog")


def _typed(programme: Programme, **changes: Any) -> dict[str, Any]:
    """Return what a browser would send of the form as it is shown, with changes."""
    form = ProgrammeForm(version=current_version(programme.pk), is_saved=False)
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in (shown | changes).items() if value not in {None, False}}


def _address(programme: Programme) -> str:
    return reverse("desk:programme", kwargs={"programme_id": programme.pk})


@pytest.fixture
def leading(client: Client, sign_in: SignIn, national_lead: Staff) -> Client:
    return sign_in(client, national_lead)


def _three(division: Division, programme: Programme) -> None:
    make_enrolment(role="mentee", division=division, programme=programme, occupation="2221", interests=("sy",))
    make_enrolment(role="mentor", division=division, programme=programme, occupation="2221", interests=("løb",))
    make_enrolment(role="mentor", division=division, programme=programme, occupation="5120", interests=("sy",))


def test_preview_tells_who_would_move_and_saves_nothing(
    leading: Client, division: Division, programme: Programme
) -> None:
    _three(division, programme)
    same = leading.post(_address(programme), _typed(programme, preview="1")).content.decode()
    assert "For 0 of 1 who waits" in same
    moved = leading.post(
        _address(programme), _typed(programme, weight_occupation="0", weight_interests="90", preview="1")
    ).content.decode()
    assert "For 1 of 1 who waits" in moved
    assert current_version(programme.pk).number == 1


def test_a_floor_that_nobody_reaches_says_which_could_be(
    leading: Client, division: Division, programme: Programme
) -> None:
    _three(division, programme)
    high = leading.post(_address(programme), _typed(programme, floor="100", preview="1")).content.decode()
    assert "Nobody who waits reaches this floor" in high
    any_at = int(re.search(r"The highest floor that leaves any pair is (\d+) points", high)[1])  # type: ignore[index]
    assert "1 pair, as many as the rules and the places allow" in high
    for floor, is_told in ((any_at, False), (any_at + 1, True)):
        tried = leading.post(_address(programme), _typed(programme, floor=str(floor), preview="1")).content.decode()
        assert ("Nobody who waits reaches this floor" in tried) is is_told


def test_preview_alone_is_answered_to_htmx(leading: Client, division: Division, programme: Programme) -> None:
    _three(division, programme)
    answer = leading.post(
        _address(programme), _typed(programme), headers={"HX-Request": "true", "HX-Target": "preview"}
    ).content.decode()
    assert "<html" not in answer
    assert "Who would move" in answer


def test_saved_as_a_new_version_with_author_and_reason(
    leading: Client, programme: Programme, national_lead: Staff
) -> None:
    leading.post(_address(programme), _typed(programme, weight_occupation="30", reason="Fields first.", save="1"))
    version = current_version(programme.pk)
    assert (version.number, version.reason, version.author_name) == (2, "Fields first.", user_of(national_lead).name)
    assert version.weights["occupation"] == 30
    page = leading.get(_address(programme)).content.decode()
    assert "Fields first." in page


def test_saving_without_a_reason_keeps_what_was_typed(leading: Client, programme: Programme) -> None:
    page = leading.post(_address(programme), _typed(programme, weight_occupation="33", save="1"))
    assert page.status_code == 422
    assert "Write why" in page.content.decode()
    assert 'value="33"' in page.content.decode()
    assert current_version(programme.pk).number == 1


def test_second_of_two_authors_is_told(leading: Client, programme: Programme) -> None:
    first = _typed(programme, weight_occupation="30", reason="One", save="1")
    second = _typed(programme, weight_occupation="40", reason="Two", save="1")
    leading.post(_address(programme), first)
    page = leading.post(_address(programme), second).content.decode()
    assert "changed meanwhile" in page
    assert "Two" in page
    assert current_version(programme.pk).number == 2


def test_all_weights_nought_is_refused(leading: Client, programme: Programme) -> None:
    nought = {name: "0" for name in _typed(programme) if name.startswith("weight_")}
    page = leading.post(_address(programme), _typed(programme, **nought, reason="x", save="1"))
    assert page.status_code == 422
    assert "At least one criterion needs a weight above 0." in page.content.decode()


def test_unchanged_form_saves_nothing(leading: Client, programme: Programme) -> None:
    page = leading.post(_address(programme), _typed(programme, reason="x", save="1")).content.decode()
    assert "Nothing has changed" in page


def test_coordinator_may_try_and_not_save(
    client: Client, sign_in: SignIn, coordinator: Staff, division: Division, programme: Programme
) -> None:
    sign_in(client, coordinator)
    page = client.get(_address(programme)).content.decode()
    assert 'name="save"' not in page
    client.post(_address(programme), _typed(programme, weight_occupation="30", reason="Mine", save="1"))
    assert current_version(programme.pk).number == 1


def test_programme_of_another_division_is_not_there(
    client: Client, sign_in: SignIn, coordinator: Staff, other_division: Division
) -> None:
    theirs = make_programme("Theirs", division=other_division)
    assert sign_in(client, coordinator).get(_address(theirs)).status_code == 404


def test_programme_is_started_like_one_that_runs(leading: Client, programme: Programme) -> None:
    leading.post(reverse("desk:programme_new"), {"name": "Karrierespring", "division": ""})
    started = Programme.objects.get(name="Karrierespring")
    assert current_version(started.pk).weights == current_version(programme.pk).weights


def test_first_programme_begins_as_the_definitions_say(leading: Client) -> None:
    leading.post(reverse("desk:programme_new"), {"name": "Job og sprog", "division": ""})
    version = current_version(Programme.objects.get().pk)
    assert version.weights["occupation"] == 0.25
    assert (str(version.floor), version.expiry_days) == ("0.3500", 10)


def test_division_is_opened_and_changed(client: Client, sign_in: SignIn, administrator: Staff) -> None:
    sign_in(client, administrator)
    client.post(reverse("desk:division_new"), {"name": "Esbjerg", "opened_on": "2005-03-01"})
    division = Division.objects.get(name="Esbjerg")
    address = reverse("desk:division", kwargs={"division_id": division.pk})
    client.post(address, {"name": "Esbjerg", "opened_on": "2005-03-01", "closed_on": "2004-01-01"})
    division.refresh_from_db()
    assert division.closed_on is None
    client.post(address, {"name": "Esbjerg og Varde", "opened_on": "2005-03-01"})
    division.refresh_from_db()
    assert division.name == "Esbjerg og Varde"


def test_role_is_given_and_ended(client: Client, sign_in: SignIn, administrator: Staff, division: Division) -> None:
    sign_in(client, administrator)
    new = {"email": "Ny@Example.org", "name": "Ny Kollega", "role": "coordinator", "division": division.pk}
    client.post(reverse("desk:staff"), new)
    role = StaffRole.objects.get(user__email="ny@example.org")
    assert staff_member(role.user, timezone.now()).casework == {division.pk}
    again = client.post(reverse("desk:staff"), new)
    assert "holds that role already" in again.content.decode()
    client.post(reverse("desk:role_end", kwargs={"role_id": role.pk}))
    assert staff_member(role.user, timezone.now()).casework == frozenset()


def test_last_head_cannot_be_ended(client: Client, sign_in: SignIn, administrator: Staff) -> None:
    sign_in(client, administrator)
    role = StaffRole.objects.get(user=user_of(administrator), role=Role.ADMINISTRATOR)
    page = client.post(reverse("desk:role_end", kwargs={"role_id": role.pk}), follow=True).content.decode()
    assert "Nobody would be left" in page
    role.refresh_from_db()
    assert role.until is None


def test_lead_gives_roles_in_her_own_division_only(
    client: Client, sign_in: SignIn, division_lead: Staff, division: Division, other_division: Division
) -> None:
    sign_in(client, division_lead)
    for place, role in ((other_division, "coordinator"), (division, "administrator")):
        client.post(reverse("desk:staff"), {"email": "a@b.example", "name": "A", "role": role, "division": place.pk})
    assert not StaffRole.objects.filter(user__email="a@b.example").exists()
    client.post(
        reverse("desk:staff"), {"email": "a@b.example", "name": "A", "role": "coordinator", "division": division.pk}
    )
    assert StaffRole.objects.filter(user__email="a@b.example", division=division).exists()


def test_nothing_is_left_untranslated(leading: Client, division: Division, programme: Programme) -> None:
    _three(division, programme)
    make_division("Nyborg")
    leading.cookies["django_language"] = "xb"
    for name in ("setup", "programme_new", "division_new", "staff"):
        assert untranslated(leading.get(reverse(f"desk:{name}")).content.decode()) == [], name
    page = leading.post(_address(programme), _typed(programme, weight_occupation="0", preview="1")).content.decode()
    assert untranslated(page) == []


# The organisation ---------------------------------------------------------------------------------------------------

ORGANISATION: dict[str, str] = {
    "name": "Kvindenet",
    "legal_name": "Foreningen Kvindenet",
    "address": "Torvet 1, 5000 Odense",
    "email": "post@kvindenet.example",
    "phone": "70 10 10 10",
    "data_protection_email": "",
}


def test_organisation_is_shown_saved_and_what_was_typed_is_kept(leading: Client) -> None:
    address = reverse("desk:organisation")
    assert 'value="Mentornet"' in leading.get(address).content.decode()
    wrong = leading.post(address, ORGANISATION | {"email": "nobody"})
    assert wrong.status_code == 422
    assert 'value="Foreningen Kvindenet"' in wrong.content.decode()
    assert leading.post(address, ORGANISATION)["Location"] == reverse("desk:setup")
    assert organisation().legal_name == "Foreningen Kvindenet"
    assert "Kvindenet" in leading.get(reverse("desk:setup")).content.decode()


def test_organisation_is_translated_whole(leading: Client) -> None:
    leading.cookies["django_language"] = "xb"
    assert untranslated(leading.get(reverse("desk:organisation")).content.decode()) == []


def test_eligibility_is_asked_for_in_every_language_of_participants(leading: Client, programme: Programme) -> None:
    page = leading.get(_address(programme)).content.decode()
    assert all(f'name="eligibility_{code}"' in page for code in ("da", "en", "ar", "fa", "uk"))


def test_the_offices_address_is_saved_and_recorded(
    client: Client, sign_in: SignIn, administrator: Staff, division: Division
) -> None:
    sign_in(client, administrator)
    address = reverse("desk:division", kwargs={"division_id": division.pk})
    typed = {"name": division.name, "opened_on": str(division.opened_on), "phone": division.phone, "email": ""}
    client.post(address, typed | {"address": "Opdigtet Allé 7, Odense"})
    division.refresh_from_db()
    assert division.address == "Opdigtet Allé 7, Odense"
    assert Entry.objects.get(act="divisions.change").detail == {"fields": ["address"]}
    assert 'value="Opdigtet Allé 7, Odense"' in client.get(address).content.decode()
    assert client.post(address, typed | {"address": "x" * 121}).status_code == 422


def test_programme_says_that_nobody_has_written_who_it_is_for(leading: Client, programme: Programme) -> None:
    programme.versions.update(eligibility={"da": ""})
    words = "Nobody has written who may take part."
    assert words in leading.get(_address(programme)).content.decode()
    programme.versions.update(eligibility={"da": "Kvinder over 18."})
    assert words not in leading.get(_address(programme)).content.decode()


def test_setup_warns_while_nobody_leads_the_network(client: Client, sign_in: SignIn, administrator: Staff) -> None:
    words, url = "There is no national lead", reverse("desk:setup")
    sign_in(client, administrator)
    assert words in client.get(url).content.decode()
    user = make_user("Inge Lead")
    StaffRole.objects.create(user=user, role=Role.NATIONAL_LEAD, since=TODAY, created_at=AT)
    assert words not in client.get(url).content.decode()


def test_care_is_shown_with_its_defaults_and_saved_as_a_new_version(leading: Client, programme: Programme) -> None:
    page = leading.get(_address(programme)).content.decode()
    assert "How pairs are looked after" in page
    assert "Usually 48; from 1 to 336." in page
    assert "Usually 3, 6, 12, 24; from 1 to 60." in page
    leading.post(
        _address(programme),
        _typed(programme, care_call_days="21", care_scale_months="6; 2,2", reason="Closer.", save="1"),
    )
    version = current_version(programme.pk)
    assert version.number == 2
    # Only what differs from the defaults is kept.
    assert version.care_settings == {"call_days": 21, "scale_months": [2, 6]}
    assert version.care.call_days == 21
    assert version.care.scale_months == (2, 6)
    back = _typed(programme, care_call_days="30", care_scale_months="1, 3", reason="As before.", save="1")
    leading.post(_address(programme), back)
    assert current_version(programme.pk).care_settings == {}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("care_call_days", "400", "less than or equal to 91"),
        ("care_call_days", "x", "Enter a whole number"),
        ("care_first_call_hours", "0", "greater than or equal to 1"),
        ("care_scale_months", "1, x", "Write whole numbers from 1 to 24"),
        ("care_scale_months", "0", "Write whole numbers from 1 to 24"),
        ("care_follow_up_months", "1,2,3,4,5,6,7", "6 at most"),
        ("care_follow_up_months", "61", "Write whole numbers from 1 to 60"),
    ],
)
def test_a_number_of_care_that_cannot_be_is_refused_under_its_field(
    name: str, value: str, words: str, leading: Client, programme: Programme
) -> None:
    response = leading.post(_address(programme), _typed(programme, reason="Try.", save="1") | {name: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'href="#id_{name}"' in page
    assert current_version(programme.pk).number == 1


def test_each_number_of_care_has_a_field_in_the_form(programme: Programme) -> None:
    form = ProgrammeForm(version=current_version(programme.pk), is_saved=False)
    assert {bound.name for bound in form.care()} == {f"care_{name}" for name in asdict(Care())}
    assert all(bound.help_text for bound in form.care())
