"""The pages of a programme's own criteria: form, preview, fairness check, removal, refusals; and the answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import make_application, make_enrolment, make_programme, make_staff, make_version
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.staff import Staff
from mentornet.people.enums import Role
from mentornet.people.models import Profile
from mentornet.programmes.models import Programme, RefusedName
from mentornet.programmes.queries import current_version
from signing import SignIn

pytestmark = pytest.mark.django_db

CHILDREN: dict[str, Any] = {
    "key": "children",
    "names": {"en": "Has small children", "da": "Har små børn"},
    "kind": "yes-no",
    "compared": "same",
    "wishes": "both",
    "weight": 80.0,
    "neutral": 0.5,
}
DAYS: dict[str, Any] = {
    "key": "days",
    "names": {"en": "Free days"},
    "kind": "list",
    "compared": "overlap",
    "wishes": "both",
    "choices": [{"key": "odd", "names": {"en": "Odd weeks"}}, {"key": "even", "names": {"en": "Even weeks"}}],
    "weight": 10.0,
    "neutral": 0.5,
}
TRIPS: dict[str, Any] = {
    "key": "trips", "names": {"en": "Trips a month"}, "kind": "number", "compared": "near", "wishes": "both",
    "low": 0, "high": 9, "span": 2, "weight": 5.0, "neutral": 0.5,
}  # fmt: skip
STEPS: dict[str, Any] = {
    "key": "steps", "names": {"en": "How well she knows the town"}, "kind": "level", "compared": "at least",
    "wishes": "mentee", "rule": True,
    "choices": [{"key": "new", "names": {"en": "New here"}}, {"key": "well", "names": {"en": "Well"}}],
}  # fmt: skip


@pytest.fixture
def programme() -> Programme:
    return make_programme("Job og sprog")


@pytest.fixture
def leading(client: Client, sign_in: SignIn, national_lead: Staff) -> Client:
    return sign_in(client, national_lead)


def typed(**changes: Any) -> dict[str, Any]:
    given = {
        "seen": 1, "key": "c1234", "name_en": "Has small children", "kind": "yes-no", "wishes": "both",
        "compared": "same", "counts": "criterion", "weight": "80", "neutral": "0.5", "reason": "It helps them to meet.",
    }  # fmt: skip
    return {name: value for name, value in (given | changes).items() if value is not None}


def new(programme: Programme) -> str:
    return reverse("desk:criterion_new", args=[programme.pk])


def test_a_criterion_is_added_as_a_new_version_with_author_and_reason(
    leading: Client, programme: Programme, national_lead: Staff
) -> None:
    empty = leading.get(reverse("desk:criteria", args=[programme.pk])).content.decode()
    assert "None yet." in empty
    answer = leading.post(new(programme), typed(name_da="Har små børn", save="1"))
    assert answer.status_code == 302
    version = current_version(programme.pk)
    assert (version.number, version.reason, version.author_name) == (2, "It helps them to meet.", national_lead.name)
    assert version.customs == [{**CHILDREN, "key": "c1234"}]
    listed = leading.get(answer["Location"]).content.decode()
    assert "Has small children" in listed
    assert "Answered by 0 of 0 mentees and 0 of 0 mentors." in listed
    # The programme's own page keeps it, when something else is changed there.
    assert "1 criterion of its own" in leading.get(reverse("desk:programme", args=[programme.pk])).content.decode()


@pytest.mark.parametrize("custom", [CHILDREN, DAYS, TRIPS, STEPS], ids=lambda custom: custom["key"])
def test_what_is_shown_and_sent_back_is_the_same(leading: Client, custom: dict[str, Any]) -> None:
    programme = make_programme(customs=[custom])
    address = reverse("desk:criterion", args=[programme.pk, custom["key"]])
    form = leading.get(address).context["form"]
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    again = {name: value for name, value in shown.items() if value is not None}
    answer = leading.post(address, again | {"reason": "As it is.", "save": "1"})
    assert "Nothing has changed" in answer.content.decode()
    changed = leading.post(address, again | {"name_en": "Another name", "reason": "Clearer.", "save": "1"})
    assert changed.status_code == 302
    assert current_version(programme.pk).customs == [{**custom, "names": {**custom["names"], "en": "Another name"}}]


def test_new_choices_get_keys_and_old_ones_keep_theirs(leading: Client) -> None:
    programme = make_programme(customs=[DAYS])
    address = reverse("desk:criterion", args=[programme.pk, "days"])
    form = leading.get(address).context["form"]
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    given = {name: value for name, value in shown.items() if value is not None}
    given |= {"choice_0_en": "", "choice_2_en": "Weekends", "reason": "Nobody has odd weeks.", "save": "1"}
    assert leading.post(address, given).status_code == 302
    (custom,) = current_version(programme.pk).customs
    assert custom["choices"] == [
        {"key": "even", "names": {"en": "Even weeks"}},
        {"key": "a1", "names": {"en": "Weekends"}},
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"compared": "overlap"}, "That does not go with this answer. It can be: The same answer; At least"),
        ({"compared": "at least"}, "“At least” needs one who wishes: the mentee, or the mentor."),
        ({"kind": "number"}, "Write the highest number that can be answered."),
        ({"kind": "list", "compared": "overlap"}, "expected 2 to 10 choices"),
        ({"name_en": ""}, "Write what it is called, in one language at least."),
        ({"reason": ""}, "Write why: whoever wonders later finds it here."),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field(
    leading: Client, programme: Programme, changes: dict[str, Any], said: str
) -> None:
    answer = leading.post(new(programme), typed(save="1", **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert current_version(programme.pk).number == 1


@pytest.mark.parametrize(
    ("field", "words", "ground"),
    [
        ("name_en", "Goes to church", "religion"),
        ("name_da", "Opholdsgrundlag", "residence"),
        ("name_ar", "الجنسية", "ethnicity"),
        ("choice_0_da", "Kronisk syg", "health"),
    ],
)
def test_what_nobody_is_matched_by_is_refused_and_kept_for_the_national_lead(
    leading: Client, programme: Programme, national_lead: Staff, field: str, words: str, ground: str
) -> None:
    given = typed(kind="list", compared="overlap", choice_0_en="One", choice_1_en="Two")
    answer = leading.post(new(programme), given | {field: words, "save": "1"})
    assert answer.status_code == 422
    assert f"“{words}” reads as" in answer.content.decode()
    assert current_version(programme.pk).number == 1
    kept = RefusedName.objects.get()
    assert (kept.words, kept.ground, kept.author_name) == (words, ground, national_lead.name)
    assert words in leading.get(reverse("desk:refused_names")).content.decode()
    # On the way to another word nothing is kept.
    RefusedName.objects.all().delete()
    leading.post(new(programme), given | {field: words}, headers={"HX-Target": "preview"})
    assert not RefusedName.objects.exists()


def test_a_division_lead_sees_what_was_refused_in_her_own_programmes_alone(
    client: Client, sign_in: SignIn, division: Division, programme: Programme
) -> None:
    lead = make_staff(StaffRoleName.DIVISION_LEAD, division)
    local = make_programme(division=division)
    for one, words in ((programme, "National faith"), (local, "Local faith")):
        RefusedName.objects.create(
            programme=one, words=words, ground="religion", written_by="x", author_name="Y", created_at=lead.at
        )
    html = sign_in(client, lead).get(reverse("desk:refused_names")).content.decode()
    assert "Local faith" in html
    assert "National faith" not in html


def test_the_preview_and_the_check_tell_what_would_be_otherwise_and_save_nothing(
    leading: Client, division: Division
) -> None:
    programme = make_programme(customs=[{**CHILDREN, "weight": 0.0}])
    make_enrolment(Role.MENTEE, division, programme=programme, answers={"children": True})
    make_enrolment(Role.MENTOR, division, programme=programme, answers={"children": False}, occupation="2221")
    make_enrolment(Role.MENTOR, division, programme=programme, answers={"children": True})
    address = reverse("desk:criterion", args=[programme.pk, "children"])
    given = typed(key="children", reason=None)
    html = leading.post(address, given, headers={"HX-Request": "true", "HX-Target": "preview"}).content.decode()
    assert "<html" not in html
    assert "Answered by 1 of 1 mentees and 2 of 2 mentors." in html
    assert "For 1 of 1 who waits" in html or "For 0 of 1 who waits" in html
    assert "Whom it is fair to" not in html
    checked = leading.post(address, given | {"fairness": "1"}).content.decode()
    assert "Fewer than five wait in this programme" in checked
    assert current_version(programme.pk).number == 1


def test_the_check_shows_tables_with_small_groups_hidden(leading: Client, division: Division) -> None:
    programme = make_programme(customs=[STEPS])
    for number in range(12):
        make_enrolment(
            Role.MENTEE, division, programme=programme, answers={"steps": "well"}, education=7 if number < 6 else 0
        )
    for _number in range(8):
        make_enrolment(Role.MENTOR, division, programme=programme, answers={"steps": "new"})
    address = reverse("desk:criterion", args=[programme.pk, "steps"])
    form = leading.get(address).context["form"]
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    given = {name: value for name, value in shown.items() if value is not None}
    # The rule that lets nobody through, taken for a criterion instead.
    given |= {"counts": "criterion", "weight": "5", "neutral": "0.5", "fairness": "1"}
    html = leading.post(address, given).content.decode()
    assert "Of 12 who wait, 0 would get a mentor in the best set of pairs now, 8 then." in html
    assert "By education" in html
    assert "0 of 6 (0 %)" in html
    assert "too few to be told" not in html
    assert "By the language she speaks best" in html


def test_a_coordinator_may_try_and_not_save(
    client: Client, sign_in: SignIn, coordinator: Staff, programme: Programme
) -> None:
    desk = sign_in(client, coordinator)
    assert desk.post(new(programme), typed(reason=None)).status_code == 200
    desk.post(new(programme), typed(save="1"))
    assert current_version(programme.pk).number == 1


def test_what_is_taken_away_is_forgotten(leading: Client, division: Division) -> None:
    programme = make_programme(customs=[CHILDREN, DAYS])
    mentor = make_enrolment(Role.MENTOR, division, programme=programme, answers={"children": True, "days": ["odd"]})
    address = reverse("desk:criterion_remove", args=[programme.pk, "children"])
    assert leading.post(address, {"seen": 1, "reason": ""}).status_code == 422
    assert leading.post(address, {"seen": 1, "reason": "Nobody used it."}).status_code == 302
    assert [custom["key"] for custom in current_version(programme.pk).customs] == ["days"]
    assert Profile.objects.get(pk=mentor.profile.pk).answers == {"days": ["odd"]}
    assert leading.get(address).status_code == 404


def test_the_list_asks_the_database_as_much_for_one_as_for_three(
    leading: Client, division: Division, django_assert_num_queries: Any
) -> None:
    one, three = make_programme(customs=[CHILDREN]), make_programme(customs=[CHILDREN, DAYS, TRIPS])
    for programme in (one, three):
        for _number in range(len(current_version(programme.pk).customs)):
            make_enrolment(Role.MENTOR, division, programme=programme, answers={"children": True})
        leading.get(reverse("desk:criteria", args=[programme.pk]))
    for programme in (one, three):
        with django_assert_num_queries(LIST_QUERIES):
            leading.get(reverse("desk:criteria", args=[programme.pk]))


LIST_QUERIES = 9


# Answers --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def test_answers_are_written_with_their_source_and_shown_again(desk: Client, division: Division) -> None:
    programme = make_programme(customs=[CHILDREN, DAYS, TRIPS, STEPS])
    mentee = make_enrolment(Role.MENTEE, division, programme=programme)
    address = reverse("desk:person_answers", args=[mentee.person_id, "mentee"])
    html = desk.get(address).content.decode()
    assert "She wishes: How well she knows the town" in html
    given = {
        "custom_children": "yes", "custom_days": ["odd", "even"], "custom_trips": "3", "custom_steps": "well",
        "source": "heard", "seen": mentee.profile.stamp,
    }  # fmt: skip
    assert desk.post(address, given).status_code == 302
    profile = Profile.objects.get(pk=mentee.profile.pk)
    assert profile.answers == {"children": True, "days": ["odd", "even"], "trips": 3, "steps": "well"}
    assert profile.provenance["custom_trips"] == ["heard", timezone.localdate().isoformat()]
    shown = desk.get(address).context["form"].initial
    assert (shown["custom_children"], shown["custom_days"], shown["custom_trips"]) == ("yes", ["odd", "even"], 3)
    emptied = {"custom_children": "", "custom_trips": "", "custom_steps": "well", "source": "heard"}
    desk.post(address, emptied)
    profile.refresh_from_db()
    assert profile.answers == {"steps": "well"}
    stale = desk.post(address, given)
    assert "Somebody else has changed this profile meanwhile" in stale.content.decode()
    wrong = desk.post(address, {"custom_trips": "10", "custom_steps": "best", "source": "heard"})
    assert wrong.status_code == 422
    assert Entry.objects.filter(act="people.write_profile").count() == 2
    history = desk.get(reverse("desk:person", args=[mentee.person_id])).content.decode()
    assert "Her profile changed: the programme’s own questions" in history


def test_only_questions_of_programmes_she_has_applied_to_here_are_asked(
    desk: Client, division: Division, other_division: Division
) -> None:
    here, there, other = (make_programme(customs=[{**CHILDREN, "key": key}]) for key in ("here", "there", "other"))
    application = make_application(Role.MENTOR, division, programme=here)
    make_application(Role.MENTOR, other_division, programme=there, person=application.person)
    make_application(Role.MENTEE, division, programme=other, person=application.person)
    form = desk.get(reverse("desk:person_answers", args=[application.person_id, "mentor"])).context["form"]
    assert [custom.key for custom in form.customs] == ["here"]
    make_version(here, customs=[])
    html = desk.get(reverse("desk:person_answers", args=[application.person_id, "mentor"])).content.decode()
    assert "ask nothing of their own" in html
    assert desk.get(reverse("desk:person_answers", args=[application.person_id, "boss"])).status_code == 404


def test_the_ranking_and_the_pair_show_it(desk: Client, division: Division) -> None:
    programme = make_programme(customs=[CHILDREN, STEPS])
    mentee = make_enrolment(Role.MENTEE, division, programme=programme, answers={"children": True, "steps": "well"})
    mentor = make_enrolment(Role.MENTOR, division, programme=programme, answers={"children": True})
    listed = desk.get(reverse("desk:match", args=[mentee.pk])).content.decode()
    assert "“Has small children”: both say yes." in listed
    assert "To be asked" in listed
    assert "How well she knows the town" in listed
    pair = desk.get(reverse("desk:match_pair", args=[mentee.pk, mentor.pk])).content.decode()
    assert "Has small children" in pair
    assert "Ask before you propose: How well she knows the town." in pair
