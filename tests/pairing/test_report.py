"""The printable page: everything of the outcome is on it, safely, with numbers that name their base."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise

import pytest

from factories.outcomes import a_pair
from pairing.outcome import ExplainedPair, ExplainedUnmatched, Outcome, Proof
from pairing.policy import Policy
from pairing.report import render_report
from pairing.report.wording import Words
from pairing.terms import CRITERIA, RULES, Criterion, Rule, UnmatchedReason
from reference.cefr import Level
from reference.faults import Notice
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor
from reference.slots import Day, Part, Slot
from reference.spoken import Listed
from reference.topics import Topic
from reference.translation import Language, Message

TODAY = date(2026, 11, 21)
RTL_OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
ARABIC = "فاطمة الزهراء"


def a_mentee(number: int, *, days: int | None = 100, **changes: object) -> Mentee:
    person = Mentee(
        id=f"e-{number}",
        name=f"Mentee {number}",
        division="Aarhus",
        languages=(LanguageSkill("ar", Level.C2), LanguageSkill("da", None)),
        occupation="2221",
        topics=(Topic.CV, Topic.NETWORK),
        availability=(Slot(Day.TUE, Part.EVENING), Slot(Day.SAT, Part.MORNING)),
        meeting=(MeetingMode.IN_PERSON,),
        interests=("choir",),
        waiting_since=None if days is None else TODAY - timedelta(days=days),
    )
    return replace(person, **changes)  # type: ignore[arg-type]


def a_mentor(number: int, **changes: object) -> Mentor:
    person = Mentor(
        id=f"m-{number}",
        name=f"Mentor {number}",
        division="Aarhus",
        languages=(LanguageSkill("da", Level.C2),),
        occupation="2221",
        topics=(Topic.CV,),
        availability=(Slot(Day.TUE, Part.EVENING),),
        meeting=(MeetingMode.IN_PERSON, MeetingMode.ONLINE),
        interests=("Choir", "sailing"),
    )
    return replace(person, **changes)  # type: ignore[arg-type]


def an_unmatched(mentee: Mentee, **changes: object) -> ExplainedUnmatched:
    left = ExplainedUnmatched(
        mentee=mentee,
        reason=UnmatchedReason.NO_ALLOWED,
        allowed=0,
        above_floor=0,
        fails={rule: 3 if rule is Rule.TIME else 0 for rule in RULES},
        only={rule: 2 if rule is Rule.TIME else 0 for rule in RULES},
        relaxation=Rule.TIME,
        relaxation_gain=2,
        sentences=(Message("One more evening would help."),),
    )
    return replace(left, **changes)  # type: ignore[arg-type]


def an_outcome(
    pairs: Sequence[ExplainedPair], unmatched: Sequence[ExplainedUnmatched] = (), **changes: object
) -> Outcome:
    outcome = Outcome(
        pairs=tuple(pairs),
        unmatched=tuple(unmatched),
        mentees=len(pairs) + len(unmatched),
        mentors=4,
        places=5,
        policy=Policy(),
        today=TODAY,
        proof=Proof(number=len(pairs), number_bound=len(pairs), total=7000, total_bound=7000, checked=True),
        files=("mentors.csv", "mentees.csv"),
    )
    return replace(outcome, **changes)  # type: ignore[arg-type]


def small_outcome() -> Outcome:
    return an_outcome(
        [a_pair(a_mentee(1), a_mentor(1)), a_pair(a_mentee(2, days=300, division="Ødis"), a_mentor(2))],
        [an_unmatched(a_mentee(3, days=40))],
    )


class Reading(HTMLParser):
    """The page as a reader meets it: elements with attributes, and the text outside style and title."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.hidden += tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def read(outcome: Outcome, language: Language = "en") -> Reading:
    return Reading(render_report(outcome, language))


def test_every_pair_and_everyone_unmatched_is_shown() -> None:
    page = read(small_outcome())
    anchors = [values["id"] for tag, values in page.elements if tag == "article"]
    assert anchors == ["pair-1-1", "pair-2-1", "open-2-1"]
    for shown in ("Mentee 1", "Mentor 1", "Mentee 2", "Mentor 2", "Mentee 3", "e-3", "m-2"):
        assert shown in page.texts
    assert "No free mentor passes every rule." in page.texts
    assert "One more evening would help." in page.texts
    assert "without it 2 mentors would fit well enough" in page.texts
    assert "0 of 4 mentors pass every rule." in page.texts
    assert "What stands in the way, counted over all 4 mentors" in page.texts


