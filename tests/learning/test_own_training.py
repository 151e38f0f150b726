"""A participant's own training: her answers, what they are kept as, and what she may not say of herself."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_programme, make_version
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.learning import queries
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance, ModuleProgress, ModuleText, ReadReceipt
from mentornet.learning.services import answer_questions, forget_read, note_read, note_training
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


@pytest.fixture
def mentor(division: Division) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None})


def herself(person: Person) -> Participant:
    return Participant(person_id=person.pk, name=person.name, at=AT)


def texts(language: str = "en", role: Role = Role.MENTOR) -> list[ModuleText]:
    return queries.modules(role, language)


def all_right(text: ModuleText) -> dict[int, int]:
    return {place: one["right"] for place, one in enumerate(text.questions)}


def wrong(text: ModuleText, place: int) -> int:
    question = text.questions[place]
    return int((question["right"] + 1) % len(question["answers"]))


def test_all_answers_right_are_the_module_done(mentor: Enrolment) -> None:
    by, text = herself(mentor.person), texts()[0]
    checked = answer_questions(by=by, enrolment=mentor, text=text, answers=all_right(text))
    assert checked.is_done
    noted = Attendance.objects.get()
    assert (noted.module, noted.way, noted.on, noted.told_by) == (text.module, "read", TODAY, by.key)
    assert Entry.objects.get(act="learning.note_training").actor == by.key


def test_wrong_answer_is_told_and_tried_again(mentor: Enrolment) -> None:
    by, text = herself(mentor.person), texts()[0]
    first = answer_questions(by=by, enrolment=mentor, text=text, answers=all_right(text) | {1: wrong(text, 1)})
    assert not first.is_done
    assert first.right[0]
    assert not first.right[1]
    assert not Attendance.objects.exists()
    # What was right is kept: only the rest is asked again.
    assert len(ModuleProgress.objects.get().right) == len(text.questions) - 1
    assert answer_questions(by=by, enrolment=mentor, text=text, answers={1: text.questions[1]["right"]}).is_done


def test_she_goes_on_where_she_stopped(mentor: Enrolment) -> None:
    by, text = herself(mentor.person), texts()[0]
    for place, one in enumerate(text.questions):
        checked = answer_questions(by=by, enrolment=mentor, text=text, answers={place: one["right"]})
        part = queries.trainings(by.person_id, "en")[0].parts[0]
        assert part.answered == place + 1
        assert part.is_begun != checked.is_done
    assert Attendance.objects.count() == 1


def test_question_asked_anew_is_answered_anew(mentor: Enrolment) -> None:
    by, text = herself(mentor.person), texts()[0]
    answer_questions(by=by, enrolment=mentor, text=text, answers={0: text.questions[0]["right"]})
    other = ModuleText.objects.get(pk=text.pk)
    other.pk, other.number = None, 2
    other.questions = [other.questions[0] | {"text": "Another one?"}, *other.questions[1:]]
    other.save()
    assert queries.trainings(by.person_id, "en")[0].parts[0].answered == 0
    rest = {place: answer for place, answer in all_right(other).items() if place}
    assert not answer_questions(by=by, enrolment=mentor, text=other, answers=rest).is_done


def test_last_module_brings_her_into_the_bank(mentor: Enrolment) -> None:
    by = herself(mentor.person)
    for text in texts():
        mentor.refresh_from_db()
        assert mentor.briefed_on is None
        answer_questions(by=by, enrolment=mentor, text=text, answers=all_right(text))
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY
    # She has not briefed herself: the program notes what follows.
    assert Entry.objects.get(act="intake.brief").actor == "system:training"


def test_mentee_answers_in_her_language(division: Division) -> None:
    mentee = make_enrolment(Role.MENTEE, division)
    for text in texts("ar", Role.MENTEE):
        assert text.language == "ar"
        assert answer_questions(by=herself(mentee.person), enrolment=mentee, text=text, answers=all_right(text)).is_done
    assert not queries.modules_left(mentee.person_id, Role.MENTEE).exists()


@pytest.mark.parametrize("answers", [{99: 0}, {0: 99}, {-1: 0}, {0: -1}])
def test_answer_that_is_none_is_refused(mentor: Enrolment, answers: dict[int, int]) -> None:
    with pytest.raises(ValidationError, match="Choose one"):
        answer_questions(by=herself(mentor.person), enrolment=mentor, text=texts()[0], answers=answers)


def test_nobody_answers_for_another(mentor: Enrolment, division: Division) -> None:
    other = make_enrolment(Role.MENTOR, division, enrolment={"briefed_on": None})
    text = texts()[0]
    with pytest.raises(NotAllowedError, match="not your training"):
        answer_questions(by=herself(other.person), enrolment=mentor, text=text, answers=all_right(text))
    assert not ModuleProgress.objects.exists()


@pytest.mark.parametrize("way", [Way.ATTENDED, Way.WAIVED])
def test_she_notes_only_what_she_has_read(mentor: Enrolment, way: Way) -> None:
    with pytest.raises(NotAllowedError, match="coordinator notes"):
        note_training(
            by=herself(mentor.person), enrolment=mentor, module=texts()[0].module, way=way, on=TODAY, reason="Tired."
        )


def test_she_notes_nothing_without_the_answers(mentor: Enrolment) -> None:
    by, text = herself(mentor.person), texts()[0]
    with pytest.raises(NotAllowedError, match="Answer all"):
        note_training(by=by, enrolment=mentor, module=text.module, way=Way.READ, on=TODAY)
    answer_questions(by=by, enrolment=mentor, text=text, answers={0: text.questions[0]["right"]})
    with pytest.raises(NotAllowedError, match="Answer all"):
        note_training(by=by, enrolment=mentor, module=text.module, way=Way.READ, on=TODAY)


def test_who_has_left_answers_nothing(division: Division) -> None:
    left = make_enrolment(Role.MENTOR, division, enrolment={"ended_on": TODAY, "end_reason": "moved"})
    with pytest.raises(NotAllowedError, match="has left"):
        answer_questions(by=herself(left.person), enrolment=left, text=texts()[0], answers={})


def test_mentee_answers_no_mentor_s_module(division: Division) -> None:
    mentee, text = make_enrolment(Role.MENTEE, division), texts()[0]
    with pytest.raises(ValidationError, match="other role"):
        answer_questions(by=herself(mentee.person), enrolment=mentee, text=text, answers=all_right(text))
    assert not Attendance.objects.exists()


def test_two_programmes_ask_together(mentor: Enrolment, division: Division) -> None:
    one, two = (text.module.slug for text in texts()[:2])
    for enrolment, slug in ((mentor, one), (None, two)):
        programme = enrolment.programme if enrolment else make_programme(modules=[slug])
        if enrolment:
            make_version(programme, modules=[slug])
        else:
            make_enrolment(
                Role.MENTOR, division, person=mentor.person, programme=programme, enrolment={"briefed_on": None}
            )
    (hers,) = queries.trainings(mentor.person_id, "en")
    assert [part.text.module.slug for part in hers.asked] == [one, two]
    assert [part.text.module.slug for part in hers.parts if not part.is_asked]
    for text in texts()[:2]:
        answer_questions(by=herself(mentor.person), enrolment=mentor, text=text, answers=all_right(text))
    assert not Enrolment.objects.filter(person=mentor.person, briefed_on__isnull=True).exists()


# Reading ------------------------------------------------------------------------------------------------------------


def test_she_marks_what_she_has_read_and_takes_it_back() -> None:
    person = make_person()
    text = queries.chapters(Role.MENTOR, "en")[0]
    note_read(by=herself(person), person=person, text=text)
    assert queries.read_chapters(person.pk) == {text.chapter_id}
    assert queries.readers_of_chapters() == {text.chapter_id: 1}
    forget_read(by=herself(person), person=person, chapter=text.chapter)
    assert queries.read_chapters(person.pk) == set()


def test_nobody_reads_for_another(coordinator: Staff) -> None:
    person, other = make_person(), make_person()
    text = queries.chapters(Role.MENTOR, "en")[0]
    with pytest.raises(NotAllowedError):
        note_read(by=herself(other), person=person, text=text)
    with pytest.raises(NotAllowedError):
        forget_read(by=herself(other), person=person, chapter=text.chapter)
    assert not ReadReceipt.objects.exists()
