"""Measure early signs and how long pairs last, and write docs/benchmarks-lasting.md: ``python tests/bench/lasting.py``.

A night looks for early signs among 2,000 running pairs and among ten times as many: the time grows with their number.
How long pairs last is computed from 20,000 ended pairs as the worker does it, from the rows to the kept curves. Beside
it, in the same run and on the same days, scipy's ``ecdf`` of censored data estimates the same curves. On the embedded
database, in a process of its own. With ``--quick``, a tenth of both; the page is printed, and nothing written.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy import stats

from bench.measure import Figures, machine, on_a_database_of_its_own
from bench.report import seconds
from bench.report import table as markdown

PROJECT: Final = Path(__file__).resolve().parents[2]
TODAY: Final = date(2026, 3, 2)
AT: Final = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
DAY: Final = timedelta(days=1)
RUNNING: Final = (2_000, 20_000)
ENDED: Final = 20_000
NIGHT_GOAL: Final = 10.0
"""Seconds for a night of 2,000 running pairs."""
FIT_GOAL: Final = 5.0
"""Seconds for 20,000 ended pairs."""
NEVER_SLOWER: Final = 1.6
"""How many times as long a pair may take in the larger night: linear, and some air for a shared machine."""


def make_sides(count: int) -> tuple[list[Any], list[Any], Any]:
    """Write mentees and mentors, with no more than a pair needs."""
    from factories.django_rows import make_division, make_programme  # noqa: PLC0415 - Django is started by then
    from mentornet.intake.models import Application, Enrolment  # noqa: PLC0415
    from mentornet.people.models import Person, Profile  # noqa: PLC0415

    division, programme = make_division(), make_programme()
    sides = []
    for role in ("mentee", "mentor"):
        people = [Person(first_name=role, last_name=str(number), created_at=AT) for number in range(count)]
        for person in people:
            person.set_name_keys()
        profiles = [Profile(person=person, role=role, created_at=AT, changed_at=AT) for person in people]
        shared: dict[str, Any] = {"division": division, "programme": programme, "role": role, "created_at": AT}
        applications = [
            Application(person=person, state="approved", received_on=TODAY - 400 * DAY, **shared) for person in people
        ]
        enrolments = [
            Enrolment(person=one.person, application=one, profile=profile, capacity=1, **shared)
            for one, profile in zip(applications, profiles, strict=True)
        ]
        written: tuple[list[Any], ...] = (people, profiles, applications, enrolments)
        for rows in written:
            type(rows[0]).objects.bulk_create(rows, batch_size=1_000)
        sides.append(enrolments)
    return sides[0], sides[1], division


def make_running(mentees: list[Any], mentors: list[Any], division: Any) -> None:
    """Write running pairs with a year of meetings and signed agreements; about one in six has a sign."""
    from mentornet.partnerships.models import (  # noqa: PLC0415
        Agreement,
        AgreementSignature,
        Meeting,
        Partnership,
    )

    pairs = [
        Partnership(
            mentee=mentee, mentor=mentor, division=division, state="active", matched_on=TODAY - 300 * DAY,
            first_met_on=TODAY - 290 * DAY, agreement_on=TODAY - 288 * DAY, agreed_until=TODAY + 60 * DAY,
            created_at=AT,
        )
        for mentee, mentor in zip(mentees, mentors, strict=True)
    ]  # fmt: skip
    Partnership.objects.bulk_create(pairs, batch_size=1_000)
    Meeting.objects.bulk_create(
        (
            Meeting(partnership=pair, on=TODAY - (days + 50 * (number % 6 == 0)) * DAY, told_by="user:x", created_at=AT)
            for number, pair in enumerate(pairs)
            for days in range(3, 240, 14)
        ),
        batch_size=2_000,
    )
    agreements = [
        Agreement(
            partnership=pair, number=1, template_number=1, terms={"frequency": "fortnight"}, texts={},
            language_mentee="da", language_mentor="da", side="mentor", made_by="x", created_at=AT,
        )
        for pair in pairs
    ]  # fmt: skip
    Agreement.objects.bulk_create(agreements, batch_size=1_000)
    AgreementSignature.objects.bulk_create(
        (
            AgreementSignature(
                agreement=agreement, side=side, signed_on=TODAY - 288 * DAY, name="N", language="da", text_hash="0",
                how="paper", noted_by="x", created_at=AT,
            )
            for agreement in agreements
            for side in ("mentee", "mentor")
        ),
        batch_size=2_000,
    )  # fmt: skip


def make_ended(mentees: list[Any], mentors: list[Any], division: Any, count: int) -> None:
    """Write ended pairs: some before their time, most as agreed."""
    from mentornet.partnerships.models import Partnership  # noqa: PLC0415

    chances = random.Random(2003)
    pairs = []
    for number in range(count):
        lasted = min(365, int(chances.weibullvariate(600, 0.8)) + 2)
        matched_on = TODAY - timedelta(days=chances.randint(lasted + 1, 2_500))
        met_after = chances.randint(2, 40)
        pairs.append(
            Partnership(
                mentee=mentees[number % len(mentees)], mentor=mentors[number % len(mentors)], division=division,
                state="closed", matched_on=matched_on, closed_on=matched_on + lasted * DAY,
                first_met_on=matched_on + met_after * DAY if met_after < lasted else None,
                agreement_on=matched_on + (met_after + 5) * DAY if met_after + 5 < lasted else None,
                agreed_until=matched_on + 365 * DAY, closing_reason="time" if lasted < 365 else "agreed", created_at=AT,
            )
        )  # fmt: skip
    Partnership.objects.bulk_create(pairs, batch_size=1_000)


def ecdf_alone(courses: Any, dimensions: Any) -> float:
    """Return the seconds in which scipy estimates the same curves from the same arrays, with their bands."""
    start = time.perf_counter()
    for dimension in dimensions.values():
        within = courses.days > dimension.known_after
        for code in range(len(dimension.keys)):
            mine = within & (dimension.codes == code)
            days, over = courses.days[mine], courses.ended[mine]
            curve = stats.ecdf(stats.CensoredData(uncensored=days[over], right=days[~over])).sf
            curve.confidence_interval(method="log-log")
    return time.perf_counter() - start


def same_curves(courses: Any) -> float:
    """Return the largest distance between the two estimates of all pairs."""
    from mentornet.followup.lasting import curve_of  # noqa: PLC0415

    ours = curve_of(courses.days, courses.ended)
    over = courses.ended
    theirs = stats.ecdf(stats.CensoredData(uncensored=courses.days[over], right=courses.days[~over])).sf
    return float(np.abs(theirs.evaluate(ours.days) - ours.share).max())


def measure(running: int, ended: int) -> dict[str, Any]:
    """Look for signs among so many running pairs, twice; then compute from so many ended ones, if any."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "mentornet.config.settings"

    import django  # noqa: PLC0415 - its settings come from the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from mentornet.common.actors import System  # noqa: PLC0415
    from mentornet.followup.courses import read_courses  # noqa: PLC0415
    from mentornet.followup.lasting import estimate  # noqa: PLC0415
    from mentornet.followup.services import ask_for_fit, fit_history, look_for_signs  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    mentees, mentors, division = make_sides(running)
    make_running(mentees, mentors, division)
    found: dict[str, Any] = {"running": running, "ended": ended}
    nights = []
    for name, on in (("first_night", AT), ("next_night", AT + DAY)):
        start = time.perf_counter()
        nights.append(look_for_signs(by=System("night", on)))
        found[name] = time.perf_counter() - start
    found["signs"] = nights[0].new
    if nights[1].looked_at != running or nights[1].new:
        raise RuntimeError("the second night has found something new")
    if ended:
        make_ended(mentees, mentors, division, ended)
        by = System("fit", AT)
        fit = ask_for_fit(by=by)
        start, used = time.perf_counter(), time.process_time()
        done = fit_history(by=by, fit_id=fit.pk, attempt=1, clock=lambda: datetime.now(tz=UTC))
        found["fit"], found["busy"] = time.perf_counter() - start, time.process_time() - used
        assert done is not None
        courses, dimensions = read_courses(TODAY, lambda _read: None).ready()
        start = time.perf_counter()
        estimate(courses, dimensions)
        found["estimate"] = time.perf_counter() - start
        found["ecdf"] = ecdf_alone(courses, dimensions)
        found["distance"] = same_curves(courses)
        found["endings"] = done.endings
    return found


