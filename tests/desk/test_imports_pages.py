"""The import on the desk: from the files to the undo, and what other divisions see of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import make_enrolment, make_person
from imports_steps import Journey
from mentornet.common.jobs import run_ready_job as run_job
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.imports.enums import BatchState
from mentornet.imports.models import Batch
from mentornet.intake.models import Enrolment
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from pages import untranslated

SignIn = Callable[[Client, Staff], Client]
MENTORS = b"id,name,What is your first language?,capacity\nM1,Karen Lund,da,2\nM2,Bodil Dam,da,1\n"
MENTEES = b"id;navn;sprog;venter siden\nE1;Amina Yusuf;arabisk;2025-10-01\n"
COLUMNS = {
    **dict(
        zip(("mentors-0", "mentors-1", "mentors-2", "mentors-3"), ("id", "name", "languages", "capacity"), strict=True)
    ),
    **dict(
        zip(
            ("mentees-0", "mentees-1", "mentees-2", "mentees-3"),
            ("id", "name", "languages", "waiting_since"),
            strict=True,
        )
    ),
    "are_briefed": "yes",
    "briefed_on": "2026-01-10",
}


def run_ready_job() -> bool:
    return run_job("tests", timezone.now())


def a_file(content: bytes, name: str) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


@pytest.fixture
def desk(client: Client, coordinator: Staff, sign_in: SignIn) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def journey(coordinator: Staff, division: Division, programme: Programme) -> Callable[..., Journey]:
    def begin(**texts: str | bytes) -> Journey:
        return Journey.begin(coordinator, division, programme, texts)

    return begin


def address(name: str, batch: Batch) -> str:
    return reverse(f"desk:{name}", args=[batch.pk])


def data_of(division: Division, programme: Programme, **files: bytes) -> dict[str, object]:
    data: dict[str, object] = {"division": division.pk, "programme": programme.pk}
    return data | {subject: a_file(content, f"{subject}.csv") for subject, content in files.items()}


def begin(desk: Client, division: Division, programme: Programme, **files: bytes) -> Batch:
    answer = desk.post(reverse("desk:import_new"), data_of(division, programme, **files))
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("created_at")


def text_of(desk: Client, url: str) -> str:
    answer = desk.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_is_taken_over_and_undone(desk: Client, division: Division, programme: Programme) -> None:
    batch = begin(desk, division, programme, mentors=MENTORS, mentees=MENTEES)
    page = text_of(desk, address("import_columns", batch))
    assert "What is your first language?" in page
    assert "Not known" in page

    here = address("import", batch)
    assert desk.post(address("import_columns", batch), COLUMNS).headers["Location"] == here
    assert "Waits for its turn." in text_of(desk, here)
    assert run_ready_job()
    page = text_of(desk, here)
    assert "Ready to be taken over" in page
    assert "Karen" in page
    desk.post(address("import_write", batch), {"act": "write"})
    desk.post(address("import_write", batch), {"act": "write"})
    assert run_ready_job()
    assert not run_ready_job()
    assert Enrolment.objects.count() == 3
    assert "Everybody is taken over" in text_of(desk, here)
    desk.post(address("import_undo", batch))
    assert Person.objects.count() == 0
    assert "This import is undone" in text_of(desk, here)
    assert Batch.objects.get().undone_name == "Inger Holm"


def test_another_divisions_import_is_not_there(
    client: Client, other_coordinator: Staff, sign_in: SignIn, journey: Callable[..., Journey]
) -> None:
    batch = journey(mentees=MENTEES).checked().batch
    stranger = sign_in(client, other_coordinator)
    for name in ("import", "import_files", "import_columns", "import_faults", "import_progress"):
        assert stranger.get(address(name, batch)).status_code == 404
    for name in ("import_write", "import_again", "import_undo", "import_discard"):
        assert stranger.post(address(name, batch)).status_code == 404
    assert "mentees.csv" not in text_of(stranger, reverse("desk:imports"))
    assert Batch.objects.get().state == BatchState.CHECKED


def test_a_division_that_is_not_hers_cannot_be_chosen(
    desk: Client, other_division: Division, programme: Programme
) -> None:
    answer = desk.post(reverse("desk:import_new"), data_of(other_division, programme, mentees=MENTEES))
    assert answer.status_code == 200
    assert not Batch.objects.exists()


def test_the_good_file_is_kept_when_another_cannot_be_read(
    desk: Client, division: Division, programme: Programme
) -> None:
    data = data_of(division, programme, mentees=MENTEES, mentors=b"%PDF-1.7")
    page = desk.post(reverse("desk:import_new"), data).content.decode()

    assert "this is not a spreadsheet" in page
    batch = Batch.objects.get()
    assert address("import_files", batch) in page
    answer = desk.post(address("import_files", batch), data_of(division, programme, mentors=MENTORS))
    assert answer.headers["Location"] == address("import_columns", batch)
    assert sorted(batch.files.values_list("subject", flat=True)) == ["mentees", "mentors"]


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({}, "Choose at least one file."),
        ({"mentors": b""}, "the file is empty"),
        ({"mentors": b"id,name\n"}, "nobody is in it"),
        ({"mentees": b"id,capacity\n1,2\n"}, "looks like the file of mentors"),
        ({"mentees": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, "old Excel file"),
        ({"mentees": b"x" * (10 * 1024 * 1024 + 1)}, "larger than 10 MB"),
    ],
)
def test_files_that_cannot_be_are_refused_in_a_sentence(
    desk: Client, division: Division, programme: Programme, files: dict[str, bytes], word: str
) -> None:
    page = desk.post(reverse("desk:import_new"), data_of(division, programme, **files)).content.decode()
    assert word in page
    assert not Batch.objects.exists()


def test_columns_keep_what_was_chosen_when_something_is_missing(
    desk: Client, division: Division, programme: Programme
) -> None:
    batch = begin(desk, division, programme, mentors=MENTORS)
    data = COLUMNS | {"mentors-0": "", "mentors-2": "languages", "are_briefed": ""}
    page = desk.post(address("import_columns", batch), data).content.decode()

    assert "mentors.csv: Nothing tells the rows apart yet. Choose the column with the ids, or" in page
    assert "Say whether these mentors have been briefed." in page
    assert '<option value="languages" selected' in page


def test_a_list_without_ids_offers_the_row_numbers(desk: Client, division: Division, programme: Programme) -> None:
    batch = begin(desk, division, programme, mentors=b"Navn;Tlf.\nKaren Holm;20112233\n")
    page = text_of(desk, address("import_columns", batch))
    assert "Row numbers" in page
    assert "No column looks like an id" in page
    assert '<select class="control" name="mentors-rows" id="id_mentors-rows"><option value="">Not used</option>' in page
    chosen = {"mentors-0": "name", "mentors-1": "phone", "are_briefed": "no"}

    refused = desk.post(address("import_columns", batch), chosen | {"mentors-rows": ""}).content.decode()
    assert "Nothing tells the rows apart yet" in refused
    desk.post(address("import_columns", batch), chosen | {"mentors-rows": "id"})
    assert run_ready_job()
    assert "a file of pairs cannot refer to it" in text_of(desk, address("import", batch))


def test_a_file_of_pairs_has_no_row_numbers_to_offer(desk: Client, journey: Callable[..., Journey]) -> None:
    page = text_of(desk, address("import_columns", journey(pairs="Mentee nr,Mentor nr\n1,2\n").batch))
    assert "Row numbers" not in page
    assert '<option value="mentee_id" selected' in page


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"division": ""}, "Choose the division into which these people come."),
        ({"programme": str(uuid4())}, "Choose the programme in which these people take part."),
    ],
)
def test_the_first_form_speaks_in_our_words(
    desk: Client, division: Division, programme: Programme, data: dict[str, str], word: str
) -> None:
    page = desk.post(reverse("desk:import_new"), data_of(division, programme, mentees=MENTEES) | data).content.decode()
    assert word in page
    assert "Select a valid choice" not in page
    assert "This field is required" not in page


def test_the_columns_form_speaks_in_our_words(desk: Client, division: Division, programme: Programme) -> None:
    batch = begin(desk, division, programme, mentors=MENTORS)
    data = COLUMNS | {"mentors-2": "colour", "briefed_on": "yesterday"}
    page = desk.post(address("import_columns", batch), data).content.decode()
    assert "Choose one of the columns in the list." in page
    assert "Write a day that exists, such as 2026-11-21." in page
    assert "Enter a valid date" not in page


def test_imports_of_one_day_are_told_apart_by_the_time_and_who(desk: Client, journey: Callable[..., Journey]) -> None:
    first, second = journey(mentees=MENTEES).batch, journey(mentees=MENTEES).batch
    at = datetime(2026, 3, 2, 8, 14, tzinfo=UTC)
    Batch.objects.filter(pk=first.pk).update(created_at=at)
    Batch.objects.filter(pk=second.pk).update(created_at=at + timedelta(minutes=1))
    page = text_of(desk, reverse("desk:imports"))
    assert page.index("2 March 2026, 09:15") < page.index("2 March 2026, 09:14")
    assert page.count("<bdi>Inger Holm</bdi>") == 2


def test_an_undone_import_says_in_the_list_who_undid_it(desk: Client, journey: Callable[..., Journey]) -> None:
    desk.post(address("import_undo", journey(mentees=MENTEES).done().batch))
    assert "undone by <bdi>Inger Holm</bdi>" in text_of(desk, reverse("desk:imports"))


def test_faults_stand_by_row_and_column_and_can_be_downloaded(desk: Client, journey: Callable[..., Journey]) -> None:
    batch = journey(mentees="id,name,waiting since\nE1,=SUM(A1),31-02-2026\nE2,=1+1,=NOW()\n").checked().batch

    page = text_of(desk, address("import", batch))
    assert "2 things are wrong" in page
    assert "31-02-2026" in page
    assert "Take everybody over" not in page
    listed = desk.get(address("import_faults", batch)).content.decode("utf-8-sig").splitlines()
    assert listed[0] == "File,Row,Column,Value,What is expected"
    assert listed[1].startswith('mentees.csv,2,waiting since,31-02-2026,"expected a date that exists')
    assert ",'=NOW()," in listed[2]
    desk.post(address("import_write", batch), {"act": "write"})
    assert not Person.objects.exists()


def test_duplicates_are_chosen_about_one_by_one(
    desk: Client, journey: Callable[..., Journey], division: Division, other_division: Division
) -> None:
    known = make_person("Amina", "Yusuf", email="amina@example.org", phone="20112233")
    make_enrolment("mentor", division, person=known)
    make_enrolment("mentee", other_division, person=make_person("Amina", "Yusuf", email="amina@example.org"))
    batch = journey(mentees="id,name,email\nE1,Amina Yusuf,amina@example.org\n").checked().batch
    page = text_of(desk, address("import", batch))
    assert "20112233" in page
    assert page.count("known already</span>") == 1

    desk.post(address("import_write", batch), {"act": "write"})
    assert Batch.objects.get().state == BatchState.CHECKED
    desk.post(address("import_write", batch), {"act": "write", "choice-mentees:2": f"same:person:{known.pk}"})
    while run_ready_job():
        pass
    assert known.enrolments.count() == 2


def test_progress_answers_a_fragment_and_then_leads_on(desk: Client, journey: Callable[..., Journey]) -> None:
    batch = journey(mentees=MENTEES).checked().batch
    now = timezone.now()
    Batch.objects.update(state="writing", asked_at=now, heartbeat_at=now, stage="reading", rows_done=1, rows_total=3)
    page = text_of(desk, address("import", batch))
    assert 'http-equiv="refresh"' in page
    fragment = desk.get(address("import_progress", batch), headers={"HX-Request": "true"})
    assert "1 of 3 done." in fragment.content.decode()
    assert b"<html" not in fragment.content
    Batch.objects.update(state="checked")
    done = desk.get(address("import_progress", batch), headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == address("import", batch)
    assert desk.get(address("import_progress", batch)).headers["Location"] == address("import", batch)


def test_work_that_stopped_says_so_and_starts_again(desk: Client, journey: Callable[..., Journey]) -> None:
    batch = journey(mentees=MENTEES).checked().batch
    ago = timezone.now() - timedelta(seconds=31)
    Batch.objects.update(state="writing", asked_at=ago, begun_at=ago, heartbeat_at=ago)
    assert "The import stopped before anything was written" in text_of(desk, address("import", batch))

    desk.post(address("import_again", batch))
    desk.post(address("import_again", batch))
    while run_ready_job():
        pass

    assert Enrolment.objects.count() == 1


def test_an_undo_that_is_refused_names_who(desk: Client, journey: Callable[..., Journey]) -> None:
    done = journey(mentees=MENTEES).done()
    desk.post(reverse("desk:give_word", args=[Enrolment.objects.get().pk]), {"next_on": "2027-01-05"})
    if Enrolment.objects.get().last_word_on is None:
        pytest.skip("the waiting list's own page is not there")
    answer = desk.post(address("import_undo", done.batch), follow=True)
    assert "Amina Yusuf" in answer.content.decode()
    assert Person.objects.count() == 1


def test_an_import_can_be_discarded_and_a_file_taken_out(desk: Client, journey: Callable[..., Journey]) -> None:
    batch = journey(mentees=MENTEES, mentors=MENTORS).batch
    desk.post(reverse("desk:import_drop", args=[batch.pk, "mentors"]))
    assert [file.subject for file in batch.files.all()] == ["mentees"]
    desk.post(reverse("desk:import_drop", args=[batch.pk, "mentees"]))
    assert batch.files.count() == 1
    desk.post(address("import_discard", batch))
    assert not Batch.objects.exists()


@pytest.mark.parametrize("subject", ["mentors", "mentees", "pairs"])
def test_templates_are_handed_out_in_both_languages(desk: Client, subject: str) -> None:
    for language in ("en", "da"):
        answer = desk.get(reverse("desk:import_template", args=[subject, language]))
        assert answer.content.startswith(b"PK")
    assert desk.get(reverse("desk:import_template", args=[subject, "xx"])).status_code == 404


def test_the_list_costs_the_same_however_long(desk: Client, journey: Callable[..., Journey]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            text_of(desk, reverse("desk:imports"))
        return len(captured)

    journey(mentees=MENTEES)
    one = queries()
    journey(mentees=MENTEES, mentors=MENTORS)
    journey(mentees=MENTEES)
    assert queries() == one


def test_every_page_is_translated(desk: Client, journey: Callable[..., Journey], division: Division) -> None:
    make_enrolment("mentor", division, person=make_person("Amina", "Yusuf", email="amina@example.org"))
    duplicate = "id,name,email,occupation\nE1,Amina Yusuf,amina@example.org,nurse\n"
    batches = [
        journey(mentees=MENTEES, mentors=MENTORS).batch,
        journey(mentees=duplicate).checked().batch,
        journey(mentees="id,waiting since\nE1,x\n").checked().batch,
        journey(mentors="id,name\nM1,Karen Lund\n").done().batch,
    ]
    urls = [reverse("desk:imports"), reverse("desk:import_new"), address("import_columns", batches[0])]
    urls += [address("import_files", batches[0]), *(address("import", batch) for batch in batches[1:])]
    for language in settings.DESK_LANGUAGES:
        desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for url in urls:
            page = text_of(desk, url)
            if language not in {"en", "da"}:
                assert untranslated(page) == [], url