def test_summary_names_the_base_of_each_number() -> None:
    page = read(small_outcome())
    assert "2 of 3 mentees have a mentor" in page.texts
    assert "2 of 5 free places used, 3 left" in page.texts
    assert "0.805 of 1, over 2 pairs" in page.texts
    assert "0.35 of 1" in page.text
    assert "mentors.csv, mentees.csv" in page.texts
    assert "Proposed pairs, 21 November 2026" in page.texts
    assert page.texts.count("1 of 2 mentees have a mentor") == 1
    assert page.texts.count("1 of 1 mentee has a mentor") == 1


def test_a_pair_shows_what_helps_a_conversation() -> None:
    pair = a_pair(a_mentee(1, wishes="Someone patient,\nplease."), a_mentor(1, division="Esbjerg"))
    page = read(an_outcome([pair]))
    for shown in (
        "waiting 100 days",
        "Arabic C2, Danish (level unknown)",
        "the CV, a network of contacts",
        "Tuesday evening",
        "in person",
        "choir",
        "Esbjerg",
        "Both are nurses.",
        "10 of 10 criteria known",
        "Someone patient, please.",
    ):
        assert shown in page.texts, shown


def test_each_bar_shows_its_number_of_its_maximum() -> None:
    pair = a_pair(a_mentee(1), a_mentor(1), unknown=[Criterion.INTERESTS])
    page = render_report(an_outcome([pair]), "en")
    rows = re.findall(r'<tr class="(known|unknown|waiting)"><th scope="row">(.*?)</th>(.*?)</tr>', page)
    assert [kind for kind, *_ in rows] == ["known"] * 3 + ["unknown"] + ["known"] * 6 + ["waiting"]
    numbers = [tuple(re.findall(r"\d\.\d{3}", rest)) for _, _, rest in rows]
    assert numbers == [
        ("0.200", "0.250"),
        ("0.160", "0.200"),
        ("0.096", "0.120"),
        ("0.030", "0.100"),
        ("0.080", "0.100"),
        ("0.064", "0.080"),
        ("0.040", "0.050"),
        ("0.032", "0.040"),
        ("0.024", "0.030"),
        ("0.024", "0.030"),
        ("0.005", "0.020"),
    ]
    lengths = [tuple(re.findall(r'width="([^"]+)%"', rest)) for _, _, rest in rows]
    assert lengths[0] == ("100", "80")
    assert lengths[3] == ("40", "12")
    assert lengths[10] == ("8", "2")


def test_unknown_is_shown_as_unknown() -> None:
    mentee = Mentee(id="e-1")
    mentor = Mentor(id="m-1")
    page = read(an_outcome([a_pair(mentee, mentor, unknown=CRITERIA)]))
    assert "waiting time unknown" in page.texts
    assert "0 of 10 criteria known" in page.texts
    bars = [values for tag, values in page.elements if tag == "tr" and values.get("class") == "unknown"]
    facts = [values for tag, values in page.elements if tag == "dd" and values.get("class") == "unknown"]
    # Ten bars and the waiting bonus; work, languages and goals of both, times and ways to meet; the longest wait twice.
    assert (len(bars), len(facts)) == (10, 8)
    assert page.texts.count("unknown") == 11 + 8 + 2
    assert "No division given" in page.texts


def test_a_known_pair_says_unknown_nowhere() -> None:
    pair = a_pair(a_mentee(1, languages=(LanguageSkill("da", Level.B2),)), a_mentor(1))
    assert "unknown" not in read(an_outcome([pair])).texts


def test_flags_are_words() -> None:
    shared = a_mentor(1, capacity=2)
    pairs = [
        a_pair(a_mentee(1), shared, locked=True, score=3400),
        a_pair(a_mentee(2), shared, unsure=(Rule.TIME, Rule.LANGUAGE)),
    ]
    page = read(an_outcome(pairs))
    for shown in ("locked by you", "below the floor of 0.35", "ask about: times of the week, languages"):
        assert page.texts.count(shown) == 1
    assert page.texts.count("the mentor is in 2 pairs here") == 2
    assert "The pairs locked by you stand outside the proof." in page.text


