"""The catalogues: complete, current, compiled, and fit for the values that are put into them.

Danish has all texts, the languages of participants those about people.
"""

from __future__ import annotations

import io
import os
import re
import string
from collections import defaultdict
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import pytest
from babel.lists import format_list
from babel.messages import Catalog
from babel.messages import Message as Entry
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pairing.sentences import unmatched_sentences
from pairing.terms import Rule, UnmatchedReason
from reference.cells import EXPECTED, CellReader
from reference.columns import COLUMNS, Kind
from reference.slots import Day, Part, Slot
from reference.spoken import LOCALES, Decimal, LanguageName, Listed, OccupationTitle, SlotName
from reference.topics import Topic
from reference.translation import DOMAIN, LANGUAGES, N2_, SPOKEN, Language, Message, counted
from text_extraction import PLURALS

ROOT: Final = Path(__file__).parents[2]
LOCALE: Final = Path(str(resources.files("reference") / "locale"))
DANISH: Final = LOCALE / "da" / "LC_MESSAGES"
# As `make messages` names them.
KEYWORDS: Final = {**DEFAULT_KEYWORDS, "N_": None, "N2_": (1, 2)}

SAME_IN_DANISH: Final = frozenset(
    {
        "Mentee",  # the word is Danish too
        "Mentees",
        "mentees",
        "Mentor",
        "Score",
        "online",
        "{file}, {key}: {expected}",  # nothing but values
    }
)

Ids = tuple[str, ...]


def ids_of(entry: Entry) -> Ids:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def texts_of(entry: Entry) -> Ids:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


def read(path: Path) -> Catalog:
    with path.open("rb") as opened:
        return read_po(opened, locale="da", domain=DOMAIN)


@cache
def danish() -> Catalog:
    return read(DANISH / f"{DOMAIN}.po")


def entries() -> list[Entry]:
    return [entry for entry in danish() if entry.id]


def is_source(folder: str | os.PathLike[str]) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] == "src"


@cache
def in_the_sources() -> frozenset[Ids]:
    """Return every text in the sources, found as `make messages` finds it."""
    settings = ConfigParser()
    settings.read(ROOT / "babel.cfg", encoding="utf-8")
    methods, options = [], {}
    for section in settings.sections():
        method, pattern = section.split(": ")
        methods.append((pattern, method))
        options[pattern] = dict(settings[section])
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, directory_filter=is_source)
    return frozenset((ids,) if isinstance(ids, str) else tuple(ids) for _, _, ids, _, _ in found)


def placeholders(text: str) -> set[str]:
    """Return what stands for a value, as ``str.format`` or the page's templates write it."""
    named = set(re.findall(r"%\(\w+\)s", text))
    return named or {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms() -> Iterator[tuple[str, str]]:
    """Yield each English form beside its Danish one."""
    for entry in entries():
        yield from zip(ids_of(entry), texts_of(entry), strict=True)


def test_every_text_has_a_danish_one() -> None:
    assert len(entries()) > 300
    empty = [ids_of(entry)[0] for entry in entries() if not all(texts_of(entry)) or entry.fuzzy]
    assert empty == []
    assert not danish().obsolete


def assert_current(kept: set[Ids]) -> None:
    assert {ids[0] for ids in kept} == {ids[0] for ids in in_the_sources()}
    assert kept <= in_the_sources()


def test_the_catalogue_is_current() -> None:
    assert_current({ids_of(entry) for entry in entries()})


def test_the_list_of_texts_is_current() -> None:
    assert_current({ids_of(entry) for entry in read(LOCALE / f"{DOMAIN}.pot") if entry.id})


def test_the_header_survives_an_update() -> None:
    header = (DANISH / f"{DOMAIN}.po").read_text(encoding="utf-8").partition("\n\n")[0]
    assert "nplurals=2; plural=(n != 1);" in header
    assert "charset=utf-8" in header


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, danish())
    assert (DANISH / f"{DOMAIN}.mo").read_bytes() == compiled.getvalue()


