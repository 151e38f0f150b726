from __future__ import annotations

import csv
import random
import string
import time
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import isco, wording
from reference.esco import EscoTitle
from reference.titles import THRESHOLD, TitleResolver
from reference.translation import LANGUAGES

DANISH = Path(__file__).parent / "data" / "danish_titles.csv"


@pytest.fixture(scope="module")
def resolver() -> TitleResolver:
    return TitleResolver.bundled()


def test_bundled_is_made_once(resolver: TitleResolver) -> None:
    assert TitleResolver.bundled() is resolver


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nurse", "2221"),
        ("  Nurses ", "2221"),
        ("Sygeplejerske", "2221"),
        ("SYGEPLEJERSKER", "2221"),
        ("sygeplejerske (m/k)", "2221"),
        ("Folkeskolelærer", "2341"),
        ("folkeskolelaerer", "2341"),
        ("folkeskolelærerinde", "2341"),
        ("bus driver", "8331"),
        ("bus-driver", "8331"),
        ("IT-supporter", "3512"),
        ("it supporter", "3512"),
        ("tandlæge", "2261"),
        ("tandlægerne", "2261"),
    ],
)
def test_resolve_is_exact_in_any_writing_or_form(resolver: TitleResolver, text: str, code: str) -> None:
    match = resolver.resolve(text)
    assert match is not None
    assert (match.code, match.exact) == (code, True)
    # The same words in another form are one step less sure than the same writing.
    assert match.sureness in {0.95, 1.0}


def test_a_slip_that_leaves_the_stem_is_not_beyond_doubt(resolver: TitleResolver) -> None:
    surenesses = {}
    for text in ("læge", "lægge", "advokat", "advokatt"):
        match = resolver.resolve(text)
        assert match is not None
        surenesses[text] = match.sureness
    assert surenesses == {"læge": 1.0, "lægge": 0.95, "advokat": 1.0, "advokatt": 0.95}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sygeplejeske", "2221"),
        ("nurse in a hospital", "222"),
        ("software devloper", "2512"),
        ("buschaufør", "8331"),
        ("kok på et hospital", "5120"),
        ("tandleage", "2261"),
        ("sygeplejerske på et hospital", "2221"),
        ("busdrivers", "8331"),
    ],
)
def test_resolve_reads_what_is_nearly_a_title(resolver: TitleResolver, text: str, code: str) -> None:
    match = resolver.resolve(text)
    assert match is not None
    assert match.code.startswith(code)
    assert not match.exact
    assert THRESHOLD <= match.sureness < 1


NONSENSE = [
    *("", " ", "?", "-", "...", "0", "123", "none", "None", "ingen", "n/a", "N/A", "unknown", "ukendt", "ved ikke"),
    *("asdf", "qwerty", "qwertyuiop", "lorem ipsum", "blabla", "xxx", "test", "foo baz", "jkl æøå", "hej med dig"),
    *("🙂", "الممرضة", "медсестра", "$$$", "see above", "se ovenfor", "to be decided", "ledig", "unemployed"),
    *("Mogens Jensen", "Aarhus", "2026-11-21", "mon-evening", "cv;interview", "yes", "nej", "a", "zzzz zzzz"),
]


@pytest.mark.parametrize("text", NONSENSE)
def test_resolve_does_not_answer_nonsense(resolver: TitleResolver, text: str) -> None:
    assert resolver.resolve(text) is None


def test_resolve_does_not_answer_random_letters(resolver: TitleResolver) -> None:
    dice = random.Random(8)
    texts = ["".join(dice.choices(string.ascii_lowercase, k=dice.randint(3, 12))) for _ in range(300)]
    answered = [(text, match) for text in texts if (match := resolver.resolve(text)) is not None]
    # Now and then letters fall into a real title ("dj", "vet"): those are exact, and right.
    assert [text for text, match in answered if not match.exact] == []
    assert len(answered) <= 2


def test_every_title_of_a_unit_group_is_exact(resolver: TitleResolver) -> None:
    disagreeing = []
    for group in isco.groups(isco.LONGEST):
        for text in chain.from_iterable((group.titles[language], *group.synonyms[language]) for language in LANGUAGES):
            match = resolver.resolve(text)
            if match is None or not match.exact or not group.code.startswith(match.code):
                disagreeing.append(text)
    # Words that two groups of different length claim with equal right ("chef": a manager in Danish, a cook in English)
    # are left unanswered; there are few of them.
    assert len(disagreeing) <= 5, disagreeing


def test_a_title_of_a_group_and_of_the_only_group_in_it_gives_the_inner_one(resolver: TitleResolver) -> None:
    match = resolver.resolve(isco.title("01", "en"))
    assert match is not None
    assert match.code.startswith("01")


