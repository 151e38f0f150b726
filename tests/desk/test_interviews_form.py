"""The guided form of an interview: what she wrote beside it, heard facts, its draft, its paper; and what follows."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import TODAY, make_application, make_person, make_profile, make_staff, make_version, saved
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState, ReferenceState
from mentornet.intake.models import Application, Enrolment, Interview, InterviewDraft, ProfileConfirmation, Reference
from mentornet.intake.services.confirmations import ask_to_confirm, correct_fact
from mentornet.learning.models import Attendance, Module
from mentornet.people.models import Profile
from mentornet.people.participants import Participant
from mentornet.programmes.models import Programme
from mentornet.web.desk.people.questions import PARTS, RESTRICTED
from pages import untranslated
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

HERS = ["self_reported", "2026-02-20"]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def applied(role: str, division: Division, programme: Programme, **fields: Any) -> Application:
    application = make_application(role, division, programme=programme, person=make_person("Amina", "Yusuf"), **fields)
    make_profile(
        application.person, role, sector="Hospital wards", topics=("cv",), languages={"ar": "C2"},
        provenance={"sector": HERS, "topics": HERS, "languages": HERS},
    )  # fmt: skip
    return application


@pytest.fixture
def application(division: Division, programme: Programme) -> Application:
    return applied("mentee", division, programme)


def heard(**changes: str) -> dict[str, str]:
    return {
        "shareable": "Wants to work again.", "hopes": "A job", "not_asked": "Her brother", "coordinator_only": "Tired",
        "profile-sector": "Hospital wards", "profile-goal_0": "cv", "profile-goal_1": "danish",
        "profile-language_0": "ar", "profile-level_0": "C2", "profile-months": "6",
    } | changes  # fmt: skip


def address(name: str, one: Any) -> str:
    return reverse(f"desk:{name}", args=[one.pk])


def post(client: Client, name: str, one: Any, **given: str) -> str:
    return str(client.post(address(name, one), given, follow=True).content.decode())


def get(client: Client, name: str, one: Any) -> str:
    return str(client.get(address(name, one)).content.decode())


@pytest.mark.parametrize("role", ["mentee", "mentor"])
def test_every_question_and_what_she_wrote_stand_on_the_form(
    role: str, desk: Client, division: Division, programme: Programme
) -> None:
    html = get(desk, "application_interview", applied(role, division, programme))
    for question in (*(one for part in PARTS[role] for one in part.questions), *RESTRICTED[role]):
        assert f'name="{question.key}"' in html
    assert html.count("What she wrote herself") >= 3
    assert "she wrote it herself, 20 February 2026" in html
    asked = {name for part in PARTS[role] for name in part.facts}
    # Each fact that both the form and the role know is asked about once.
    assert len(asked) == sum(len(part.facts) for part in PARTS[role])
    for name in asked - {"languages", "topics", "availability"}:
        assert f'name="profile-{name}"' in html, name


def test_the_one_needed_field_is_marked_and_named_once_above(desk: Client, application: Application) -> None:
    html = get(desk, "application_interview", application)
    assert html.count("(needed)") == 1
    assert re.search(r'<label[^>]* for="id_shareable">What may be shared <span class="optional">\(needed\)', html)
    assert html.index("One field is needed, “What may be shared”") < html.index('name="hopes"')


def test_only_what_is_different_counts_as_heard(desk: Client, application: Application) -> None:
    html = post(desk, "application_interview", application, **heard())
    assert "What is left is to decide." in html
    assert "What is to be different for you in half a year?" in html
    assert "A job" in html
    profile, interview = Profile.objects.get(), Interview.objects.get()
    assert profile.provenance["sector"] == HERS
    assert profile.provenance["languages"] == HERS
    assert profile.provenance["topics"] == ["heard", TODAY.isoformat()]
    assert profile.provenance["months"] == ["heard", TODAY.isoformat()]
    assert interview.answers == {"hopes": "A job"}
    # What is for coordinators only stands together, with its headings, and nowhere else.
    assert interview.coordinator_only == "What she must not be asked about: Her brother\n\nTired"
    for name in ("application", "application_decide"):
        assert "Her brother" not in get(desk, name, application)
    assert "A job" in get(desk, "person", application.person)


def test_a_change_meanwhile_is_not_written_over(desk: Client, application: Application, coordinator: Staff) -> None:
    profile = Profile.objects.get()
    Profile.objects.update(stamp=profile.stamp + 1, sector="Schools")
    html = post(desk, "application_interview", application, **heard(**{"profile-seen": str(profile.stamp)}))
    assert "Somebody else has changed this profile meanwhile." in html
    assert "Wants to work again." in html
    assert not Interview.objects.exists()
    # The page that came back shows what is known now: the next press counts.
    post(desk, "application_interview", application, **heard(**{"profile-seen": str(profile.stamp + 1)}))
    assert Interview.objects.count() == 1


def test_the_draft_is_kept_and_taken_up(desk: Client, application: Application, coordinator: Staff) -> None:
    given = heard(**{"profile-sector": "", "profile-goal_0": "network", "csrfmiddlewaretoken": "x", "foreign": "y"})
    response = desk.post(address("interview_draft", application), given, headers={"HX-Request": "true"})
    assert "Draft kept at 10:30. Only you can read it." in response.content.decode()
    draft = InterviewDraft.objects.get()
    assert draft.typed["hopes"] == ["A job"]
    assert not {"csrfmiddlewaretoken", "foreign"} & set(draft.typed)
    html = get(desk, "application_interview", application)
    assert "This is your draft of 2 March 2026" in html
    assert "Her brother" in html
    assert 'name="profile-sector" value="Hospital' not in html
    # Without JavaScript by the button.
    assert "Draft kept at 10:30." in post(desk, "interview_draft", application, **given)
    assert InterviewDraft.objects.count() == 1
    post(desk, "application_interview", application, **heard())
    assert not InterviewDraft.objects.exists()


def test_nobody_else_reads_a_draft(
    client: Client, sign_in: SignIn, coordinator: Staff, division: Division, application: Application
) -> None:
    sign_in(client, coordinator).post(address("interview_draft", application), heard())
    other = sign_in(Client(), make_staff(Role.COORDINATOR, division))
    html = get(other, "application_interview", application)
    assert "Her brother" not in html
    assert "This is your draft" not in html
    assert "Her brother" not in str(Entry.objects.values_list("detail", flat=True))


def test_a_draft_is_thrown_away(desk: Client, application: Application) -> None:
    desk.post(address("interview_draft", application), heard())
    html = post(desk, "interview_forget", application)
    assert "The draft is thrown away." in html
    assert "Her brother" not in html


def test_what_nobody_types_is_no_draft(desk: Client, application: Application) -> None:
    html = post(desk, "interview_draft", application, shareable="x" * 70_000)
    assert "The draft could not be kept." in html
    assert not InterviewDraft.objects.exists()


def test_the_questions_on_paper(desk: Client, application: Application) -> None:
    html = get(desk, "interview_paper", application)
    assert "What is a good mentor for you?" in html
    assert "Hospital wards" in html
    assert "<textarea" not in html


def test_another_division_answers_404(
    client: Client, sign_in: SignIn, other_coordinator: Staff, coordinator: Staff, application: Application
) -> None:
    Application.objects.update(state=ApplicationState.INTERVIEWED)
    asked = ask_to_confirm(by=coordinator, application=Application.objects.get(), author_name="Inger")
    reference = saved(Reference(application=application, kind="person", author_name="Inger", created_at=coordinator.at))
    elsewhere = sign_in(client, other_coordinator)
    for name, one in (
        ("application_interview", application), ("interview_draft", application), ("interview_forget", application),
        ("interview_paper", application), ("reference_add", application), ("reference", reference),
        ("reference_remove", reference), ("confirm_ask", application), ("confirm_told", application),
        ("confirm_seen", asked),
    ):  # fmt: skip
        assert elsewhere.post(address(name, one)).status_code == 404, name


# References ---------------------------------------------------------------------------------------------------------


def test_what_vouches_for_her_is_noted_and_shown(desk: Client, division: Division, programme: Programme) -> None:
    make_version(programme, references=["criminal_record"])
    application = applied("mentor", division, programme, state=ApplicationState.INTERVIEWED)
    assert "Criminal record certificate" in get(desk, "application", application)
    assert "A yes is refused until this has been seen" in get(desk, "application_decide", application)
    html = post(desk, "application_decide", application, outcome="approved", reason="Kind.", capacity="1")
    assert "this programme asks for: criminal record certificate." in html
    html = post(desk, "reference_add", application, kind="criminal_record", words="From the police", state="asked")
    assert "No document is kept here" in html
    reference = Reference.objects.get()
    html = post(desk, "reference", reference, state="seen")
    assert "Write the day on which you saw it" in html
    post(desk, "reference", reference, state="seen", seen_on=TODAY.isoformat())
    reference.refresh_from_db()
    assert (reference.state, reference.author_name) == (ReferenceState.SEEN, "Inger Holm")
    html = post(desk, "application_decide", application, outcome="approved", reason="Kind.", capacity="1")
    assert "is a mentor now" in html
    html = get(desk, "application", application)
    assert "Kind." in html
    assert "Inger Holm" in html
    post(desk, "reference_remove", reference)
    assert not Reference.objects.exists()


def test_not_needed_wants_a_reason(desk: Client, application: Application) -> None:
    html = post(desk, "reference_add", application, kind="person", state="waived", reason="")
    assert "Write why it is not needed" in html
    assert not Reference.objects.exists()


# Confirmed with her -------------------------------------------------------------------------------------------------


def test_she_is_asked_and_what_she_corrected_is_shown(
    desk: Client, application: Application, coordinator: Staff
) -> None:
    Application.objects.update(state=ApplicationState.INTERVIEWED)
    html = post(desk, "confirm_ask", application)
    assert "gets a letter with a link, reads her profile" in html
    assert "She has been asked today already." in post(desk, "confirm_ask", application)
    by = Participant(person_id=application.person_id, name="Amina", at=coordinator.at)
    found = Application.objects.select_related("person").get()
    correct_fact(by=by, application=found, facts={"sector": "Schools", "availability": ("sat-morning",)}, language="ar")
    correct_fact(by=by, application=found, facts={}, languages=[("ar", "C2"), ("da", "B1")], language="ar")
    assert "has corrected what was written about her" in get_today(desk)
    html = get(desk, "application", application)
    for words in ("Hospital wards", "Schools", "Arabic C2, Danish B1", "Sat in the morning", "I have read it"):
        assert words in html
    html = post(desk, "confirm_seen", ProfileConfirmation.objects.get())
    assert "I have read it" not in html
    assert "has corrected" not in get_today(desk)


def get_today(client: Client) -> str:
    return str(client.get(reverse("desk:today"), {"whose": "all"}).content.decode())


def test_confirmed_in_a_talk(desk: Client, application: Application) -> None:
    Application.objects.update(state=ApplicationState.INTERVIEWED)
    stamp = Profile.objects.get().stamp
    assert "Please read it once more" in post(desk, "confirm_told", application, seen=str(stamp + 1))
    html = post(desk, "confirm_told", application, seen=str(stamp))
    assert "counts as confirmed by her, today." in html
    assert "told to a coordinator" in html
    assert Profile.objects.get().provenance["sector"][0] == "confirmed"


# A mentor's training ------------------------------------------------------------------------------------------------


@pytest.fixture
def mentor(division: Division, programme: Programme, coordinator: Staff) -> Application:
    saved(Module(role="mentor", slug="limits", position=1, minutes=30, created_at=coordinator.at))
    return applied("mentor", division, programme, state=ApplicationState.INTERVIEWED)


def decide(client: Client, application: Application, **changes: str) -> str:
    given = {"outcome": "approved", "reason": "Kind.", "capacity": "1", "training": "first"} | changes
    return post(client, "application_decide", application, **given)


def test_a_mentor_is_told_what_is_left_and_trains_first(desk: Client, mentor: Application) -> None:
    assert "limits" in get(desk, "application_decide", mentor)
    html = decide(desk, mentor)
    assert "She can be matched when her training is done." in html
    enrolment = Enrolment.objects.get()
    assert enrolment.briefed_on is None
    assert reverse("desk:training", args=[enrolment.pk]) in html
    # No way past it: noting the briefing leads to her training.
    response = desk.post(address("enrolment_brief", enrolment), {"on": TODAY.isoformat()})
    assert response["Location"] == reverse("desk:training", args=[enrolment.pk])
    enrolment.refresh_from_db()
    assert enrolment.briefed_on is None


def test_letting_her_off_wants_a_reason_and_is_logged(desk: Client, mentor: Application) -> None:
    html = decide(desk, mentor, training="let_off")
    assert "Write why she needs no training" in html
    assert not Enrolment.objects.exists()
    html = decide(desk, mentor, training="let_off", lets_off="Has been a mentor in Aarhus.")
    assert "in the mentor bank" in html
    assert Enrolment.objects.get().briefed_on == TODAY
    noted = Attendance.objects.get()
    assert (noted.way, noted.reason) == ("waived", "Has been a mentor in Aarhus.")
    assert Entry.objects.filter(act="learning.note_training").exists()


def test_briefed_on_in_the_form_sets_nothing(desk: Client, mentor: Application) -> None:
    decide(desk, mentor, briefed_on=TODAY.isoformat())
    assert Enrolment.objects.get().briefed_on is None


def test_nothing_is_left_untranslated(desk: Client, application: Application) -> None:
    desk.cookies["django_language"] = "xb"
    pages = [get(desk, "application_interview", application), get(desk, "interview_paper", application)]
    pages += [get(desk, "reference_add", application), post(desk, "reference_add", application, kind="x", state="seen")]
    pages += [post(desk, "interview_draft", application, shareable="y")]
    Application.objects.update(state=ApplicationState.INTERVIEWED)
    pages += [post(desk, "confirm_ask", application), get(desk, "application_decide", application)]
    for html in pages:
        assert untranslated(html) == []


def test_a_text_that_was_put_anew_says_that_it_was_heard(desk: Client, application: Application) -> None:
    hers = dict.fromkeys(("sector", "topics", "languages", "about", "requires"), HERS)
    Profile.objects.update(about="I wrote this.", requires=("language:ar",), provenance=hers)
    assert "About her, in her own words" in get(desk, "application", application)
    given = heard(**{"profile-about": "She said this.", "profile-requires": "", "profile-months": ""})
    post(desk, "application_interview", application, **given)
    profile = Profile.objects.get()
    assert profile.provenance["about"] == profile.provenance["requires"] == ["heard", TODAY.isoformat()]
    # Most of the facts are hers, and the page says so once.
    more = dict.fromkeys(("education", "wishes", "meeting", "interests"), HERS)
    facts = {"education": 6, "wishes": "A calm one", "meeting": ("online",), "interests": ("sewing",)}
    Profile.objects.update(**facts, provenance=profile.provenance | more)
    for page in (get(desk, "application", application), get(desk, "person", application.person)):
        assert "Where nothing else is said: she wrote it herself" in page
        # What was heard says so itself, and is not called her own words.
        text = page.partition("She said this.")[2].partition("</div>")[0]
        assert '<span class="fact-source">' in text
        assert "heard at the interview, 2 March 2026" in text
        assert "About her, in her own words" not in page
        # That she demands nothing any more was heard, too.
        demands = page.partition("Must-haves about the other")[2].partition("</div>")[0]
        assert ">none</span>" in demands
        assert "heard at the interview, 2 March 2026" in demands
