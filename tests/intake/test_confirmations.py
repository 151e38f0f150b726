"""She reads what was written about her, corrects it, and says that it is right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories.django_rows import AT, TODAY, make_application, make_person, make_profile
from intake.planning import herself
from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState, ConfirmationWay
from mentornet.intake.models import Application, ProfileConfirmation
from mentornet.intake.services.confirmations import (
    ask_to_confirm,
    confirm_profile,
    correct_fact,
    note_confirmed,
    note_seen,
)
from mentornet.messaging.models import Letter
from mentornet.people.models import Person, Profile
from mentornet.people.services import write_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(division: Division) -> Application:
    application = make_application(
        "mentee", division, person=make_person("Amina", "Yusuf"), state=ApplicationState.INTERVIEWED
    )
    heard = {name: ["heard", "2026-02-27"] for name in ("sector", "topics", "languages")}
    make_profile(
        application.person, "mentee", languages={"ar": "C2"}, sector="health", topics=("cv", "danish"), provenance=heard
    )
    return application


def profile() -> Profile:
    return Profile.objects.get()


def ask(by: Staff, application: Application) -> ProfileConfirmation:
    return ask_to_confirm(by=by, application=application, author_name="Inger")


def test_she_is_asked_once_a_day(coordinator: Staff, application: Application) -> None:
    asked = ask(coordinator, application)
    assert Letter.objects.get().values == {"link": f"confirm:{application.pk}"}
    with pytest.raises(ChangedMeanwhileError):
        ask(coordinator, application)
    assert (asked.confirmed_at, asked.way) == (None, "")


def test_only_after_the_interview(coordinator: Staff, division: Division) -> None:
    with pytest.raises(NotAllowedError, match="interview comes first"):
        ask(coordinator, make_application("mentee", division))


def test_another_division_asks_nobody_here(other_coordinator: Staff, application: Application) -> None:
    with pytest.raises(NotAllowedError):
        ask(other_coordinator, application)
    with pytest.raises(NotAllowedError):
        note_confirmed(by=other_coordinator, application=application, author_name="Karen", seen=profile().stamp)


def test_a_correction_is_confirmed_by_her_and_told_on(coordinator: Staff, application: Application) -> None:
    ask(coordinator, application)
    by = herself(application)
    correct_fact(by=by, application=application, facts={"sector": "schools"}, language="ar")
    correct_fact(by=by, application=application, facts={"sector": "nurseries", "wishes": ""}, language="ar")
    assert (profile().sector, profile().provenance["sector"]) == ("nurseries", ["confirmed", TODAY.isoformat()])
    asked = ProfileConfirmation.objects.get()
    # What stood first is what the coordinator had written; what she left as it was is none.
    assert (asked.corrected, asked.language) == ({"sector": "health"}, "ar")
    task = Task.objects.get(kind="corrected")
    assert (task.target_id, task.words) == (application.pk, {"name": "Amina Yusuf"})
    note_seen(by=coordinator, confirmation=asked)
    assert not Task.objects.filter(kind="corrected", done_at__isnull=True).exists()


def test_her_languages_and_her_name(coordinator: Staff, application: Application) -> None:
    ask(coordinator, application)
    by = herself(application)
    correct_fact(by=by, application=application, facts={}, languages=[("ar", "C2"), ("da", "B1")], language="ar")
    correct_fact(by=by, application=application, facts={"first_name": "Aamina"}, language="ar")
    asked = ProfileConfirmation.objects.get()
    assert asked.corrected == {"languages": [["ar", "C2"]], "first_name": "Amina"}
    assert Person.objects.get().first_name == "Aamina"


def test_what_is_settled_with_the_office_she_cannot_write(coordinator: Staff, application: Application) -> None:
    ask(coordinator, application)
    for facts in ({"requires": ("online",)}, {"occupation": "2221"}, {"email": "other@example.org"}):
        with pytest.raises(NotAllowedError):
            correct_fact(by=herself(application), application=application, facts=facts, language="ar")


def test_nobody_corrects_somebody_else(coordinator: Staff, application: Application, division: Division) -> None:
    ask(coordinator, application)
    other = herself(make_application("mentee", division))
    with pytest.raises(NotAllowedError):
        correct_fact(by=other, application=application, facts={"sector": "x"}, language="da")
    with pytest.raises(NotAllowedError):
        confirm_profile(by=other, application=application, language="da", seen=profile().stamp)


def test_she_says_that_all_of_it_is_right(coordinator: Staff, application: Application) -> None:
    ask(coordinator, application)
    confirm_profile(by=herself(application), application=application, language="ar", seen=profile().stamp)
    asked = ProfileConfirmation.objects.get()
    assert (asked.confirmed_at, asked.way, asked.language, asked.corrected) == (AT, ConfirmationWay.PAGE, "ar", {})
    # What is known is confirmed; what nobody knows is nothing that she could have confirmed.
    confirmed = ["confirmed", TODAY.isoformat()]
    assert profile().provenance == {"sector": confirmed, "topics": confirmed, "languages": confirmed}
    assert not Task.objects.filter(kind="corrected").exists()
    with pytest.raises(ChangedMeanwhileError, match="said already"):
        confirm_profile(by=herself(application), application=application, language="ar", seen=profile().stamp)


def test_she_confirms_only_what_she_has_read(coordinator: Staff, application: Application) -> None:
    ask(coordinator, application)
    seen = profile().stamp
    correct_fact(by=herself(application), application=application, facts={"sector": "schools"}, language="ar")
    with pytest.raises(ChangedMeanwhileError, match="read it once more"):
        confirm_profile(by=herself(application), application=application, language="ar", seen=seen)
    assert ProfileConfirmation.objects.get().confirmed_at is None


def test_told_on_the_telephone(coordinator: Staff, application: Application) -> None:
    note_confirmed(by=coordinator, application=application, author_name="Inger", seen=profile().stamp)
    assert ProfileConfirmation.objects.get().way == ConfirmationWay.TOLD
    assert profile().provenance["sector"][0] == "confirmed"
    # Later she can be asked anew.
    again = ask(coordinator, application)
    assert (ProfileConfirmation.objects.count(), again.confirmed_at) == (2, None)
    assert AT - again.asked_at == timedelta(0)


def test_whoever_was_declined_meanwhile_is_not_asked(coordinator: Staff, application: Application) -> None:
    read_before = Application.objects.get(pk=application.pk)
    Application.objects.filter(pk=application.pk).update(state=ApplicationState.DECLINED)
    with pytest.raises(NotAllowedError):
        ask(coordinator, read_before)
    with pytest.raises(NotAllowedError):
        note_confirmed(by=coordinator, application=read_before, author_name="Inger", seen=profile().stamp)
    assert not ProfileConfirmation.objects.exists()
    assert not Letter.objects.exists()


def test_her_words_for_her_work_and_its_group_are_corrected_together(
    coordinator: Staff, application: Application
) -> None:
    ask(coordinator, application)
    facts = {"occupation_title": "Midwife", "occupation": "2222"}
    correct_fact(by=herself(application), application=application, facts=facts, language="en")
    now = profile()
    assert (now.occupation_title, now.occupation) == ("Midwife", "2222")
    confirmed = ["confirmed", TODAY.isoformat()]
    assert (now.provenance["occupation_title"], now.provenance["occupation"]) == (confirmed, confirmed)
    assert ProfileConfirmation.objects.get().corrected == {"occupation_title": "", "occupation": ""}
    assert Entry.objects.get(act="intake.correct_fact").detail == {"fields": ["occupation", "occupation_title"]}


def test_a_demand_that_she_makes_no_longer_is_confirmed_as_none(coordinator: Staff, application: Application) -> None:
    by = coordinator
    person = application.person
    write_profile(by=by, person=person, role="mentee", facts={"requires": ("online",)}, source="self_reported")
    write_profile(by=by, person=person, role="mentee", facts={"requires": ()}, source="heard")
    assert profile().provenance["requires"][0] == "heard"
    ask(coordinator, application)
    confirm_profile(by=herself(application), application=application, language="ar", seen=profile().stamp)
    assert profile().provenance["requires"][0] == "confirmed"
