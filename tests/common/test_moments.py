"""Days and hours in words: by the wall's clock, as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final

import pytest
from django.utils import translation

from mentornet.common.moments import dated_when_words, dated_words, day_words, hour_words, when_words

DAY: Final = date(2026, 3, 9)
# A quarter to midnight in universal time is the next day already on the wall.
LATE: Final = datetime(2026, 3, 8, 23, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "near", "dated", "hour", "when", "dated_when"),
    [
        (
            *("en", "Monday 9 March", "Monday 9 March 2026", "17:30"),
            *("Monday 9 March at 00:45", "Monday 9 March 2026 at 00:45"),
        ),
        (
            *("da", "mandag den 9. marts", "mandag den 9. marts 2026", "17.30"),
            *("mandag den 9. marts kl. 00.45", "mandag den 9. marts 2026 kl. 00.45"),
        ),
    ],
)
def test_days_and_hours_are_written_as_the_language_does(
    language: str, near: str, dated: str, hour: str, when: str, dated_when: str
) -> None:
    with translation.override(language):
        assert (day_words(DAY), dated_words(DAY), hour_words(time(17, 30))) == (near, dated, hour)
        assert (when_words(LATE), dated_when_words(LATE)) == (when, dated_when)
