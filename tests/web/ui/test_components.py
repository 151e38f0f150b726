"""Components say what they are told, in words as well as in colour, and keep what is in the address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from mentornet.web.ui import charts
from mentornet.web.ui.clocks import clock_words
from mentornet.web.ui.templatetags.ui import initials, points, undo_address

TODAY: Final = date(2026, 3, 4)  # a Wednesday


def render(source: str, address: str = "/", **context: Any) -> str:
    # Pushed, as a view's own context is: it wins over what every page knows.
    page = RequestContext(RequestFactory().get(address))
    page.push(context)
    return " ".join(Template("{% load ui %}" + source).render(page).split())


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("days", "promised_in", "words", "tone"),
    [
        (1, None, "Waiting 1 day", "quiet"),
        (143, None, "Waiting 143 days", "quiet"),
        (143, 2, "Waiting 143 days, promised an answer by Friday", "quiet"),
        (143, 6, "Waiting 143 days, promised an answer by Tuesday", "quiet"),
        (143, 7, "Waiting 143 days, promised an answer by 11 March", "quiet"),
        (1, 0, "Waiting 1 day, promised an answer today", "warn"),
        (9, -1, "Waiting 9 days. The answer promised for 3 March is 1 day late.", "bad"),
        (9, -4, "Waiting 9 days. The answer promised for 28 February is 4 days late.", "bad"),
    ],
)
def test_clock_says_how_long_and_until_when(days: int, promised_in: int | None, words: str, tone: str) -> None:
    promised = None if promised_in is None else TODAY + timedelta(days=promised_in)
    assert clock_words(days, promised, TODAY) == (words, tone)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amina Yusuf", "AY"),
        ("Birgit Aagaard Sørensen", "BS"),
        ("Øda", "Ø"),
        ("", ""),
        ("فاطمة بنعلي", "فب"),
        ("- x", "X"),
    ],
)
def test_initials_are_of_the_first_and_last_word(name: str, letters: str) -> None:
    assert initials(name).replace("\u200c", "") == letters


@pytest.mark.parametrize(("value", "text"), [(24, "24"), (9.5, "9.5"), (3.14159, "3.1"), (0.04, "0"), (100.0, "100")])
def test_points_have_at_most_one_decimal(value: float, text: str) -> None:
    assert points(value) == text


def test_criterion_bars_show_weights_as_lengths_and_say_what_is_unknown() -> None:
    bars = [
        {"label": "Occupation", "contribution": 20, "maximum": 40},
        {"label": "Time", "contribution": 5, "maximum": 10, "is_unknown": True},
        {"label": "Waiting", "contribution": 2, "maximum": 5, "is_waiting": True},
    ]
    marks = charts.criterion_marks(bars)
    assert [(mark["track"], mark["width"], mark["kind"]) for mark in marks] == [
        (100, 50, "known"),
        (25, 12.5, "unknown"),
        (12.5, 5, "waiting"),
    ]
    html = render("{% criterion_bars bars total=27 %}", bars=bars)
    assert "<em>unknown</em> 5 of 10" in html
    assert 'width="12.5"' in html
    assert "20 of 40" in html


def test_score_strip_lays_the_parts_one_after_the_other() -> None:
    bars = [
        {"label": "a", "contribution": 30, "maximum": 60},
        {"label": "b", "contribution": 10, "maximum": 40, "is_unknown": True},
    ]
    assert [(mark["start"], mark["width"]) for mark in charts.strip_marks(bars)] == [(0, 30), (30, 10)]


def test_numbers_in_drawings_keep_their_point_in_danish() -> None:
    bars = [{"label": "a", "contribution": 1, "maximum": 3}]
    request = RequestFactory().get("/")
    from_danish = Template("{% load ui i18n %}{% language 'da' %}{% criterion_bars bars %}{% endlanguage %}")
    assert 'width="33.33"' in from_danish.render(RequestContext(request, {"bars": bars}))


def test_line_leaves_a_gap_where_a_value_is_unknown() -> None:
    values: dict[str, float | None] = {"a": 0, "b": 50, "c": None, "d": 100}
    rows = [{"label": label, "value": value} for label, value in values.items()]
    marks = charts.line_marks(rows)
    assert marks.path == "M0 100h0L33.33 50M100 0h0"
    assert list(marks.ticks) == [100, 50, 0]
    assert (marks.first, marks.last) == ("a", "d")
    assert charts.line_marks(rows[:2], steps=True).path == "M0 100h0H100V0"


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (3, 4), (143, 200), (0.03, 0.04), (500, 500), (501, 1000)])
def test_axis_ends_on_a_round_number(value: float, top: float) -> None:
    assert charts.round_up(value) == pytest.approx(top)


def test_charts_of_nothing_are_drawn() -> None:
    assert charts.bar_marks([]) == []
    assert charts.line_marks([]).path == ""
    assert [mark.width for mark in charts.bar_marks([{"label": "a", "value": 0}])] == [0]


def test_sort_header_turns_the_order_and_keeps_the_filters() -> None:
    tag = "{% sort_header 'Name' 'name' %}"
    fresh = render(tag, "/?division=k&page=3")
    assert 'aria-sort="none"' in fresh
    assert 'href="?division=k&amp;sort=name"' in fresh
    assert 'href="?sort=-name"' in render(tag, "/?sort=name")
    assert 'aria-sort="ascending"' in render(tag, "/?sort=name")
    assert 'aria-sort="descending"' in render(tag, "/?sort=-name")
    assert 'aria-sort="ascending"' in render(tag, sort="name")


def test_pagination_keeps_the_filters_and_says_where_one_is() -> None:
    html = render("{% pagination page %}", "/?division=k&division=a&page=2", page=Paginator(range(60), 25).page(2))
    assert "26 to 50 of 60" in html
    assert 'href="?division=k&amp;division=a&amp;page=3"' in html
    assert 'aria-current="page">2</a>' in html
    assert render("{% pagination page %}", page=Paginator(range(5), 25).page(1)).strip() == ""


def test_facet_ticks_what_the_address_has() -> None:
    html = render(
        "{% facet 'Division' 'd' choices %}", "/?d=k", choices=[("k", "Copenhagen", 3), ("a", "Aarhus", None)]
    )
    assert 'value="k" checked>' in html
    assert 'value="a">' in html


class AForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door.")
    pace = forms.ChoiceField(label="Pace", widget=forms.RadioSelect, choices=[("w", "Weekly"), ("m", "Monthly")])
    agreed = forms.BooleanField(label="Agreed", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_field_names_its_help_and_its_error() -> None:
    html = render("{% field form.name %}", form=AForm({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext">As on the door.' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_bare_field_has_neither_help_nor_placeholder() -> None:
    html = render("{% field form.name bare=True %}", form=AForm())
    assert "As on the door" not in html
    assert "aria-describedby" not in html


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = render("{% field form.pace %}", form=AForm({}))
    assert html.startswith("<fieldset")
    assert '<legend class="label">Pace' in html
    assert html.count('type="radio"') == 2


def test_form_fields_show_every_field_once() -> None:
    html = render("{% form_fields form %}", form=AForm())
    assert [html.count(f'name="{name}"') for name in ("name", "pace", "agreed", "secret")] == [1, 2, 1, 1]


def test_error_summary_leads_to_each_field() -> None:
    form = AForm({})
    form.is_valid()
    form.add_error(None, "These two do not fit.")
    html = render("{% error_summary form %}", form=form)
    assert "3 things must be put right" in html
    assert 'href="#id_name"' in html
    assert 'href="#id_pace"' in html
    assert "These two do not fit." in html
    assert render("{% error_summary form %}", form=AForm()).strip() == ""


def test_error_summary_of_a_sign_in_speaks_of_no_saving() -> None:
    form = AForm({})
    form.add_error(None, "These two do not belong together.")
    html = render("{% error_summary form signs_in=True %}", form=form)
    assert "You are not signed in yet" in html
    assert "These two do not belong together." in html
    assert "must be put right" not in html


def test_level_legend_says_aloud_what_the_signs_say() -> None:
    html = render("{% level_legend %}")
    assert "The coordinators of the division see this." in html
    assert "Only named staff see this, and each reading is recorded." in html
    # The same signs as beside the facts.
    for level in ("introduction", "casework"):
        sign = render(f"{{% level_badge '{level}' %}}").partition("#")[2].partition('"')[0]
        assert f'#{sign}"' in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a@example.org", "a@example.org"),
        ("agnieszka.kowalska@post.example", "agnieszka.kowalska<wbr>@post.example"),
        ("<agnieszka.kowalska>@post.example", "&lt;agnieszka.kowalska&gt;<wbr>@post.example"),
        ("no address, but a sentence longer than any", "no address, but a sentence longer than any"),
        ("https://a.example/da/from/w8/", "https://a<wbr>.example/<wbr>da/<wbr>from/<wbr>w8/<wbr>"),
        ("https://a.example/<b>/?q='x'&y", "https://a<wbr>.example/<wbr>&lt;b&gt;/<wbr>?q=&#x27;x&#x27;&amp;y"),
    ],
)
def test_only_a_long_address_may_break_and_only_at_its_signs(text: str, shown: str) -> None:
    assert render("{{ text|breakable }}", text=text) == shown


def test_a_step_that_was_left_out_is_neither_done_nor_to_come() -> None:
    steps = [{"label": "Met", "state": "done"}, {"label": "Signed", "state": "skipped"}]
    html = render("{% include 'ui/components/_stepper.html' %}", steps=steps)
    assert html.count("(done)") == 1
    assert html.count("(left out)") == 1


@pytest.mark.parametrize("level", ["open", "introduction", "partner", "casework", "restricted"])
def test_level_badge_says_who_sees_a_field(level: str) -> None:
    html = render(f"{{% level_badge '{level}' %}}")
    assert "Who sees this:" in html
    assert f"level-{level}" in html


def test_person_is_escaped_and_isolated() -> None:
    html = render("{% person name division=name %}", name="<b>Ída</b>")
    assert "<b>" not in html
    assert html.count("<bdi") == 2


def test_frames_keep_their_words() -> None:
    assert "<p>Inside &lt;b&gt;</p>" in render("{% callout 'warn' 'T' %}<p>Inside {{ x }}</p>{% endcallout %}", x="<b>")
    assert "tone-warn" in render("{% callout 'warn' %}x{% endcallout %}")
    dialog = render("{% dialog 'd' 'Sure?' %}words{% enddialog %}")
    assert 'id="d" aria-labelledby="d-title"' in dialog
    assert "words" in dialog
    assert "Nothing here" in render("{% empty 'Nothing here' %}x{% endempty %}")


def test_undo_is_a_post_form_only_where_something_can_be_undone() -> None:
    with_undo = Message(constants.SUCCESS, "Proposed.", "undo:/desk/proposals/1/undo/")
    assert undo_address(with_undo) == "/desk/proposals/1/undo/"
    assert undo_address(Message(constants.SUCCESS, "Saved.", "other")) == ""
    html = render("{% include 'ui/components/_toasts.html' %}", messages=[with_undo])
    assert '<form method="post" action="/desk/proposals/1/undo/">' in html
    assert "csrfmiddlewaretoken" in html


def test_table_names_each_cell_for_small_screens() -> None:
    html = Template("{% include 'ui/components/_table.html' %}").render(
        Context(
            {
                "caption": "People",
                "columns": [{"label": "Name"}, {"label": "Days", "is_number": True}],
                "rows": [["A", 3]],
            }
        )
    )
    assert '<td role="cell" data-label="Name">A</td>' in html
    assert 'data-label="Days" class="number">3</td>' in html


def test_a_stair_begins_at_all_and_has_its_band_around_it() -> None:
    marks = charts.stair_marks([[50, 0.8, 0.7, 0.9], [75, 0.5, 0.4, 0.6]], since=20, until=100)
    assert marks["line"] == "M20 0H50V20H75V50H100"
    # Along the upper edge, down at the end, and back along the lower one.
    assert marks["band"] == "M20 0H50V10H75V40H100V60H75V30H50V0H20Z"
    assert charts.stair_marks([], since=0, until=100) == {"line": "M0 0H100", "band": "M0 0H100V0H0Z"}
