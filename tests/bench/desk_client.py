"""What a coordinator's browser asks, timed: ``python desk_client.py PORT ROUNDS``; prints figures as JSON.

The clock runs from the first byte of the request to the last of the answer, over one kept connection.
"""

# ruff: noqa: E402 - Django is set up before its models are imported
from __future__ import annotations

import http.client
import json
import os
import re
import sys
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentornet.accounts.models import User
from mentornet.intake.models import Enrolment
from mentornet.people.models import Person

LEAD = "bench@example.org"
SEARCHES = ("", "an", "sygeple", "maria", "q=o&language=ar", "kok", "x", "b")


def addresses(count: int) -> dict[str, list[str]]:
    """Return what is asked for each page, each time something else."""
    # Those who wait and those in the bank; who is in a running pair is neither.
    free = Enrolment.objects.filter(active=0).order_by("pk")
    mentees, mentors = list(free.filter(role="mentee")[:count]), list(free.filter(role="mentor")[:count])
    # From the middle to the end, at every size.
    last = Person.objects.count() // 25
    deep = [last // 2, last * 3 // 4, last]
    return {
        "Today": [reverse("desk:today"), reverse("desk:today") + "?whose=all"],
        "The week": [reverse("desk:week"), reverse("desk:week") + "?whose=all"],
        "Caseload": [reverse("desk:caseload")],
        "Waiting list": [reverse("desk:waiting"), reverse("desk:waiting") + "?page=2"],
        "Mentor bank search": [f"{reverse('desk:bank')}?{text if '=' in text else 'q=' + text}" for text in SEARCHES],
        "Match desk": [reverse("desk:match", kwargs={"mentee_id": one.pk}) for one in mentees],
        "People, deep in the list": [f"{reverse('desk:people')}?page={number}" for number in deep],
        "Waiting list, nobody fits": [reverse("desk:waiting") + "?fit=nobody"],
        "Person": [reverse("desk:person", kwargs={"person_id": one.person_id}) for one in (*mentees, *mentors)],
    }


class Browser:
    """One connection, signed in."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookie = ""

    def ask(self, path: str, method: str = "GET", body: str = "") -> tuple[int, bytes, float]:
        headers = {"Cookie": self.cookie, "Accept-Language": "da"}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": "http://127.0.0.1/"}
        start = time.perf_counter()
        self.connection.request(method, path, body=body or None, headers=headers)
        answer = self.connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - start
        for kept in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = kept.partition("=")
            others = [one for one in self.cookie.split("; ") if one and not one.startswith(f"{name}=")]
            self.cookie = "; ".join([*others, f"{name}={rest.partition(';')[0]}"])
        return answer.status, content, took

    def sign_in(self) -> None:
        _, page, _ = self.ask("/demo/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        # Not one of the coordinators: whoever sees everybody.
        way = reverse("demo:enter", kwargs={"user_id": User.objects.get(email=LEAD).pk})
        assert token is not None, page[:500]
        status, _, _ = self.ask(way, "POST", f"csrfmiddlewaretoken={token[1].decode()}")
        assert status == 302, status


def timed(port: int, rounds: int) -> dict[str, Any]:
    asked = addresses(40)
    # Only now: the server closes a connection on which nothing is asked for two seconds.
    browser = Browser(port)
    browser.sign_in()
    found = {}
    firsts = {page: browser.ask(paths[0])[2] for page, paths in asked.items()}
    for paths in asked.values():
        for path in (*paths, *paths):
            # Each of the server's processes has read the bank before the clock counts, whichever page comes first:
            # one that reads it while another page is timed holds that page up.
            status, content, _ = browser.ask(path)
            assert status == 200, (status, path, content[-2000:])
    for page, paths in asked.items():
        times = []
        for at in range(rounds):
            status, _, took = browser.ask(paths[at % len(paths)])
            assert status == 200, paths[at % len(paths)]
            times.append(took)
        cuts = quantiles(times, n=20, method="inclusive")
        found[page] = {"first": firsts[page], "p50": cuts[9], "p95": cuts[18]}
    return found


def counted() -> dict[str, int]:
    """Return how many queries each page makes at most, in this process, once the bank is in memory."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=LEAD))
    found = {}
    for page, paths in addresses(3).items():
        assert client.get(paths[0]).status_code == 200, paths[0]
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))
        found[page] = max(counts)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"times": timed(int(sys.argv[1]), int(sys.argv[2])), "queries": counted()}))