def test_divisions_stand_in_danish_order_and_longest_wait_first() -> None:
    divisions = ("Åbenrå", "Zone", "Ærø", "aarhus", "Odense", "Aarhus", None, "Ødis", "Aarhus")
    pairs = [
        a_pair(a_mentee(number, days=10 * number if number != 3 else None, division=division), a_mentor(number))
        for number, division in enumerate(divisions)
    ]
    page = render_report(an_outcome(pairs), "en")
    headings = re.findall(r'<h2 id="division-\d+-name"><bdi>(.*?)</bdi></h2>', page)
    assert headings == ["Odense", "Zone", "Ærø", "Ødis", "Åbenrå", "Aarhus", "No division given"]
    in_aarhus = page.split('id="division-6"')[1].split('id="division-7"')[0]
    assert re.findall(r"<bdi>(Mentee \d)</bdi></a>", in_aarhus) == ["Mentee 8", "Mentee 5", "Mentee 3"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            (
                "No other set of pairs has more pairs, and none as large has a higher total. This is proved, and the"
                " proof has been checked by a second program."
            ),
        ),
        (
            {"checked": False},
            (
                "No other set of pairs has more pairs, and none as large has a higher total: so says the solver. "
                "Run “mentornet verify” to have this checked independently."
            ),
        ),
        (
            {"total_bound": 7500},
            (
                "No other set of pairs has more pairs: this is proved. "
                "It is not proved that their total of 0.70 is the highest: up to 0.75 may be possible."
            ),
        ),
        (
            {"number_bound": 3},
            (
                "It is not proved that 2 pairs are the most: up to 3 may be possible. "
                "No set as large has a higher total: this is proved."
            ),
        ),
    ],
)
def test_the_proof_is_claimed_only_as_far_as_it_goes(changes: dict[str, int], said: str) -> None:
    outcome = small_outcome()
    page = read(replace(outcome, proof=replace(outcome.proof, **changes)))  # type: ignore[arg-type]
    assert said in page.texts


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><b>bold",
    "{{ page }} {% raw %}",
    "%(name)s {name} &amp;",
    "A" * 300,
    ARABIC,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_stays_text(text: str) -> None:
    tame = an_outcome(
        [a_pair(a_mentee(1, wishes="x"), a_mentor(1, wishes="x", division="Esbjerg"))], [an_unmatched(a_mentee(2))]
    )
    mentee = a_mentee(1, id=text, name=text, division=text, wishes=text, interests=(text,))
    mentor = a_mentor(1, id=text, name=text, division=text + "!", wishes=text, interests=(text,))
    reason = Message("{name} fits.", {"name": text})
    notice = Notice("mentees.csv", 2, text, text, Message("noticed"))
    wild = an_outcome(
        [a_pair(mentee, mentor, reasons=(reason,))],
        [an_unmatched(a_mentee(2, name=text, division=text))],
        files=(text,),
        notices=(notice,),
    )
    page = read(wild)
    # The division's heading, its line in the contents, names in the list and in the pair, ids, both wishes, interest.
    assert page.texts.count(text) >= 11
    assert {tag for tag, _ in page.elements} - {"ul", "li"} == {tag for tag, _ in read(tame).elements} - {"ul", "li"}
    assert not any(name.startswith("on") or name == "style" for _, values in page.elements for name in values)
    style = re.search(r"<style>(.*?)</style>", render_report(wild, "en"), re.DOTALL)
    assert style is not None
    assert style[1].count("{") == style[1].count("}")
    assert text not in style[1]


def test_signs_that_turn_the_text_around_are_left_out() -> None:
    turned = f"Anna{RTL_OVERRIDE}annA\N{POP DIRECTIONAL ISOLATE}\x00"
    mentee = a_mentee(1, name=turned, division=turned, wishes=turned)
    reasons = (Message("{name} fits.", {"name": turned}), Message("{name} fits.", {"name": ARABIC}))
    page = render_report(an_outcome([a_pair(mentee, a_mentor(1), reasons=reasons)]), "en")
    assert not set(page) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\x00")
    assert "AnnaannA\N{REPLACEMENT CHARACTER} fits." in page
    assert f"\N{FIRST STRONG ISOLATE}{ARABIC}\N{POP DIRECTIONAL ISOLATE} fits." in page


