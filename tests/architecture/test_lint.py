"""What ruff is to keep out, it keeps out, and only there."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

import pytest

from sources import ROOT

INSIDE_A_FUNCTION: Final = "def ask() -> None:\n    from mentornet.people import models\n"


def found_by_ruff(module: str, code: str) -> set[str]:
    """Return the codes that ruff reports of ``code`` as if it stood in ``module``; what lacks beside it counts not."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=json", "--stdin-filename", module, "-"],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    return {str(fault["code"]) for fault in json.loads(done.stdout)} & {"TID251", "PLC0415"}


@pytest.mark.parametrize(
    ("module", "code", "found"),
    [
        ("src/mentornet/people/services.py", "from django.http import Http404", {"TID251"}),
        ("src/mentornet/people/services.py", "from django.shortcuts import get_object_or_404", {"TID251"}),
        ("src/mentornet/people/services.py", "from django.contrib import messages", {"TID251"}),
        ("src/mentornet/people/models.py", "from django.db.models.signals import post_save", {"TID251"}),
        ("src/mentornet/people/apps.py", "from django.dispatch import receiver", {"TID251"}),
        ("src/mentornet/people/receivers.py", "from django.dispatch import receiver", set()),
        ("src/mentornet/web/desk/people/views.py", "from django.http import Http404", set()),
        ("src/mentornet/people/services.py", INSIDE_A_FUNCTION, {"PLC0415"}),
        ("src/mentornet/web/desk/people/views.py", INSIDE_A_FUNCTION, {"PLC0415"}),
    ],
)
def test_import_out_of_its_place_is_found(module: str, code: str, found: set[str]) -> None:
    assert found_by_ruff(module, code) == found
