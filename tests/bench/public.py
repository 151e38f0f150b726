"""Measure the public site and the portal: ``python tests/bench/public.py [--quick]`` writes docs/benchmarks-public.md.

The server is the program's own (gunicorn, two processes of four threads) as an installation runs it, on the
demonstration's network of 5,000 people. Requests come when they are due, 50 a second, whether or not the ones before
are answered; the clock runs from when one was due. A file of the same server that costs it nothing is asked for in the
same run, to compare with. Then Chromium opens pages as over a slow 3G connection, by two definitions of it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.measure import Figures, machine, versions
from bench.pages import LETTERS_LINK
from bench.report import seconds
from bench.report import table as markdown
from serving import of_nobody, served

PROJECT: Final = Path(__file__).resolve().parents[2]
HERE: Final = Path(__file__).parent
A_SECOND: Final = 50
GOAL: Final = 0.15
FIRST_VIEW_GOAL: Final = 5.0
OTHER: Final = "a file that costs nothing (the mark)"
OTHER_PATH: Final = "/static/ui/mark.svg"
PATIENCE: Final = 60
LATENCIES: Final = {
    "strict": (2_000, "the preset “Slow 3G” of the developer tools: 400 kbit/s, 2,000 ms for each request"),
    "mild": (400, "as pages are measured elsewhere: 400 kbit/s, 400 ms there and back"),
}
"""Two definitions of slow 3G, the harder one first: the goal is for that one."""
BARE: Final = "The bare address"
FIRST_VIEWS: Final = (
    BARE,
    "Home",
    "Apply: the first page",
    "A chapter",
    "Her first page",
    "Her proposal",
    LETTERS_LINK,
)

Asked = Mapping[str, list[tuple[str, str]]]


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def fill(environment: Mapping[str, str], *, pilot: bool) -> Asked:
    done = subprocess.run(
        [sys.executable, str(HERE / "public_people.py"), *(["--pilot"] if pilot else [])],
        env=dict(environment) | {"MENTORNET_DEMO": "yes"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: Asked = json.loads(done.stdout)
    return found


# An open loop -------------------------------------------------------------------------------------------------------


def ask(port: int, path: str, cookie: str, due: float) -> tuple[int, float]:
    """Ask for a page, and return its status and how long after it was due its last byte came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - due
    finally:
        connection.close()


def loaded(port: int, asked: Asked, *, for_seconds: int) -> Figures:
    """Ask for all pages in turn, 50 a second, for so long."""
    # A letter's link leads on, and opens a session: it is looked at by itself.
    pages = {**{name: one for name, one in asked.items() if name != LETTERS_LINK}, OTHER: [(OTHER_PATH, "")]}
    names = sorted(pages)
    draw = random.Random(1)
    for name in names:
        # Both processes have read their templates and catalogues before the clock counts.
        for path, cookie in pages[name][:8] * 2:
            status, _took = ask(port, path, cookie, time.perf_counter())
            if status != 200:
                raise RuntimeError(f"{path} answers {status}")
    plan = [(name, draw.choice(pages[name])) for _ in range(A_SECOND * for_seconds) for name in [draw.choice(names)]]
    times: defaultdict[str, list[float]] = defaultdict(list)
    wrong = 0
    with ThreadPoolExecutor(128) as pool:
        begin, waiting = time.perf_counter() + 0.5, []
        for number, (name, (path, cookie)) in enumerate(plan):
            due = begin + number / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append((name, pool.submit(ask, port, path, cookie, due)))
        for name, answer in waiting:
            status, took = answer.result()
            wrong += status != 200
            times[name].append(took)
    everything = [took for name, found in times.items() if name != OTHER for took in found]
    return {
        "pages": {name: summary(found) for name, found in sorted(times.items())},
        "all": summary(everything),
        "wrong": wrong,
        "seconds": for_seconds,
    }


def summary(times: list[float]) -> dict[str, float]:
    cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    return {"count": len(times), "p50": cuts[9], "p95": cuts[18], "max": max(times)}


