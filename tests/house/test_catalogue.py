"""The pages' and letters' catalogues: current, compiled, complete, and with the placeholders of the English texts.

Danish has all texts; the languages of ``PLURALS`` have those that participants meet.
"""

from __future__ import annotations

import ast
import gettext
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from babel.messages import Catalog
from babel.messages import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from mentornet.config import mirrored
from text_extraction import (
    DJANGO_WORDS,
    PARTICIPANTS,
    PLURALS,
    ROOT,
    Found,
    django_template,
    django_words,
    participants_files,
    reference_words,
)

LOCALE: Final = ROOT / "src/mentornet/locale"
LANGUAGES: Final = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
# Read in Danish as they are in English.
SAME_IN_DANISH: Final = frozenset(
    {
        "%(count)s person",
        "<bdi>%(name)s</bdi> %(room)s.",
        "<bdi>%(name)s</bdi>, %(day)s",
        "<bdi>%(name)s</bdi>: %(cause)s.",
        "Administrator",
        "Browser",
        "Demonstration",
        "E-mail",
        "Excel (XLSX)",
        "Find",
        "Mentee",
        "Mentees",
        "Mentor",
        "Mentornet",
        "Menu",
        "Mine",
        "Note",
        "Online",
        "Organisation",
        "Partner",
        "Score",
        "Send",
        "Version %(number)s",
        "Version %(number)s, <bdi>%(name)s</bdi>, %(day)s",
        "administrator",
        "browser",
        "e-mail",
        "import",
        "job",
        "mentee",
        "mentees",
        "mentees: %(count)s",
        "mentor",
        "note",
        "online",
        "organisation",
        "person",
        "reference",
        "score",
        "side",
        "under 25",
        "under 5",
        "version",
        "version %(number)s, %(day)s",
        "worker",
    }
)

Key = tuple[str | None, tuple[str, ...]]


def key_of(entry: Entry) -> Key:
    return entry.context, ids_of(entry)


def ids_of(entry: Entry) -> tuple[str, ...]:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def texts_of(entry: Entry) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


