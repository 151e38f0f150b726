"""The officer's pages at the desk: what she sees and what she does not, breaches on Today, retention, the audit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from exporting import proven
from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_staff
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.fields import TERMS, Retention
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.privacy.models import Assessment, Breach, RetentionHold, RetentionRun, RetentionTerm
from mentornet.privacy.services.breaching import report_breach
from mentornet.privacy.services.keeping import keep_no_longer
from pages import untranslated
from signing import SignIn

pytestmark = pytest.mark.django_db
WHOLE = TERMS[Retention.CASE].days

PAGES = (
    "data_protection", "breaches", "breach_report", "retention", "retention_nights", "processing", "processing_print",
    "assessment", "assessment_print", "audit",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _that_morning(tmp_path: Path, settings: Settings) -> Iterator[None]:
    settings.DATA_FOLDER = tmp_path
    with time_machine.travel(AT):
        yield


@pytest.fixture
def officer(db: None) -> Staff:
    return make_staff(Role.DATA_PROTECTION_OFFICER, name="Olga Dam")


@pytest.fixture
def breach(coordinator: Staff, division: Division) -> Breach:
    return report_breach(
        by=coordinator, found_at=AT, found_by="Inger", happened="A laptop is gone.", division_id=division.pk,
        author_name=coordinator.name,
    )  # fmt: skip


@pytest.fixture
def left(division: Division) -> Enrolment:
    """Somebody who goes tomorrow."""
    enrolment = make_enrolment("mentee", division, person=make_person("Amina", "Kanarie"))
    day = TODAY - timedelta(days=WHOLE - 1)
    Enrolment.objects.filter(pk=enrolment.pk).update(ended_on=day, end_reason="moved")
    type(enrolment.application).objects.filter(pk=enrolment.application_id).update(received_on=day)
    type(enrolment.person).objects.filter(pk=enrolment.person_id).update(created_at=AT - timedelta(days=WHOLE))
    enrolment.application.decision.__class__.objects.update(created_at=AT - timedelta(days=WHOLE))
    RetentionRun.objects.create(night=TODAY - timedelta(days=40), created_at=AT, finished_at=AT)
    return enrolment


def body(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_open_in_both_languages(
    client: Client, sign_in: SignIn, officer: Staff, breach: Breach, name: str, language: str
) -> None:
    desk = sign_in(client, officer)
    answer = desk.get(reverse(f"desk:{name}"), headers={"accept-language": language})
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


def test_officer_is_led_to_her_own_page_and_sees_nobodys(
    client: Client, sign_in: SignIn, officer: Staff, left: Enrolment
) -> None:
    desk = sign_in(client, officer)
    answer = desk.get(reverse("desk:today"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:data_protection"))
    page = body(desk, "data_protection")
    assert "Waiting list" not in page
    assert "Data-protection officer" in page
    for name in ("people", "bank", "waiting"):
        assert desk.get(reverse(f"desk:{name}")).status_code == 403
    assert desk.get(reverse("desk:person", args=[left.person_id])).status_code == 403
    tomorrow = body(desk, "retention")
    assert "1 person goes as a whole" in tomorrow
    assert "Kanarie" not in tomorrow


def test_national_lead_gives_the_role(client: Client, sign_in: SignIn, national_lead: Staff) -> None:
    desk = sign_in(client, national_lead)
    given = {"email": "olga@example.org", "name": "Olga", "role": "data_protection_officer", "division": ""}
    assert desk.post(reverse("desk:staff"), given).status_code == 302
    assert StaffRole.objects.filter(role=Role.DATA_PROTECTION_OFFICER, division=None).exists()


def test_anybody_reports_in_a_short_form(client: Client, sign_in: SignIn, coordinator: Staff) -> None:
    desk = sign_in(client, coordinator)
    assert reverse("desk:breach_report") in body(desk, "today")
    given = {"happened": "A letter went astray.", "found_at": "2026-03-02T09:00", "found_by": "Inger", "division": ""}
    empty = desk.post(reverse("desk:breach_report"), given | {"happened": ""})
    assert empty.status_code == 422
    assert "2026-03-02T09:00" in empty.content.decode()
    answer = desk.post(reverse("desk:breach_report"), given, follow=True)
    assert "Thank you" in answer.content.decode()
    assert Breach.objects.get().reported_by == coordinator.key


@pytest.mark.parametrize(("hours", "loud"), [(1, False), (49, True), (80, True)])
def test_the_clock_stands_on_today_of_leads_and_of_nobody_else(
    client: Client, sign_in: SignIn, division_lead: Staff, coordinator: Staff, breach: Breach, hours: int, loud: bool
) -> None:
    with time_machine.travel(AT + timedelta(hours=hours)):
        page = body(sign_in(client, division_lead), "today")
        assert "A laptop is gone." in page
        assert ("tell the authority now" in page) is loud
        assert "A laptop is gone." not in body(sign_in(Client(), coordinator), "today")


def test_a_breach_from_report_to_the_second_reader(
    client: Client, sign_in: SignIn, officer: Staff, division_lead: Staff, breach: Breach
) -> None:
    desk, lead = sign_in(client, officer), sign_in(Client(), division_lead)
    given = {
        "found_at": "2026-03-02T09:30", "found_by": "Inger", "happened": "A laptop is gone.", "kinds": "Names",
        "people": "3", "measures": "Wiped", "risk": "none", "risk_words": "Sealed", "has_no_duty": "on",
        "people_words": "Not told: sealed", "follow_up": "Kept at the office",
    }  # fmt: skip
    refused = desk.post(reverse("desk:breach_write", args=[breach.pk]), given)
    assert refused.status_code == 422
    assert "Write why the authority need not be told." in refused.content.decode()
    assert "Kept at the office" in refused.content.decode()
    written = given | {"authority_words": "Nobody could read it"}
    assert desk.post(reverse("desk:breach_write", args=[breach.pk]), written).status_code == 302
    assert desk.post(reverse("desk:breach_settle", args=[breach.pk])).status_code == 302
    assert "Somebody else reads it" in body(desk, "breach", breach.pk)
    desk.post(reverse("desk:breach_close", args=[breach.pk]))
    assert Breach.objects.get().closed_at is None
    assert "You are the second reader" in body(lead, "breach", breach.pk)
    lead.post(reverse("desk:breach_close", args=[breach.pk]))
    assert Breach.objects.get().closed_at is not None
    assert "Nobody could read it" in body(desk, "breach_print", breach.pk)


def test_times_are_set_with_a_reason(client: Client, sign_in: SignIn, officer: Staff) -> None:
    desk = sign_in(client, officer)
    url = reverse("desk:retention_term", args=["notes"])
    assert desk.get(reverse("desk:retention_term", args=["always"])).status_code == 404
    # A session whose code is 25 minutes old is asked for it again, and nothing is set.
    proven(desk, officer, ago=timedelta(minutes=25))
    for answer in (desk.get(url), desk.post(url, {"days": "200", "reason": "Less"})):
        assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not RetentionTerm.objects.exists()
    proven(desk, officer)
    assert "At least 90 days. Whoever complains, or comes back" in body(desk, "retention_term", "notes")
    too_short = desk.post(url, {"days": "89", "reason": "Less"})
    assert too_short.status_code == 422
    # Once on the form, and once more as what is wrong.
    assert too_short.content.decode().count("At least 90 days.") > 1
    too_long = desk.post(url, {"days": "9999", "reason": "More"})
    assert too_long.status_code == 422
    assert "9999" in too_long.content.decode()
    assert desk.post(url, {"days": "200", "reason": "We need <less>"}).status_code == 302
    assert RetentionTerm.objects.get().days == 200
    page = body(desk, "retention")
    assert "We need &lt;less&gt;" in page
    assert "It counts a month later." in page


def test_names_stand_only_before_who_works_with_them(
    client: Client, sign_in: SignIn, national_lead: Staff, coordinator: Staff, left: Enrolment
) -> None:
    page = body(sign_in(client, national_lead), "retention")
    assert reverse("desk:person", args=[left.person_id]) in page
    desk = sign_in(Client(), coordinator)
    soon = body(desk, "retention_soon", left.division_id)
    assert "Amina Kanarie" in soon
    assert reverse("desk:person_hold", args=[left.person_id]) in soon


def test_a_hold_is_set_and_taken_back_on_her_page(
    client: Client, sign_in: SignIn, coordinator: Staff, left: Enrolment
) -> None:
    desk = sign_in(client, coordinator)
    url = reverse("desk:person_hold", args=[left.person_id])
    assert url in body(desk, "person", left.person_id)
    assert desk.post(url, {"until": "2026-09-01", "reason": ""}).status_code == 422
    assert desk.post(url, {"until": "2026-09-01", "reason": "An insurance case"}).status_code == 302
    assert "An insurance case" in body(desk, "person_hold", left.person_id)
    assert "is kept longer" in body(desk, "person", left.person_id)
    assert "Amina" not in body(desk, "retention_soon", left.division_id)
    # A second press of the button does no harm.
    for _ in range(2):
        assert desk.post(reverse("desk:person_hold_end", args=[left.person_id])).status_code == 302
    assert RetentionHold.objects.get().lifted_at is not None


def test_the_task_leads_to_the_list(client: Client, sign_in: SignIn, coordinator: Staff, left: Enrolment) -> None:
    keep_no_longer(by=System("privacy.retention", AT))
    page = body(sign_in(client, coordinator), "today")
    assert reverse("desk:retention_soon", args=[left.division_id]) in page
    assert "erased within a month" in page


def test_what_went_is_told_in_numbers(client: Client, sign_in: SignIn, officer: Staff, left: Enrolment) -> None:
    keep_no_longer(by=System("privacy.retention", AT + timedelta(days=1)))
    page = body(sign_in(client, officer), "retention_nights")
    assert "1 person erased" in page
    assert "Amina" not in page


def test_record_and_assessment_are_handed_out_as_markdown(client: Client, sign_in: SignIn, officer: Staff) -> None:
    desk = sign_in(client, officer)
    for name, head in (("processing_file", "# Record of processing"), ("assessment_file", "# Impact assessment")):
        answer = desk.get(reverse(f"desk:{name}"))
        assert answer["Content-Type"] == "text/markdown; charset=utf-8"
        assert "attachment" in answer["Content-Disposition"]
        assert answer.content.decode().startswith(head)
    text = desk.get(reverse("desk:processing_file")).content.decode()
    assert "6(1)(b)" in text
    assert "Telephone" in text or "telephone" in text


def test_the_officer_signs_what_she_has_read(
    client: Client, sign_in: SignIn, officer: Staff, national_lead: Staff
) -> None:
    desk = sign_in(client, officer)
    page = body(desk, "assessment")
    mark = page.partition('name="mark" value="')[2].partition('"')[0]
    assert desk.post(reverse("desk:assessment_sign"), {"mark": mark, "words": "Good."}).status_code == 422
    given = {"mark": mark, "words": "Good.", "is_read": "on"}
    assert desk.post(reverse("desk:assessment_sign"), given).status_code == 302
    assert Assessment.objects.get().author_name == "Olga Dam"
    assert "signed by Olga Dam" in body(desk, "assessment")
    lead = sign_in(Client(), national_lead)
    assert 'name="mark"' not in body(lead, "assessment")
    lead.post(reverse("desk:assessment_sign"), given)
    assert Assessment.objects.count() == 1


def test_reading_the_audit_is_in_the_audit(client: Client, sign_in: SignIn, officer: Staff, breach: Breach) -> None:
    desk = sign_in(client, officer)
    page = body(desk, "audit")
    assert "privacy.report_breach" in page
    assert Entry.objects.filter(act="privacy.read_audit", actor=officer.key, kind="read").count() == 1
    nothing = desk.get(reverse("desk:audit"), {"act": "nothing.like.this"}).content.decode()
    assert "Nothing found" in nothing


def test_the_audit_is_taken_out_marked_and_noted(
    client: Client, sign_in: SignIn, officer: Staff, breach: Breach
) -> None:
    desk = sign_in(client, officer)
    url = reverse("desk:audit_export") + "?act=breach"
    asked = desk.post(url)
    # Signing in by force has given no second factor a moment ago.
    assert asked.status_code == 302
    assert "reauthenticate" in asked["Location"]
    assert not Entry.objects.filter(act="privacy.export_audit").exists()


def test_nothing_is_left_untranslated(client: Client, sign_in: SignIn, officer: Staff, breach: Breach) -> None:
    desk = sign_in(client, officer)
    urls = [reverse(f"desk:{name}") for name in PAGES if not name.startswith(("processing", "assessment"))]
    urls += [reverse(f"desk:{name}", args=[breach.pk]) for name in ("breach", "breach_write", "breach_print")]
    urls.append(reverse("desk:retention_term", args=["notes"]))
    for url in urls:
        assert untranslated(desk.get(url, headers={"accept-language": "xb"}).content.decode()) == [], url