# A slow connection --------------------------------------------------------------------------------------------------

_PAINT: Final = """() => {
  const first = performance.getEntriesByName('first-contentful-paint')[0];
  const opened = performance.getEntriesByType('navigation')[0];
  const fetched = performance.getEntriesByType('resource');
  return {
    blocking: fetched.filter((one) => one.renderBlockingStatus === 'blocking').length,
    fetched: fetched.length,
    painted: first ? first.startTime / 1000 : null,
    ready: opened.domContentLoadedEventEnd / 1000,
    loaded: opened.loadEventEnd / 1000,
    bytes: opened.transferSize + fetched.reduce((sum, one) => sum + one.transferSize, 0),
    heaviest: fetched.map((one) => [new URL(one.name).pathname.split('/').pop(), one.transferSize])
      .sort((one, other) => other[1] - one[1]).slice(0, 4),
  };
}"""


def first_views(address: str, asked: Asked, latency: int) -> dict[str, Any]:
    """Open pages as somebody does who has never been here, over a slow connection."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    found: dict[str, Any] = {}
    asked = {**asked, BARE: [("/", "")]}
    slow = {"offline": False, "latency": latency, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name in FIRST_VIEWS:
            if name not in asked:
                continue
            # In Arabic where the address names a language: its letters are the heaviest.
            path, cookie = next((one for one in asked[name] if one[0].startswith("/ar/")), asked[name][0])
            context = browser.new_context(viewport={"width": 360, "height": 740}, locale="ar")
            if cookie:
                key, _, value = cookie.partition("=")
                context.add_cookies([{"name": key, "value": value, "url": address}])
            page = context.new_page()
            wire = context.new_cdp_session(page)
            wire.send("Network.enable")
            wire.send("Network.emulateNetworkConditions", slow)
            answer = page.goto(address + path, wait_until="load", timeout=120_000)
            if answer is None or not answer.ok or (name == LETTERS_LINK) != (path not in page.url):
                raise RuntimeError(f"{name} ends at {page.url}")
            found[name] = page.evaluate(_PAINT)
            while found[name]["painted"] is None:
                # On a busy machine the browser notes its painting later than it has loaded.
                page.wait_for_timeout(100)
                found[name] = page.evaluate(_PAINT)
            # Painted and heard: links and forms work without scripts, so nothing else is waited for.
            found[name]["usable"] = max(found[name]["painted"], found[name]["ready"])
            context.close()
        browser.close()
    return found


# The page -----------------------------------------------------------------------------------------------------------


def page(figures: Figures) -> str:
    load, other = figures["load"], figures["load"]["pages"][OTHER]
    rows = [
        [
            name,
            f"{one['count']:,}",
            seconds(one["p50"]),
            seconds(one["p95"]),
            seconds(one["max"]),
            f"{one['p50'] / other['p50']:.1f}",
        ]
        for name, one in load["pages"].items()
    ]
    return "\n".join(
        [
            "# The public site and the portal, measured",
            "",
            (
                f"One run of `make bench` on {figures['date']}, on a shared machine (load {figures['machine']['load']}"
                f" when it began, {figures['machine']['load_after']} when it ended), on {figures['database']}:"
                f" {A_SECOND} requests a second for {load['seconds']} seconds, drawn by chance from these pages, each"
                " sent when it was due, whether or not the ones before were answered. The clock runs from then to"
                " the last byte. Two processes of the program's own server, no cache before it. The last column"
                " compares with the file in the same run."
            ),
            "",
            (
                f"- Machine: {figures['machine']['processor']}, {figures['machine']['cores']} cores,"
                f" {figures['machine']['memory_gib']} GiB"
            ),
            f"- People: the demonstration's network ({figures['size']}), in all five languages.",
            "",
            markdown(["Page", "asked", "p50", "p95", "most", "times the file"], rows),
            "",
            "## First view over slow 3G",
            "",
            (
                "Chromium at 360 px, the public pages in Arabic, nothing kept from before. *Usable* is when it is"
                " painted and its scripts have run, though links and forms need none. *Waited for* are the files"
                " without which nothing is painted."
            ),
            "",
            *(
                line
                for kind, (_latency, words) in LATENCIES.items()
                for line in (f"{words[0].upper()}{words[1:]}.", "", _views(figures["views"][kind]), "")
            ),
            "## Goals",
            "",
            markdown(
                ["Goal", "figure", "reached"], [[*goal[:2], "yes" if goal[2] else "**no**"] for goal in goals(figures)]
            ),
        ]
    )


def _views(views: Mapping[str, Any]) -> str:
    rows = [
        [
            name,
            f"{one['painted']:.2f} s",
            f"{one['usable']:.2f} s",
            f"{one['loaded']:.2f} s",
            f"{one['blocking']} of {one['fetched']}",
            f"{one['bytes'] / 1000:,.0f} kB",
            ", ".join(f"{file} {size / 1000:,.0f}" for file, size in one["heaviest"]),
        ]
        for name, one in views.items()
    ]
    return markdown(["Page", "first paint", "usable", "all loaded", "waited for", "bytes", "heaviest, in kB"], rows)


def goals(figures: Figures) -> list[tuple[str, str, bool]]:
    load = figures["load"]
    found = [
        (
            f"All pages together, {A_SECOND} requests a second: p95 at most {seconds(GOAL)}",
            seconds(load["all"]["p95"]),
            load["all"]["p95"] <= GOAL,
        ),
        ("Answered with the page, all of them", f"{load['wrong']} were not", load["wrong"] == 0),
    ]
    found += [
        (f"{name}: p95 at most {seconds(GOAL)}", seconds(one["p95"]), one["p95"] <= GOAL)
        for name, one in load["pages"].items()
        if name != OTHER
    ]
    found += [
        (
            f"{name}: usable over slow 3G, {kind}, within {FIRST_VIEW_GOAL:.0f} s",
            f"{one['usable']:.2f} s",
            one["usable"] <= FIRST_VIEW_GOAL,
        )
        for kind, views in figures["views"].items()
        for name, one in views.items()
    ]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the public site, and write docs/benchmarks-public.md.")
    parser.add_argument(
        "--quick", action="store_true", help="few people, few seconds; print the page, leave docs alone"
    )
    quick = parser.parse_args().quick
    folder = Path(tempfile.mkdtemp(prefix="mentornet-bench-"))
    # As an installation runs it, but for HTTPS, which a proxy does.
    environment = of_nobody(folder) | {
        "MENTORNET_HTTPS": "no",
        "MENTORNET_HOSTS": "127.0.0.1",
        "MENTORNET_MAIL_URL": "consolemail://",
    }
    url = os.environ.get("MENTORNET_TEST_DATABASE_URL")
    if url is not None and not quick:
        environment["MENTORNET_DATABASE_URL"] = _own_database(url)
    figures: dict[str, Any] = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "size": "48 people" if quick else "5,000 people",
        "database": "PostgreSQL" if "MENTORNET_DATABASE_URL" in environment else "SQLite",
    }
    try:
        say("filling")
        asked = fill(environment, pilot=quick)
        with served("serve", environment=environment, log=folder / "log") as address:
            port = int(address.rpartition(":")[2])
            say("asking")
            figures["load"] = loaded(port, asked, for_seconds=5 if quick else 40)
            say("looking")
            figures["views"] = {
                kind: first_views(address, asked, latency) for kind, (latency, _words) in LATENCIES.items()
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    if quick:
        sys.stdout.write(page(figures))
        return 0
    place = PROJECT / "docs" / "benchmarks-public.md"
    place.write_text(page(figures), encoding="utf-8")
    say(f"written: {place.relative_to(PROJECT)}")
    return 0


def _own_database(url: str) -> str:
    """Make a database beside the one of ``url``, and return its address."""
    from psycopg import connect  # noqa: PLC0415 - only where there is a PostgreSQL

    with connect(url.replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute('create database "benchpublic"')
    return url.replace("/postgres?", "/benchpublic?")


if __name__ == "__main__":
    sys.exit(main())
