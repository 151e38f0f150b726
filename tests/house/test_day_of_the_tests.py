"""Tests that took their day when they were read still have it when midnight has passed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from days import TODAY, day_kept


@pytest.mark.parametrize("later", [timedelta(hours=23, minutes=55), timedelta(days=1, minutes=1), timedelta(days=2)])
def test_day_stays_when_midnight_has_passed(later: timedelta) -> None:
    begin = datetime.combine(TODAY, time(0), timezone.get_current_timezone())
    with time_machine.travel(begin + later, tick=False):
        before = timezone.localtime()
        with day_kept():
            assert (timezone.localdate(), timezone.localtime().hour) == (TODAY, 12)
        assert timezone.localtime() == before


def test_clock_is_left_alone_during_the_day() -> None:
    with time_machine.travel(datetime.combine(TODAY, time(9, 30), timezone.get_current_timezone()), tick=False):
        before = timezone.now()
        with day_kept():
            assert timezone.now() == before


def test_this_module_s_tests_have_its_day() -> None:
    # By the fixture of all tests, because TODAY stands here.
    assert timezone.localdate() == TODAY
