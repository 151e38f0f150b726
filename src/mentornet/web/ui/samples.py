"""What the styleguide shows: invented people and figures, every component in its states."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.utils.html import format_html

TODAY: Final = date(2026, 3, 4)
ARABIC: Final = "أحب عملي ممرضةً، وأريد أن أتعلم الدنماركية حتى أعمل في المستشفى."
UKRAINIAN: Final = "Я вчителька математики й шукаю свій перший крок до школи в Данії."

BARS: Final[tuple[dict[str, Any], ...]] = (
    {"label": "Same line of work", "contribution": 24, "maximum": 30, "note": "Both are nurses in a hospital."},
    {"label": "First goal", "contribution": 20, "maximum": 20},
    {"label": "Languages in common", "contribution": 9.5, "maximum": 15},
    {"label": "Time of the week", "contribution": 7.5, "maximum": 15, "is_unknown": True},
    {"label": "Interests", "contribution": 2, "maximum": 10},
    {"label": "Waiting", "contribution": 3.1, "maximum": 5, "is_waiting": True},
)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", max_length=80)
    email = forms.EmailField(
        label="E-mail address", help_text="She gets one neutral letter, without the network's name.", required=False
    )
    occupation = forms.ChoiceField(
        label="Occupation",
        choices=[
            ("", "Choose an occupation"),
            ("2221", "Nurse"),
            ("2212", "Doctor, specialist"),
            ("2341", "Primary school teacher"),
            ("2512", "Software developer"),
            ("3411", "Legal assistant"),
            ("5120", "Cook"),
            ("2166", "Grafisk designer, Århus"),
        ],
        help_text="Type to search, or choose from the list.",
    )
    division = forms.ChoiceField(label="Division", choices=[("k", "Copenhagen"), ("a", "Aarhus"), ("o", "Odense")])
    about = forms.CharField(
        label="About her, in her own words",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="Kept in this tab until it is saved.",
    )
    since = forms.DateField(label="Waiting since", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    pace = forms.ChoiceField(
        label="How often can they meet?",
        widget=forms.RadioSelect,
        choices=[("week", "Every week"), ("fortnight", "Every second week"), ("month", "Once a month")],
    )
    times = forms.MultipleChoiceField(
        label="When can she meet?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("morning", "Weekday mornings"), ("evening", "Weekday evenings"), ("weekend", "Weekends")],
        help_text="Choose all that fit.",
        required=False,
    )
    agreed = forms.BooleanField(label="She has agreed that a mentor reads this", required=False)


def wrong_form() -> SampleForm:
    """Return the form as it comes back when something must be put right."""
    form = SampleForm({"name": "", "email": "amina@", "occupation": "2221", "division": "k", "since": "", "pace": ""})
    form.auto_id = "wrong_%s"
    return form


TIMELINE: Final[tuple[dict[str, Any], ...]] = (
    {
        "at": date(2026, 3, 2),
        "title": "Proposed to both",
        "text": "They share the hospital and the wish to begin soon.",
        "who": "Line Krogh",
        "icon": "proposal",
        "tone": "warm",
    },
    {
        "at": date(2026, 2, 11),
        "title": "Interviewed",
        "text": ARABIC,
        "who": "Line Krogh",
        "icon": "note",
        "tone": "info",
    },
    {"at": date(2025, 10, 12), "title": "Application received", "icon": "letter"},
)

STEPS: Final[tuple[dict[str, str], ...]] = (
    {"label": "File", "state": "done", "url": "#steps"},
    {"label": "Columns", "state": "done", "url": "#steps"},
    {"label": "Check", "state": "current"},
    {"label": "Take over", "state": "ahead"},
)

ENDED_STEPS: Final[tuple[dict[str, str], ...]] = (
    {"label": "Matched", "state": "done"},
    {"label": "Met", "state": "done"},
    {"label": "Agreement signed", "state": "skipped"},
    {"label": "Closed", "state": "done"},
)

COLUMNS: Final[tuple[dict[str, Any], ...]] = (
    {"label": "Mentee", "key": "name"},
    {"label": "Waiting", "key": "waiting", "is_number": True},
    {"label": "Occupation"},
    {"label": "What blocks"},
)


def rows() -> list[list[Any]]:
    """Return a table's rows: the first cell leads to the person."""
    people = (
        ("Amina Yusuf", "143 days", "Nurse", "Nothing: three mentors fit"),
        ("Oksana Kovalenko", "61 days", "Mathematics teacher", "No mentor with Saturday free"),
        ("فاطمة بنعلي", "12 days", "Doctor", "No mentor of her field"),
    )
    return [[format_html('<a href="#table"><bdi>{}</bdi></a>', name), *rest] for name, *rest in people]