@cache
def catalogue(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def entries(language: str) -> list[Entry]:
    return [entry for entry in catalogue(po_of(language), language) if entry.id]


def po_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def template_of(language: str) -> Path:
    """Return the texts that a language is to have."""
    return LOCALE / ("participants.pot" if language in PLURALS else "django.pot")


def forms_for_one_number(language: str) -> set[int]:
    """Return the plural forms that stand for a single number, which they may say in words."""
    chosen = gettext.c2py(catalogue(po_of(language), language).plural_expr)
    numbers = Counter(chosen(number) for number in range(1_000))
    return {form for form, count in numbers.items() if count == 1}


def _without_the_number(names: list[str]) -> list[list[str]]:
    """Return a text's placeholders with one of them said in words: which of them is the number only its call knows."""
    return [names[:at] + names[at + 1 :] for at in range(len(names))]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%%", text))


@cache
def found_in_the_sources() -> tuple[tuple[str, Key], ...]:
    """Return every text in the sources with its file, found as `make messages` finds it."""
    mapping = ConfigParser()
    mapping.read(LOCALE / "babel.cfg", encoding="utf-8")
    methods, options = [], {}
    for section in mapping.sections():
        method, pattern = section.split(": ")
        methods.append((pattern, method))
        options[pattern] = dict(mapping[section])
    found = extract_from_dir(
        ROOT, methods, options, directory_filter=lambda folder: Path(folder).relative_to(ROOT).parts[0] == "src"
    )
    return tuple(
        (file, (context, (ids,) if isinstance(ids, str) else tuple(ids))) for file, _, ids, _, context in found
    )


def in_the_sources(template: str) -> frozenset[Key]:
    """Return the texts that a template is to hold."""
    files = set(participants_files())
    return frozenset(key for file, key in found_in_the_sources() if template == "django" or file in files)


@pytest.mark.parametrize("template", ["django", "participants"])
def test_extracted_texts_are_current(template: str) -> None:
    # Red? `make messages` brings the catalogues up to date.
    kept = {key_of(entry) for entry in catalogue(LOCALE / f"{template}.pot") if entry.id}
    assert len(kept) > 100
    # A text that stands once alone and once with a plural is kept as the plural.
    firsts = {(context, ids[0]) for context, ids in in_the_sources(template)}
    assert {(context, ids[0]) for context, ids in kept} == firsts
    assert kept <= in_the_sources(template)


def test_every_place_of_participants_texts_is_there() -> None:
    # The portal is not built yet.
    empty = {pattern for pattern in PARTICIPANTS if not list(ROOT.glob(pattern))}
    assert empty <= {pattern for pattern in PARTICIPANTS if "/portal/" in pattern}


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_has_the_extracted_texts_and_no_others(language: str) -> None:
    extracted = {key_of(entry) for entry in catalogue(template_of(language)) if entry.id}
    assert {key_of(entry) for entry in entries(language)} == extracted
    assert not catalogue(po_of(language), language).obsolete


def test_catalogues_are_those_of_the_settings() -> None:
    assert sorted(code for code, _name in settings.LANGUAGES if code not in {"en", mirrored.CODE}) == LANGUAGES
    assert set(PLURALS) == {code for code, _name in settings.LANGUAGES} - set(settings.DESK_LANGUAGES)


@pytest.mark.parametrize("language", PLURALS)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    kept = catalogue(po_of(language), language)
    assert (kept.num_plurals, f"{kept.plural_expr}") == PLURALS[language]
    assert all(len(texts_of(entry)) == kept.num_plurals for entry in entries(language) if entry.pluralizable)


def test_plural_forms_take_the_numbers_that_they_should() -> None:
    numbers = (0, 1, 2, 3, 5, 10, 11, 14, 21, 22, 25, 99, 100, 101, 103, 111)
    chosen = {
        language: [gettext.c2py(expression)(number) for number in numbers]
        for language, (_count, expression) in PLURALS.items()
    }
    assert chosen == {
        "ar": [0, 1, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 3, 4],
        "fa": [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        "uk": [2, 0, 1, 1, 2, 2, 2, 2, 0, 1, 2, 2, 2, 0, 1, 2],
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_is_complete(language: str) -> None:
    missing = [ids_of(entry)[0] for entry in entries(language) if not all(texts_of(entry)) or entry.fuzzy]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_keeps_the_placeholders(language: str) -> None:
    wrong, in_words = [], forms_for_one_number(language)
    for entry in entries(language):
        allowed = [placeholders(text) for text in ids_of(entry)]
        # The form for a single number may say it in words, in each language as it likes.
        for form, text in enumerate(texts_of(entry)):
            mine = placeholders(text)
            fits = mine == allowed[-1]
            if len(allowed) > 1 and form in in_words:
                fits = mine in allowed or mine in _without_the_number(allowed[-1])
            if text and not fits:
                wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_keeps_the_spaces_around_it(language: str) -> None:
    wrong = [
        text
        for entry in entries(language)
        for source, text in zip(ids_of(entry), texts_of(entry), strict=False)
        if text and (source[:1].isspace(), source[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace())
    ]
    assert wrong == []


def test_danish_texts_are_not_the_english_ones() -> None:
    pairs = [(ids_of(entry)[0], texts_of(entry)[0]) for entry in entries("da")]
    # A text of nothing but values and signs is the same everywhere.
    worded = [(english, danish) for english, danish in pairs if re.search("[a-z]{3}", re.sub(r"%\(\w+\)", "", english))]
    assert [english for english, danish in worded if english == danish and english not in SAME_IN_DANISH] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_the_written_one(language: str) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, catalogue(po_of(language), language))
    fresh.seek(0)
    compiled = po_of(language).with_suffix(".mo")
    with compiled.open("rb") as file:
        kept = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    expected = dict(gettext.GNUTranslations(fresh)._catalog)  # type: ignore[attr-defined]
    for found in (kept, expected):
        found.pop("", None)
    assert kept == expected


def found_by(extractor: Callable[..., Iterator[Found]], text: str) -> list[tuple[str, object]]:
    found = extractor(io.BytesIO(text.encode()), {}, ("Translators:",), {})
    # What is not a text, such as the number that chooses a plural, is reported as None.
    return [
        (word, tuple(text for text in ids if text is not None) if isinstance(ids, tuple) else ids)
        for _, word, ids, _ in found
    ]


def test_templates_give_all_their_texts() -> None:
    template = """{% extends "ui/desk.html" %}
{# Translators: the page's name #}
<h1 title="{% translate "It's “here”" %}">{% trans 'Open' context "a state" %}</h1>
        {{ _("A \\"word\\"")|default:_("none") }} plain words, it's (not
    closed
{% sort_header _("Name") "name" %}
{% blocktranslate count n=number trimmed %}
    one day
{% plural %}
    %(n)s {{ n }} days
{% endblocktranslate %}
  {% blocktranslate with name=person.name asvar title context "heading" %}About {{ name }}{% endblocktranslate %}
{% comment %}{% translate "no" %}{% endcomment %}
"""
    assert found_by(django_template, template) == [
        ("gettext", "It's “here”"),
        ("pgettext", ("a state", "Open")),
        ("gettext", 'A "word"'),
        ("gettext", "none"),
        ("gettext", "Name"),
        ("ngettext", ("one day", "%%(n)s %(n)s days")),
        ("pgettext", ("heading", "About %(name)s")),
    ]


def test_each_catalogue_takes_its_own_words_from_python() -> None:
    code = (
        '_("a"); gettext_lazy("b"); ngettext_lazy("c", "d", n); pgettext_lazy("e", "f"); npgettext("g", "h", "i", n)\n'
        'N_("j"); N2_("k", "l")\n'
    )
    assert [word for word, _ in found_by(django_words, code)] == [
        *("gettext", "gettext", "ngettext", "pgettext", "npgettext"),
    ]
    assert found_by(reference_words, code) == [("N_", "j"), ("N2_", ("k", "l"))]


def _texts_called_for(code: str) -> Iterator[str]:
    """Return the first text of every call that translates, wherever it stands: in a text that is put together, too."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in DJANGO_WORDS:
            continue
        at = 1 if "pgettext" in node.func.id else 0
        if len(node.args) > at and isinstance(text := node.args[at], ast.Constant) and isinstance(text.value, str):
            yield text.value


def test_no_call_escapes_the_extraction() -> None:
    extracted = {ids_of(entry)[0] for entry in catalogue(LOCALE / "django.pot", "en") if entry.id}
    missed = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in sorted((ROOT / "src/mentornet").rglob("*.py"))
        for text in _texts_called_for(path.read_text(encoding="utf-8"))
        if text and text not in extracted
    }
    # What is marked with N_ for the other catalogue is called for by other names.
    assert missed == set()


def test_call_inside_a_text_that_is_put_together_is_seen() -> None:
    # The control: Babel reads past this one.
    assert list(_texts_called_for("f\"{gettext('Kind regards')}, {name}\"")) == ["Kind regards"]


def test_every_letters_words_are_in_the_participants_languages() -> None:
    modules = sorted((ROOT / "src/mentornet/messaging").glob("*events.py"))
    assert len(modules) >= 4
    read = {path for pattern in PARTICIPANTS for path in ROOT.glob(pattern)}
    assert [path.name for path in modules if path not in read] == []
