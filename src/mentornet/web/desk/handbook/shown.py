"""What the pages of the handbook's texts show: which languages there are, and what differs between two versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.learning import queries
from mentornet.learning.models import ChapterText, ModuleText
from mentornet.people.enums import Role
from mentornet.web.desk.handbook.kinds import CHAPTER, MODULE, SOURCE, Place, Text
from mentornet.web.ui.own_names import own_name

SAME, GONE, NEW = "same", "gone", "new"


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A text in one language, or its lack.

    Attributes:
        number: of the version in force; 0 where it is not written.
        is_old: the text in the first language has been rewritten since.
    """

    code: str
    name: str
    number: int
    is_old: bool
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A chapter or a module in the list.

    Attributes:
        told: how many have read it, or done it.
        readers_url: where it stands who of her divisions they are; empty for a module.
    """

    title: str
    language: str
    told: str
    languages: list[InLanguage]
    readers_url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A handbook, or a role's training."""

    title: str
    rows: list[Row]


def is_older(text: Text | None, source: Text | None) -> bool:
    """Tell whether the text that a translation follows has been written anew since."""
    return text is not None and source is not None and source.written_at > text.written_at


def groups(language: str) -> list[Group]:
    """Return everything that is written, by role. Six queries, however much it is."""
    chapters = _by_thing(queries.newest_chapter_texts().select_related("chapter"), "chapter")
    modules = _by_thing(queries.newest_module_texts().select_related("module"), "module")
    read, done = queries.readers_of_chapters(), queries.done_modules()
    found = []
    for role in Role.values:
        is_mentor = role == Role.MENTOR
        title = _("Handbook for mentors") if is_mentor else _("Handbook for mentees")
        rows = [
            _row(CHAPTER, one, chapters.get(one.pk, {}), language, _readers(read.get(one.pk, 0)))
            for one in queries.every_chapter()
            if one.role == role
        ]
        found.append(Group(title, rows))
        title = _("Training of mentors") if is_mentor else _("Training of mentees")
        rows = [
            _row(MODULE, one, modules.get(one.pk, {}), language, _doers(done.get(one.pk, 0)))
            for one in queries.every_module()
            if one.role == role
        ]
        found.append(Group(title, rows))
    return found


def _readers(count: int) -> str:
    if not count:
        return _("Nobody has said yet that she has read it.")
    return ngettext("%(count)s person has read it.", "%(count)s people have read it.", count) % {"count": count}


def _doers(count: int) -> str:
    if not count:
        return _("Nobody has done it yet.")
    return ngettext("%(count)s person has done it.", "%(count)s people have done it.", count) % {"count": count}


def _by_thing(texts: Iterable[Any], of: str) -> dict[UUID, dict[str, Text]]:
    found: defaultdict[UUID, dict[str, Text]] = defaultdict(dict)
    for text in texts:
        found[getattr(text, f"{of}_id")][text.language] = text
    return found


def _row(kind: str, thing: Any, texts: Mapping[str, Text], language: str, told: str) -> Row:
    title = next((texts[code] for code in (language, SOURCE, "en") if code in texts), None)
    return Row(
        title.title if title else thing.slug,
        title.language if title else "",
        told,
        [
            InLanguage(
                code,
                own_name(code),
                texts[code].number if code in texts else 0,
                is_older(texts.get(code), texts.get(SOURCE)),
                reverse("desk:handbook_text", kwargs=Place(kind, thing, code).arguments),
            )
            for code, _name in settings.LANGUAGES
        ],
        reverse("desk:handbook_readers", args=[thing.role, thing.slug]) if kind == CHAPTER else "",
    )


# Between two versions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: the same in both, gone, or new."""

    kind: str
    text: str


def lines_of(text: Text) -> list[str]:
    """Return a version as lines, its questions and situations among them."""
    return [line for line in _all_lines(text) if line.strip()]


def _all_lines(text: Text) -> Iterator[str]:
    yield text.title
    yield text.summary
    if isinstance(text, ChapterText):
        yield from text.situations
    yield from text.body.splitlines()
    if isinstance(text, ModuleText):
        for question in text.questions:
            yield question["text"]
            for place, answer in enumerate(question["answers"]):
                yield f"{'✓' if place == question['right'] else '–'} {answer}"
            yield question["why"]


def compared(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Return what is gone and what is new, line by line, in the text's order."""
    found: list[Line] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Line(SAME, line) for line in old[start:end]]
            continue
        found += [Line(GONE, line) for line in old[start:end]]
        found += [Line(NEW, line) for line in new[new_start:new_end]]
    return found
