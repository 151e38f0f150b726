"""Reading pages as a person does: which words stand on them, and which of them were forgotten by the translator."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from mentornet.config.mirrored import CLOSES, OPENS

_EMPTY: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905 - reads better so
)
_UNSEEN: Final = frozenset({"script", "style", "template"})
# Read out, or shown when the pointer rests: texts as much as any other.
_SPOKEN: Final = ("aria-label", "aria-description", "aria-roledescription", "alt", "title", "placeholder")
_BUTTONS: Final = frozenset({"submit", "button", "reset"})


class UnbalancedError(AssertionError):
    """A translated text has lost one of its brackets: it was cut, or put together from parts."""


def outside(text: str, depth: int = 0) -> tuple[str, int]:
    """Return what of a text stands outside the brackets, and how many are still open after it."""
    left: list[str] = []
    for sign in text:
        if sign == OPENS:
            depth += 1
        elif sign == CLOSES:
            depth -= 1
            if depth < 0:
                raise UnbalancedError(f"closed, never opened: {text}")
            left.append(" ")
        elif depth == 0:
            left.append(sign)
    return " ".join("".join(left).split()), depth


class _Page(HTMLParser):
    """Collects what stands outside the brackets of the mirrored language."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.language: str | None = None
        # Each open element, and whether what stands in it is looked at.
        self.open: list[tuple[str, bool]] = []
        self.depth = 0

    @property
    def looks(self) -> bool:
        return self.open[-1][1] if self.open else True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "html":
            self.language = attributes.get("lang")
        looks = self.looks and tag not in _UNSEEN and not self._is_as_written(tag, attributes)
        if self.looks and tag not in _UNSEEN:
            self._read_attributes(tag, attributes, looks=looks)
        if tag not in _EMPTY:
            self.open.append((tag, looks))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] in _UNSEEN:
            return
        left, self.depth = outside(data, self.depth)
        if self.looks:
            self._note(left)

    def _is_as_written(self, tag: str, attributes: dict[str, str | None]) -> bool:
        other_language = "lang" in attributes and attributes["lang"] != self.language
        return (
            tag == "bdi"
            or attributes.get("dir") == "auto"
            or attributes.get("translate") == "no"
            or "data-as-written" in attributes
            or other_language
        )

    def _read_attributes(self, tag: str, attributes: dict[str, str | None], *, looks: bool) -> None:
        names = [*_SPOKEN, *(["value"] if tag == "input" and attributes.get("type") in _BUTTONS else [])]
        for name in names:
            # What is typed into a field is its reader's own; the words around it are ours.
            if looks or (tag in {"input", "textarea", "select"} and name != "value"):
                left, depth = outside(attributes.get(name) or "")
                if depth:
                    raise UnbalancedError(f"{name}: never closed: {attributes.get(name)}")
                self._note(left)

    def _note(self, text: str) -> None:
        if any(sign.isalpha() for sign in text):
            self.found.append(text)


def untranslated(html: str) -> list[str]:
    """Return the texts of a page in the mirrored language that nobody has given to the translator.

    Looked at is what is shown or read out, attributes such as ``aria-label`` among it. Left out is what has no
    letters and what people wrote or what carries its own language: elements (with all they hold) that are ``bdi`` or
    have ``dir="auto"``, ``data-as-written``, ``translate="no"`` or a ``lang`` that is not the page's.

    Open the page in that language, for example by ``client.cookies["django_language"] = "xb"`` or for one request by
    ``headers={"accept-language": "xb"}``.

    Raises:
        UnbalancedError: a translated text was cut or put together from parts.
    """
    page = _Page()
    page.feed(html)
    page.close()
    if page.depth:
        raise UnbalancedError(f"{page.depth} translated texts were never closed")
    return page.found