def measured(running: int, ended: int) -> Figures:
    """Measure in a process of its own, on a database of its own."""
    return on_a_database_of_its_own(__file__, str(running), str(ended))


def goals(runs: Sequence[Figures]) -> list[tuple[str, str, bool]]:
    """Return each goal with its figure, and whether it is reached."""
    small, large = runs
    growth = (large["first_night"] / large["running"]) / (small["first_night"] / small["running"])
    return [
        (
            f"a night of {small['running']:,} running pairs within {NIGHT_GOAL:g} s",
            seconds(small["first_night"]),
            small["first_night"] <= NIGHT_GOAL,
        ),
        (
            f"a pair of {large['running']:,} takes at most {NEVER_SLOWER:g} times as long",
            f"{growth:.2f}",
            growth <= NEVER_SLOWER,
        ),
        (
            f"how long pairs last, from {large['ended']:,} ended ones, within {FIT_GOAL:g} s",
            seconds(large["fit"]),
            large["fit"] <= FIT_GOAL,
        ),
        ("as scipy has it, to the last digits", f"{large['distance']:.0e}", large["distance"] < 1e-9),
    ]


def page(figures: Figures) -> str:
    """Return docs/benchmarks-lasting.md."""
    runs = figures["runs"]
    nights = [
        [f"{one['running']:,}", f"{one['signs']:,}", seconds(one["first_night"]), seconds(one["next_night"])]
        for one in runs
    ]
    large = runs[-1]
    fit = [
        [
            f"{large['ended']:,}",
            f"{large['endings']:,}",
            seconds(large["fit"]),
            seconds(large["busy"]),
            seconds(large["estimate"]),
            seconds(large["ecdf"]),
            f"{large['estimate'] / large['ecdf']:.1f}",
        ]
    ]
    return "\n".join(
        [
            "# Early signs and how long pairs last, measured",
            "",
            (
                f"One run of `make bench` on {figures['date']}, on a shared machine (load {figures['machine']['load']}"
                f" when it began, {figures['machine']['load_after']} when it ended), on the embedded database. The"
                " first night opens the signs, with their tasks and what the audit keeps; the next one brings them up"
                " to date. *From the rows* is what the worker does: read, estimate, keep. *The estimate* has curves"
                " with bands for each group, and what was foretold of the last from the first; *scipy* estimates the"
                " curves and bands alone, from the same arrays in the same run. The ratio is to that."
            ),
            "",
            (
                f"- Machine: {figures['machine']['processor']}, {figures['machine']['cores']} cores,"
                f" {figures['machine']['memory_gib']} GiB"
            ),
            "",
            markdown(["running pairs", "signs", "the first night", "the next one"], nights),
            "",
            markdown(
                ["ended pairs", "early", "from the rows", "of that, processor", "the estimate", "scipy", "ratio"], fit
            ),
            "",
            "## Goals",
            "",
            markdown(
                ["Goal", "figure", "reached"], [[*goal[:2], "yes" if goal[2] else "**no**"] for goal in goals(runs)]
            ),
        ]
    )


def main() -> int:
    """Measure, and write the page; with ``--quick`` print it."""
    parser = argparse.ArgumentParser(description="Measure early signs, and write docs/benchmarks-lasting.md.")
    parser.add_argument("--quick", action="store_true", help="a tenth of it; print the page, leave docs alone")
    parser.add_argument("--here", type=int, nargs=2, metavar=("RUNNING", "ENDED"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here is not None:
        sys.stdout.write(json.dumps(measure(*arguments.here)) + "\n")
        return 0
    share = 10 if arguments.quick else 1
    figures: Figures = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "machine": machine(),
        "runs": [measured(RUNNING[0] // share, 0), measured(RUNNING[1] // share, ENDED // share)],
    }
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    if arguments.quick:
        sys.stdout.write(page(figures) + "\n")
    else:
        place = PROJECT / "docs" / "benchmarks-lasting.md"
        place.write_text(page(figures) + "\n", encoding="utf-8")
        sys.stderr.write(f"written: {place.relative_to(PROJECT)}\n")
    return 0 if all(goal[2] for goal in goals(figures["runs"])) else 1


if __name__ == "__main__":
    sys.exit(main())