def test_names_and_wishes_are_isolated() -> None:
    pair = a_pair(a_mentee(1, name=ARABIC, wishes=ARABIC), a_mentor(1))
    page = render_report(an_outcome([pair]), "en")
    assert page.count(f"<bdi>{ARABIC}</bdi>") == page.count(ARABIC) - 1 == 2
    assert f'<blockquote dir="auto">{ARABIC}</blockquote>' in page


def test_the_page_asks_nobody_for_anything() -> None:
    page = render_report(small_outcome(), "en")
    assert "://" not in page
    assert page.count("http") == page.count("http-equiv") == 1
    assert "@import" not in page
    assert re.findall(r"url\(([^)]*)\)", page) == ['"#hatch"']
    reading = Reading(page)
    assert not {tag for tag, _ in reading.elements} & {"script", "img", "iframe", "object", "form", "input"}
    links = [values["href"] for tag, values in reading.elements if tag in {"a", "link", "use"}]
    assert all(link is not None and (link.startswith("#") or link == "data:,") for link in links)
    targets = {f"#{values['id']}" for _, values in reading.elements if "id" in values}
    assert {link for link in links if link != "data:,"} <= targets
    [policy] = [values["content"] for _, values in reading.elements if values.get("http-equiv")]
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_ids_stand_once() -> None:
    ids = [values["id"] for _, values in read(small_outcome()).elements if "id" in values]
    assert len(ids) == len(set(ids))


def test_headings_stand_in_order() -> None:
    levels = [int(tag[1]) for tag, _ in read(small_outcome()).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_outcome_gives_the_same_page_whatever_the_order() -> None:
    outcome = small_outcome()
    turned = replace(outcome, pairs=outcome.pairs[::-1])
    assert render_report(outcome, "en") == render_report(outcome, "en") == render_report(turned, "en")


def test_an_outcome_without_anybody_is_a_page_too() -> None:
    outcome = an_outcome([], mentees=0, mentors=0, places=0)
    page = read(outcome)
    assert "0 of 0 mentees have a mentor" in page.texts
    assert "no pairs" in page.texts


def test_notices_are_shown_and_a_flood_is_cut_with_its_number() -> None:
    notices = tuple(Notice("mentees.csv", row, None, None, Message("noticed")) for row in range(250))
    page = read(an_outcome([], notices=notices))
    assert page.text.count("mentees.csv, row") == 200
    assert "and 50 more" in page.texts


def test_a_pair_is_light() -> None:
    few = [a_pair(a_mentee(number, wishes="w" * 200), a_mentor(number)) for number in range(10)]
    many = [a_pair(a_mentee(number, wishes="w" * 200), a_mentor(number)) for number in range(110)]
    sizes = [len(render_report(an_outcome(pairs), "en").encode()) for pairs in (few, many)]
    assert (sizes[1] - sizes[0]) / 100 < 6_000


def test_the_style_sheet_knows_no_left_and_right() -> None:
    style = (resources.files("pairing") / "templates" / "report.css").read_text(encoding="utf-8")
    declared = re.findall(r"^\s*([a-z-]+):", style, re.MULTILINE)
    physical = re.compile(r"(^|-)(left|right|top|bottom)(-|$)|^(min-|max-)?(width|height)$")
    assert [name for name in declared if physical.search(name)] == []


def test_danish_is_danish() -> None:
    page = read(small_outcome(), "da")
    assert page.elements[0] == ("html", {"lang": "da", "dir": "ltr"})
    assert "2 af 3 mentees har en mentor" in page.texts
    assert "0,805" in page.texts
    assert "tirsdag aften" in page.texts
    assert "21. november 2026" in unescape(page.text)


def test_what_people_wrote_is_made_safe_inside_a_list_too() -> None:
    both = Listed(("\N{RIGHT-TO-LEFT OVERRIDE}chess", "شطرنج"))
    said = Words("en").sentence(Message("Both are interested in {interests}.", {"interests": both}))
    fenced = "\N{FIRST STRONG ISOLATE}شطرنج\N{POP DIRECTIONAL ISOLATE}"
    assert said == f"Both are interested in chess and {fenced}."
