"""How the texts of the two catalogues are found: those of the spreadsheets and the pairing, and those of the desk.

``mentornet`` (``src/reference/locale``) holds what ``N_`` and ``N2_`` mark, and the report's templates. ``django``
(``src/mentornet/locale``) holds what Django's own functions and template tags translate. Both stand beside each other
in ``src/mentornet``, so each extractor takes its own kind and leaves the other. Needs no GNU gettext.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).parents[1]
REFERENCE_WORDS: Final = {"N_": "N_", "N2_": "N2_"}
# What is found counts as the function on the right, whose arguments Babel knows.
DJANGO_WORDS: Final = {
    "_": "gettext",
    "gettext": "gettext",
    "gettext_lazy": "gettext",
    "gettext_noop": "gettext",
    "ngettext": "ngettext",
    "ngettext_lazy": "ngettext",
    "pgettext": "pgettext",
    "pgettext_lazy": "pgettext",
    "npgettext": "npgettext",
    "npgettext_lazy": "npgettext",
}

Found = tuple[int, str, Any, list[str]]


def _taken(file: IO[bytes], words: Mapping[str, str], comments: Collection[str], options: Any) -> Iterator[Found]:
    extracted: Iterator[Any] = extract_python(file, dict.fromkeys(words), comments, options)
    for line, word, texts, remarks in extracted:
        yield line, words[word], texts, remarks


def reference_words(file: IO[bytes], _: Any, comments: Collection[str], options: Any) -> Iterator[Found]:
    """Find what stands in Python for the catalogue ``mentornet``."""
    yield from _taken(file, REFERENCE_WORDS, comments, options)


def django_words(file: IO[bytes], _: Any, comments: Collection[str], options: Any) -> Iterator[Found]:
    """Find what stands in Python for the catalogue ``django``."""
    yield from _taken(file, DJANGO_WORDS, comments, options)


def django_template(file: IO[bytes], _: Any, comments: Collection[str], options: Any) -> Iterator[Found]:
    """Find what stands in a Django template for the catalogue ``django``.

    Django itself turns the template into calls of gettext between words of crosses. Without their indentation these
    lines come apart into tokens as Python's do.
    """
    calls = templatize(file.read().decode("utf-8"))
    code = "\n".join(line.strip() for line in calls.split("\n"))
    yield from _taken(io.BytesIO(code.encode("utf-8")), DJANGO_WORDS, comments, options)


def _pybabel(*arguments: str) -> None:
    # The extractors above are named in the mappings, so their folder must be on the path.
    folder = str(Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {folder!r}); from babel.messages.frontend import main; main()"
    subprocess.run([sys.executable, "-c", code, "-q", *arguments], cwd=ROOT, check=True)


def bring_up_to_date(domain: str, mapping: str, folder: str, *keywords: str) -> None:
    """Extract the texts of a domain, merge them into every language's catalogue and compile these."""
    pot = f"{folder}/{domain}.pot"
    _pybabel(
        *("extract", "--mapping", mapping, *keywords, "--add-comments", "Translators:", "--no-location"),
        *("--sort-output", "--omit-header", "--width", "120", "--output", pot, "."),
    )
    _pybabel(
        *("update", "--domain", domain, "--input-file", pot, "--output-dir", folder, "--no-fuzzy-matching"),
        *("--ignore-obsolete", "--ignore-pot-creation-date", "--width", "120"),
    )
    _pybabel("compile", "--domain", domain, "--directory", folder)


if __name__ == "__main__":
    bring_up_to_date("mentornet", "babel.cfg", "src/reference/locale", "--keywords", "N_ N2_:1,2")
    bring_up_to_date("django", "src/mentornet/locale/babel.cfg", "src/mentornet/locale")
