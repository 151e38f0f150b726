"""The files that come with the program: whole, in their languages, and such as can be written."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import pytest

from mentornet.learning.shipped import ShippedText, parsed, shipped_texts
from mentornet.learning.validators import check_questions, check_situations
from mentornet.people.enums import Role
from mentornet.web.ui.markdown import rendered

LANGUAGES: Final = {Role.MENTOR: {"da", "en"}, Role.MENTEE: {"da", "en", "ar"}}
HANDBOOK: Final = list(shipped_texts("handbook"))
TRAINING: Final = list(shipped_texts("training"))
ARABIC: Final = range(0x0600, 0x0700)


def name_of(text: ShippedText) -> str:
    return f"{text.role}-{text.slug}-{text.language}"


def by_thing(texts: list[ShippedText]) -> dict[tuple[Role, int, str], dict[str, ShippedText]]:
    found: dict[tuple[Role, int, str], dict[str, ShippedText]] = defaultdict(dict)
    for text in texts:
        found[text.role, text.position, text.slug][text.language] = text
    return found


@pytest.mark.parametrize("texts", [HANDBOOK, TRAINING], ids=["handbook", "training"])
def test_everything_is_written_in_the_languages_of_its_readers(texts: list[ShippedText]) -> None:
    for (role, _position, slug), languages in by_thing(texts).items():
        assert set(languages) == LANGUAGES[role], slug


@pytest.mark.parametrize("texts", [HANDBOOK, TRAINING], ids=["handbook", "training"])
@pytest.mark.parametrize("role", Role)
def test_places_run_from_one_and_names_differ(texts: list[ShippedText], role: Role) -> None:
    things = sorted((position, slug) for whose, position, slug in by_thing(texts) if whose == role)
    assert [position for position, _slug in things] == list(range(1, len(things) + 1))
    assert len({slug for _position, slug in things}) == len(things)


def test_handbooks_are_as_long_as_was_promised() -> None:
    counts = {role: sum(whose == role for whose, _, _ in by_thing(HANDBOOK)) for role in Role}
    assert all(8 <= count <= 12 for count in counts.values()), counts


def test_training_of_mentors_takes_two_hours() -> None:
    minutes = [
        languages["en"].facts["minutes"] for (role, _, _), languages in by_thing(TRAINING).items() if role == "mentor"
    ]
    assert sum(minutes) == 120


@pytest.mark.parametrize("text", HANDBOOK, ids=name_of)
def test_chapter_has_its_facts(text: ShippedText) -> None:
    assert set(text.facts) == {"title", "summary", "situations"}
    check_situations(text.facts["situations"])
    assert len(text.facts["situations"]) >= 2
    assert len(text.body.split()) > 100


@pytest.mark.parametrize("text", TRAINING, ids=name_of)
def test_module_has_its_facts(text: ShippedText) -> None:
    assert set(text.facts) == {"title", "summary", "minutes", "questions"}
    check_questions(text.facts["questions"])
    assert len(text.facts["questions"]) >= 3


@pytest.mark.parametrize("text", [*HANDBOOK, *TRAINING], ids=name_of)
def test_text_is_markdown_that_pages_can_show(text: ShippedText) -> None:
    html = rendered(text.body)
    assert "<h2>" in html
    assert "<h1>" not in html
    # What was meant as HTML, or as a mark that this Markdown does not know, would be seen as it stands.
    assert "&lt;" not in html
    assert "**" not in html


@pytest.mark.parametrize("texts", [HANDBOOK, TRAINING], ids=["handbook", "training"])
def test_translations_have_the_same_parts(texts: list[ShippedText]) -> None:
    for (_role, _position, slug), languages in by_thing(texts).items():
        parts = {text.body.count("\n## ") for text in languages.values()}
        assert len(parts) == 1, slug
        lengths = {len(text.facts.get("questions", ())) for text in languages.values()}
        assert len(lengths) == 1, slug
        rights = {tuple(one["right"] for one in text.facts.get("questions", ())) for text in languages.values()}
        assert len(rights) == 1, slug
        assert len({text.facts.get("minutes") for text in languages.values()}) == 1, slug


@pytest.mark.parametrize("text", [text for text in [*HANDBOOK, *TRAINING] if text.language == "ar"], ids=name_of)
def test_arabic_is_arabic(text: ShippedText) -> None:
    letters = [sign for sign in text.body if sign.isalpha()]
    # Sentences to copy are in Danish.
    assert sum(ord(sign) in ARABIC for sign in letters) > 0.85 * len(letters)


@pytest.mark.parametrize(
    "text", ["no fence", "before\n+++\n+++\nbody", '+++\ntitle = "a"\n', "+++\ntitle = \n+++\nbody"]
)
def test_file_without_facts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parsed(text)


def test_file_is_taken_apart() -> None:
    assert parsed('+++\ntitle = "A"\n+++\n\nBody +++\n') == ({"title": "A"}, "Body +++\n")
