"""An import in a real browser: from the files to the undo, without script too, readable by everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from browser.readable import MIRRORED, OpenPage, faults, overflow
from factories.django_rows import make_enrolment, make_person
from imports_steps import MENTEES, MENTORS, PAIRS, Journey
from mentornet.common.jobs import run_ready_job
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.imports.models import Batch
from mentornet.intake.models import Enrolment
from mentornet.programmes.models import Programme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("programme")]


def work() -> None:
    while run_ready_job("tests", timezone.now()):
        pass


def choose_files(page: Page, folder: Path) -> None:
    for subject, text in (("mentors", MENTORS), ("mentees", MENTEES), ("pairs", PAIRS)):
        (folder / f"{subject}.csv").write_text(text, "utf-8")
        page.set_input_files(f"input[name={subject}]", folder / f"{subject}.csv")
    page.get_by_role("button", name="Look at the columns").click()


@pytest.mark.parametrize("script", [True, False])
def test_from_the_files_to_the_undo(desk: OpenPage, tmp_path: Path, script: bool) -> None:
    page = desk("/desk/imports/", java_script_enabled=script)
    page.get_by_role("link", name="Import a list").click()
    choose_files(page, tmp_path)
    expect(page.get_by_role("heading", level=1)).to_have_text("What do the columns mean?")
    page.get_by_label("Yes, on this day").check()
    page.get_by_label("Day of the briefing").fill("2026-01-15")
    page.get_by_role("button", name="Check the lists").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Checking the files")
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready to be taken over", timeout=60_000)
    page.go_back()
    page.go_forward()
    page.get_by_role("button", name="Take everybody over").click()
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everybody is taken over", timeout=60_000)
    assert Enrolment.objects.count() == 5
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This import is undone")
    assert Enrolment.objects.count() == 0


@pytest.fixture
def states(coordinator: Staff, division: Division, programme: Programme) -> dict[str, str]:
    """An address for each state of an import, by its name."""
    by = replace(coordinator, at=timezone.now())
    make_enrolment("mentor", division, person=make_person("Amina", "Yusuf", email="amina@example.org"))

    def journey(**texts: str) -> Journey:
        return Journey.begin(by, division, programme, texts)

    now = timezone.now()
    known = "id,name,email,occupation\nE1,Amina Yusuf,amina@example.org,nurse\nE2,فاطمة بنعلي,f@example.org,\n"
    made = {
        "columns": journey(mentors=MENTORS.replace("occupation", "Was arbeitest du eigentlich am liebsten?")),
        "duplicates": journey(mentees=known).checked(),
        "faults": journey(
            mentees="id,waiting since\n" + "".join(f"E{number},never\n" for number in range(120))
        ).checked(),
        "stopped": journey(mentees=MENTEES).checked(),
        "work": journey(mentees=MENTEES).checked(),
        "done": journey(mentors=MENTORS, mentees=MENTEES, pairs=PAIRS).done(),
    }
    running = Batch.objects.filter(pk=made["work"].batch.pk)
    running.update(state="writing", asked_at=now, heartbeat_at=now + timedelta(hours=1), stage="writing")
    ago = now - timedelta(minutes=1)
    Batch.objects.filter(pk=made["stopped"].batch.pk).update(state="writing", asked_at=ago, heartbeat_at=ago)
    addresses = {name: f"/desk/imports/{journey.batch.pk}/" for name, journey in made.items()}
    return addresses | {
        "files": f"{addresses['columns']}files/",
        "columns": f"{addresses['columns']}columns/",
        "list": "/desk/imports/",
        "new": "/desk/imports/new/",
    }


@pytest.mark.parametrize(
    ("width", "language", "scheme"),
    [(320, "en", "light"), (1280, "en", "dark"), (320, MIRRORED, "dark"), (1280, MIRRORED, "light")],
)
def test_every_state_is_readable_by_everybody(
    desk: OpenPage, states: dict[str, str], width: int, language: str, scheme: str
) -> None:
    page = desk("/desk/imports/", width=width, color_scheme=scheme, language=language)
    found: dict[str, object] = {}
    for name, path in states.items():
        page.goto(path)
        if wrong := [*faults(page), *([f"overflows by {overflow(page)}"] if overflow(page) > 0 else [])]:
            found[name] = wrong
    assert found == {}
