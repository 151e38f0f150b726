"""Training on the desk: who lacks it, a meeting, letting off, taking back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_programme
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.learning.models import Attendance, Module
from mentornet.learning.services import install_shipped, note_training
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from mentornet.web.desk.setup.forms import ProgrammeForm
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning", "shipped")]


@pytest.fixture
def shipped(db: None) -> None:
    install_shipped(by=System("tests", AT))


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def make_new(division: Division, first_name: str = "Bodil") -> Enrolment:
    return make_enrolment(Role.MENTOR, division, person=make_person(first_name), enrolment={"briefed_on": None})


def slugs() -> list[str]:
    return list(Module.objects.filter(role=Role.MENTOR).order_by("position").values_list("slug", flat=True))


LIST = "desk:untrained"


def test_list_names_who_lacks_what(desk: Client, division: Division, other_division: Division) -> None:
    new, elsewhere = make_new(division, "Bodil"), make_new(other_division, "Hidden")
    make_enrolment(Role.MENTOR, division, person=make_person("Trained"))
    html = desk.get(reverse(LIST)).content.decode()
    assert new.person.name in html
    assert "120 minutes" in html
    for name in (elsewhere.person.first_name, "Trained"):
        assert name not in html
    assert new.person.name not in desk.get(reverse(LIST), {"q": "nobody"}).content.decode()
    assert new.person.name in desk.get(reverse(LIST), {"q": "bod"}).content.decode()


def test_nobody_lacks_anything(desk: Client) -> None:
    assert "Everybody has done her training" in desk.get(reverse(LIST)).content.decode()


def test_meeting_is_noted_for_those_ticked(desk: Client, division: Division) -> None:
    came, stayed = [make_new(division), make_new(division)], make_new(division)
    sent = {"who": [one.pk for one in came], "modules": slugs(), "on": "2026-03-01"}
    html = desk.post(reverse(LIST), sent, follow=True).content.decode()
    assert "Noted for 2 mentors. 2 of them are in the mentor bank now." in html
    assert [Enrolment.objects.get(pk=one.pk).briefed_on is not None for one in (*came, stayed)] == [True, True, False]
    # Sent twice by mistake: they have left the list, and nothing is noted anew.
    assert desk.post(reverse(LIST), sent).status_code == 422
    assert Attendance.objects.count() == 2 * len(slugs())


def test_what_is_missing_is_said_and_ticks_stay(desk: Client, division: Division) -> None:
    new = make_new(division)
    answer = desk.post(reverse(LIST), {"who": [new.pk], "modules": [], "on": "2026-03-01"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose what you went through." in html
    assert f'value="{new.pk}" checked' in html
    html = desk.post(reverse(LIST), {"modules": slugs(), "on": "2026-04-01", "who": [new.pk]}).content.decode()
    assert "still to come" in html
    assert "Tick those who came." in desk.post(reverse(LIST), {"modules": slugs(), "on": "2026-03-01"}).content.decode()


def test_other_division_s_mentor_is_not_noted(desk: Client, other_division: Division) -> None:
    other = make_new(other_division)
    answer = desk.post(reverse(LIST), {"who": [other.pk], "modules": slugs(), "on": "2026-03-01"})
    assert answer.status_code == 422
    assert not Attendance.objects.exists()


def test_her_page_tells_who_noted_what_and_when(desk: Client, coordinator: Staff, division: Division) -> None:
    new = make_new(division)
    first, second, *_rest = Module.objects.filter(role=Role.MENTOR).order_by("position")
    note_training(by=coordinator, enrolment=new, module=first, way="attended", on=TODAY)
    note_training(by=coordinator, enrolment=new, module=second, way="waived", on=TODAY, reason="Taught it herself.")
    html = desk.get(reverse("desk:training", args=[new.pk])).content.decode()
    assert f"2 of {len(slugs())} parts are done." in html
    assert "At a meeting on 2 March 2026, noted by Inger Holm" in html
    assert "Taught it herself." in html
    assert html.count("Take it back") == 2
    assert (
        reverse("desk:training", args=[new.pk])
        in desk.get(reverse("desk:person", args=[new.person_id])).content.decode()
    )


def test_meeting_is_noted_on_her_page_and_undone(desk: Client, division: Division) -> None:
    new, address = make_new(division), ""
    address = reverse("desk:training", args=[new.pk])
    html = desk.post(address, {"modules": slugs()[:1], "on": "2026-03-01", "note": "1"}, follow=True).content.decode()
    back = reverse("desk:training_back", args=[new.pk, slugs()[0]])
    assert html.count(back) == 2
    assert "stands among what is left" in desk.post(back, follow=True).content.decode()
    assert not Attendance.objects.exists()
    assert "taken this back already" in desk.post(back, follow=True).content.decode()
    assert desk.get(back).status_code == 405
    assert desk.post(reverse("desk:training_back", args=[new.pk, "no-such-part"])).status_code == 404


def test_let_off_with_a_reason(desk: Client, division: Division) -> None:
    new = make_new(division)
    address = reverse("desk:training", args=[new.pk])
    refused = desk.post(address, {"let_off": "1", "reason": ""})
    assert refused.status_code == 422
    assert "Write why she needs no training" in refused.content.decode()
    html = desk.post(address, {"let_off": "1", "reason": "Was a mentor."}, follow=True).content.decode()
    assert "is in the mentor bank now" in html
    assert "Let off on 2 March 2026 by Inger Holm" in html


def test_other_division_s_training_is_not_there(desk: Client, other_division: Division) -> None:
    other = make_new(other_division)
    assert desk.get(reverse("desk:training", args=[other.pk])).status_code == 404
    assert desk.post(reverse("desk:training_back", args=[other.pk, slugs()[0]])).status_code == 404


def test_who_needs_nothing_more_is_led_to_her_briefing(desk: Client, division: Division) -> None:
    programme = make_programme(modules=[])
    new = make_enrolment(Role.MENTOR, division, programme=programme, enrolment={"briefed_on": None})
    html = desk.get(reverse("desk:training", args=[new.pk])).content.decode()
    assert "asks for no training" in html
    assert reverse("desk:enrolment_brief", args=[new.pk]) in html


def test_list_asks_as_much_for_one_as_for_three(desk: Client, division: Division) -> None:
    desk.get(reverse(LIST))
    counts = []
    for count in (1, 3):
        while Enrolment.objects.count() < count:
            make_new(division)
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse(LIST))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# What a programme asks for ------------------------------------------------------------------------------------------


def typed(programme: Programme, **changes: object) -> dict[str, object]:
    form = ProgrammeForm(version=current_version(programme.pk), is_saved=False)
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in (shown | changes).items() if value is not None and value is not False}


def test_programme_is_told_which_parts_it_asks_for(
    client: Client, sign_in: SignIn, national_lead: Staff, programme: Programme
) -> None:
    leading, address = sign_in(client, national_lead), reverse("desk:programme", args=[programme.pk])
    sent = typed(programme, training="some", mentor_parts=slugs()[:2], reason="One evening is enough.", save="1")
    assert leading.post(address, sent).status_code == 302
    assert current_version(programme.pk).modules == slugs()[:2]
    html = leading.get(address).content.decode()
    assert f'value="{slugs()[0]}" id="id_mentor_parts_0" checked' in html
    assert leading.post(address, typed(programme, training="all", reason="All again.", save="1")).status_code == 302
    assert current_version(programme.pk).modules is None


def test_form_of_an_earlier_page_leaves_the_training_as_it_is(
    client: Client, sign_in: SignIn, national_lead: Staff
) -> None:
    programme = make_programme(modules=slugs()[:1])
    leading, address = sign_in(client, national_lead), reverse("desk:programme", args=[programme.pk])
    sent = typed(programme, expiry_days=12, reason="Longer.", save="1")
    del sent["training"]
    assert leading.post(address, sent).status_code == 302
    assert current_version(programme.pk).modules == slugs()[:1]