def test_a_counted_text_has_two_danish_forms() -> None:
    plural = [entry for entry in entries() if entry.pluralizable]
    assert len(plural) > 20
    assert all(len(texts_of(entry)) == 2 for entry in plural)


def test_a_form_for_one_belongs_to_one_form_for_many() -> None:
    # The catalogue finds both by the first: of two pairs of forms that begin alike, one would be lost.
    found: defaultdict[str, set[Ids]] = defaultdict(set)
    for ids in in_the_sources():
        found[ids[0]].add(ids)
    assert [one for one, pairs in found.items() if len(pairs) > 1] == []


def test_danish_has_the_same_values() -> None:
    assert [one for one, other in forms() if placeholders(one) != placeholders(other)] == []


def test_danish_ends_as_english_does() -> None:
    signs = tuple(".:…?")
    assert [(one, other) for one, other in forms() if one[-1] != other[-1] and (one + other).endswith(signs)] == []


def test_danish_is_not_english() -> None:
    assert {one for one, other in forms() if one == other} == SAME_IN_DANISH


def test_danish_uses_one_kind_of_quotation_marks() -> None:
    assert [other for _, other in forms() if re.search("[»«„”](?<!”)|’", other)] == []
    assert [other for _, other in forms() if other.count("“") != other.count("”")] == []


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("rule", list(Rule))
def test_what_would_help_is_said_in_danish(rule: Rule, count: int) -> None:
    sentences = unmatched_sentences(
        reason=UnmatchedReason.NO_ALLOWED,
        mentors=9,
        allowed=0,
        above_floor=0,
        best_score=0,
        floor=3500,
        fails={**dict.fromkeys(Rule, 0), rule: count},
        relaxation=rule,
        gain=count,
    )
    assert [sentence.text("da") for sentence in sentences if sentence.text("da") == sentence.text("en")] == []


@pytest.mark.parametrize("kind", [Kind.LANGUAGES, Kind.TOPICS, Kind.AVAILABILITY, Kind.REQUIREMENTS])
def test_what_danish_gives_as_an_example_can_be_read(kind: Kind) -> None:
    _, sign, example = EXPECTED[kind].text("da").partition("fx ")
    assert sign
    assert CellReader().read(kind, example).faults == ()


def test_help_fits_into_the_box_of_a_spreadsheet() -> None:
    checked = {Kind.LEVEL, Kind.YES_NO, Kind.EDUCATION, Kind.MEETING, Kind.AMOUNT, Kind.COUNT, Kind.DATE}
    helps = [column.help.text(language) for column in COLUMNS if column.kind in checked for language in LANGUAGES]
    assert [text for text in helps if len(text) > 255] == []


def test_values_with_words_of_their_own_are_said_in_the_same_language() -> None:
    met = Listed(tuple(topic.label for topic in (Topic.DANISH, Topic.CV, Topic.INTERVIEW)))
    helped = counted(
        N2_(
            "The mentor offers help with her goal: {topics}.",
            "The mentor offers help with {met} of her {count} goals: {topics}.",
        ),
        4,
        {"met": 3, "topics": met},
    )
    assert helped.text("en") == "The mentor offers help with 3 of her 4 goals: Danish, the CV and job interviews."
    assert helped.text("da") == "Mentoren tilbyder hjælp til 3 af hendes 4 mål: dansk, cv'et og jobsamtaler."

    talk = Message("They can talk in {language} ({level}).", {"language": LanguageName("ar"), "level": "C1"})
    assert talk.text("da") == "De kan tale arabisk (C1) sammen."

    work = Message("The mentor works in the field she aims at: {occupation}.", {"occupation": OccupationTitle("2221")})
    assert work.text("da") == "Mentoren arbejder i det fag, hun gerne vil ind i: Sygeplejersker."

    mean = Message("Mean score {mean}, floor {floor}.", {"mean": Decimal(0.681), "floor": Decimal(0.35)})
    assert mean.text("da") == "Gennemsnitlig score 0,681, grænse 0,35."