def test_candidates_are_distinct_ordered_and_limited(resolver: TitleResolver) -> None:
    for text in ("manager", "sygeplejeske", "leder af et lager", "teacher of small children"):
        matches = resolver.candidates(text, limit=5)
        assert 1 <= len(matches) <= 5
        assert len({match.code for match in matches}) == len(matches)
        assert all(isco.exists(match.code) and 0 < match.sureness <= 1 for match in matches)
        order = [(not match.exact, -match.sureness, match.code) for match in matches]
        assert order == sorted(order)
    assert resolver.candidates("manager", limit=1) == resolver.candidates("manager")[:1]


@given(st.text(max_size=300))
def test_any_text_gives_existing_codes_or_nothing(text: str) -> None:
    resolver = TitleResolver.bundled()
    match = resolver.resolve(text)
    assert match is None or (isco.exists(match.code) and THRESHOLD <= match.sureness <= 1)
    assert resolver.resolve(text) == match


def test_own_titles_win_over_escos(resolver: TitleResolver) -> None:
    extra = [
        EscoTitle("7411", "nurse", "en", preferred=True),
        EscoTitle("3413", "chief tea whisperer", "en", preferred=True),
        EscoTitle("5131", "chief tea whisperer", "en", preferred=False),
    ]
    larger = resolver.enlarged(extra)
    assert [match.code for match in larger.candidates("nurses") if match.exact] == ["2221"]
    found = larger.resolve("Chief Tea-Whisperers")
    assert found is not None
    assert (found.code, found.exact) == ("3413", True)  # ESCO's preferred title wins over its alternative one
    unenlarged = resolver.resolve("chief tea whisperer")
    assert unenlarged is None or not unenlarged.exact


def test_escos_own_disagreement_is_answered_by_what_the_codes_share(resolver: TitleResolver) -> None:
    near = [EscoTitle(code, "tea whisperer", "en", preferred=False) for code in ("5131", "5132")]
    match = resolver.enlarged(near).resolve("tea whisperer")
    assert match is not None
    assert (match.code, match.exact) == ("513", True)
    far = [EscoTitle(code, "tea whisperer", "en", preferred=False) for code in ("5131", "8131")]
    assert resolver.enlarged(far).resolve("tea whisperer") is None
    assert [found.sureness for found in resolver.enlarged(far).candidates("tea whisperer", limit=2)] == [0.5, 0.5]


def test_the_order_of_the_table_does_not_matter(resolver: TitleResolver) -> None:
    extra = [EscoTitle("7411", f"{word} rigger", "en", preferred=False) for word in ("sail", "rope", "wire", "kite")]
    forwards, backwards = resolver.enlarged(extra), resolver.enlarged(reversed(extra))
    for text in ("wire and rope rigger", "kite riggers", "rigger of sails"):
        assert forwards.resolve(text) == backwards.resolve(text)


def test_danish_list_is_resolved(resolver: TitleResolver) -> None:
    with DANISH.open(encoding="utf-8", newline="") as lines:
        expected = {row["title"]: row["code"] for row in csv.DictReader(lines)}
    assert len(expected) >= 120
    assert all(isco.exists(code) for code in expected.values())
    first = sum(
        resolver.candidates(title)[:1] != () and resolver.candidates(title)[0].code == code
        for title, code in expected.items()
    )
    five = sum(any(match.code == code for match in resolver.candidates(title)) for title, code in expected.items())
    # Measured 97 % and 99 % (docs/occupations.md); a change that loses a tenth of them is none for the better.
    assert first >= 0.9 * len(expected)
    assert five >= 0.95 * len(expected)


def test_an_unseen_title_takes_milliseconds(resolver: TitleResolver) -> None:
    resolver.resolve("something to build the index with")
    start = time.perf_counter()
    for number in range(50):
        resolver.resolve(f"assistant to the planning manager of department {number}")
    # About 0.6 ms each; the limit leaves room for a busy machine.
    assert (time.perf_counter() - start) / 50 < 0.02


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lærer", "lærerinder"),
        ("ingeniør", "ingeniørerne"),
        ("kok", "kokke"),
        ("mester", "mestre"),
        ("waiter", "waitresses"),
        ("secretary", "secretaries"),
        ("salesman", "saleswomen"),
        ("itkonsulent", "IT-konsulenter"),
        ("salgsassistent", "salgs-assistenter"),
        ("sales and marketing manager", "manager, marketing & sales"),
        ("moulder", "molder"),
    ],
)
def test_forms_of_one_title_have_the_same_words(one: str, other: str) -> None:
    assert wording.same_words(one) == wording.same_words(other)


@pytest.mark.parametrize(("one", "other"), [("C developer", "C++ developer"), ("kok", "koks"), ("maler", "malker")])
def test_different_titles_stay_apart(one: str, other: str) -> None:
    assert wording.same_writing(one) != wording.same_writing(other)