MONTHS: Final[tuple[dict[str, Any], ...]] = tuple(
    {"label": label, "value": value}
    for label, value in (
        ("September 2025", 118),
        ("October 2025", 131),
        ("November 2025", 143),
        ("December 2025", None),
        ("January 2026", 122),
        ("February 2026", 97),
        ("March 2026", 84),
    )
)

OUTCOMES: Final[tuple[dict[str, Any], ...]] = (
    {"label": "Goal reached", "value": 41, "note": "of 97 closed"},
    {"label": "Agreed end", "value": 33, "note": "of 97 closed"},
    {"label": "Moved away", "value": 14, "note": "of 97 closed"},
    {"label": "No contact", "value": 9, "note": "of 97 closed"},
)


def context() -> dict[str, Any]:
    """Return everything that the styleguide shows."""
    return {
        "today": TODAY,
        "due_friday": date(2026, 3, 6),
        "due_today": TODAY,
        "due_late": date(2026, 2, 28),
        "arabic": ARABIC,
        "ukrainian": UKRAINIAN,
        "form": SampleForm(initial={"name": "Amina Yusuf", "since": date(2025, 10, 12)}),
        "wrong": wrong_form(),
        "bars": BARS,
        "total": 66.1,
        "timeline": TIMELINE,
        "steps": STEPS,
        "ended_steps": ENDED_STEPS,
        "columns": COLUMNS,
        "rows": rows(),
        "months": MONTHS,
        "outcomes": OUTCOMES,
        "page_of_list": Paginator(range(430), 25).page(4),
        "tabs": [
            {"label": "Overview", "url": "#tabs", "is_current": True},
            {"label": "Meetings", "url": "#tabs", "count": 7},
            {"label": "Goals", "url": "#tabs", "count": 2},
            {"label": "History", "url": "#tabs"},
        ],
        "filters": [
            {"name": "All", "url": "#saved", "count": 430, "is_current": True},
            {"name": "Nurses in Copenhagen", "url": "#saved", "count": 12},
            {"name": "Promise this week", "url": "#saved", "count": 4},
        ],
        "division_choices": [("k", "Copenhagen", 212), ("a", "Aarhus", 96), ("o", "Odense", 61), ("e", "Esbjerg", 0)],
        "facts": [
            {"label": "First name", "value": "Amina", "level": "introduction"},
            {"label": "Surname", "value": "Yusuf", "level": "partner"},
            {"label": "About her", "value": ARABIC, "level": "introduction", "written": True},
            {"label": "Telephone", "value": "", "level": "casework"},
            {"label": "Must not meet", "value": "1 person is named", "level": "restricted"},
        ],
        "subjects": [
            {"name": "Karen Lund", "role": "Mentor", "division": "Copenhagen"},
            {"name": "Birgit Aagaard Sørensen", "role": "Mentor", "division": "Copenhagen"},
            {"name": "Nadia Haddad", "role": "Mentor", "division": "Aarhus"},
        ],
        "comparison": [
            {"label": "Occupation", "cells": ["Ward nurse", "Head nurse, retired", "Midwife"]},
            {
                "label": "Languages",
                "cells": ["Danish, English", "Danish, German", "Danish, Arabic"],
                "is_different": True,
            },
            {"label": "Time", "cells": ["Evenings", "Any day", "Saturdays"]},
            {"label": "Idle", "cells": ["34 days", "210 days", "8 days"]},
        ],
        "divisions": [
            {
                "name": "Copenhagen",
                "figures": [{"label": "Waiting", "value": 84}, {"label": "Mentors free", "value": 61}],
            },
            {"name": "Aarhus", "figures": [{"label": "Waiting", "value": 37}, {"label": "Mentors free", "value": 40}]},
            {"name": "Esbjerg", "figures": [{"label": "Waiting", "value": 12}, {"label": "Mentors free", "value": 5}]},
        ],
    }