def test_a_message_may_stand_in_a_message() -> None:
    refused = Message(
        "{mentee} and {mentor} break the rule “{rule}”: {why}",
        {"mentee": "K1", "mentor": "M1", "rule": "resting", "why": Message("the mentor is resting")},
    )
    assert refused.text("da") == "K1 og M1 bryder reglen “resting”: mentoren holder pause"


@pytest.mark.parametrize(
    ("count", "english", "danish_text"),
    [
        (1, "One time of the week suits both: Tuesday evening.", "Ét tidspunkt på ugen passer begge: tirsdag aften."),
        (
            2,
            "2 times of the week suit both: Tuesday evening and Sunday morning.",
            "2 tidspunkter på ugen passer begge: tirsdag aften og søndag formiddag.",
        ),
    ],
)
def test_a_count_chooses_the_form(count: int, english: str, danish_text: str) -> None:
    slots = (SlotName(Slot(Day.TUE, Part.EVENING)), SlotName(Slot(Day.SUN, Part.MORNING)))
    suits = N2_("One time of the week suits both: {times}.", "{count} times of the week suit both: {times}.")
    message = counted(suits, count, {"times": Listed(slots[:count])})
    assert message.text("en") == english
    assert message.text("da") == danish_text


def test_none_is_many_in_both_languages() -> None:
    days = N2_("{count} day", "{count} days")
    assert [counted(days, 0).text(language) for language in LANGUAGES] == ["0 days", "0 dage"]


def test_a_text_that_nobody_has_translated_stays_english() -> None:
    assert Message("No such text, {name}", {"name": "Åse"}).text("da") == "No such text, Åse"


def test_only_the_programs_languages_are_known() -> None:
    # The types refuse it too: mypy would call the remark below unused otherwise.
    with pytest.raises(FileNotFoundError):
        Message("unknown").text("sv")  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", range(6))
def test_list_is_joined_as_babel_does(language: Language, count: int) -> None:
    words = ["a", "b", "c", "d", "e"][:count]
    assert Listed(tuple(words)).text(language) == format_list(words, style="standard", locale=LOCALES[language])


# The languages of participants --------------------------------------------------------------------------------------


def spoken(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as opened:
        return read_po(opened, locale=language, domain=DOMAIN)


def test_every_language_of_participants_has_a_catalogue() -> None:
    assert set(SPOKEN) == {*LANGUAGES, *PLURALS}


@pytest.mark.parametrize("language", PLURALS)
def test_what_is_said_of_people_is_said_in_every_language(language: str) -> None:
    found = [entry for entry in spoken(language) if entry.id]
    assert {ids_of(entry) for entry in found} == {ids_of(entry) for entry in read(LOCALE / "spoken.pot") if entry.id}
    assert [ids_of(entry)[0] for entry in found if not all(texts_of(entry)) or entry.fuzzy] == []
    assert {ids_of(entry) for entry in found} <= in_the_sources()
    assert len(found) > 50


@pytest.mark.parametrize("language", PLURALS)
def test_every_language_has_the_same_values(language: str) -> None:
    count, expression = PLURALS[language]
    for entry in spoken(language):
        if not entry.id:
            continue
        wanted = placeholders(ids_of(entry)[-1])
        # Arabic says none, one and two in words.
        said = [placeholders(text) for text in texts_of(entry)]
        least = wanted - {"count", "met"} if entry.pluralizable else wanted
        assert all(least <= found <= wanted for found in said), ids_of(entry)[0]
        assert said[-1] == wanted
        assert len(said) == (count if entry.pluralizable else 1), expression


@pytest.mark.parametrize("language", PLURALS)
def test_compiled_catalogue_of_a_language_is_the_written_one(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, spoken(language))
    assert (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo").read_bytes() == compiled.getvalue()


def test_a_language_and_an_occupation_are_named_as_far_as_they_can_be() -> None:
    assert LanguageName("da").text("ar") == "الدنماركية"
    assert LanguageName("ar").text("uk") == "арабська"
    assert LanguageName("prs").text("fa") == "دری"
    assert OccupationTitle("2221").text("ar")
