"""How the texts of the two catalogues are found: those of the spreadsheets and the pairing, and those of the pages.

``mentornet`` (``src/reference/locale``) holds what ``N_`` and ``N2_`` mark, and the report's templates. ``django``
(``src/mentornet/locale``) holds what Django's own functions and template tags translate. Both stand beside each other
in ``src/mentornet``, so each extractor takes its own kind and leaves the other. Needs no GNU gettext.

Danish has all texts of ``django``. The languages of ``PLURALS`` have those that participants meet, which stand in the
files of ``PARTICIPANTS``: a page of theirs that shows a text from elsewhere makes ``tests/web/public`` fail.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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

PARTICIPANTS: Final = (
    "src/mentornet/web/public/**/*.py",
    "src/mentornet/web/public/templates/**/*.html",
    "src/mentornet/web/portal/**/*.py",
    "src/mentornet/web/portal/templates/**/*.html",
    # What stands around every page, and what answers when something goes wrong.
    "src/mentornet/web/ui/templates/ui/b*.html",
    "src/mentornet/web/ui/templates/ui/[45]*.html",
    "src/mentornet/web/ui/templates/ui/expired_form.html",
    "src/mentornet/web/ui/templates/ui/_typed.html",
    "src/mentornet/web/ui/templates/ui/code_first.html",
    "src/mentornet/web/ui/templates/ui/_signed_out.html",
    # Components that their pages are made of.
    *(
        f"src/mentornet/web/ui/templates/ui/components/_{name}.html"
        for name in (
            *("button", "callout", "card", "copy", "demo_banner", "dialog", "disclosure", "empty", "error_summary"),
            *("facts", "field", "field_errors", "form_fields", "language_picker", "link_button", "mark", "occupation"),
            *("occupations", "person", "progress", "stepper", "timeline", "toast", "toasts"),
        )
    ),
    "src/mentornet/web/ui/templatetags/ui.py",
    *(f"src/mentornet/web/ui/{name}.py" for name in ("listed", "missing", "occupations")),
    # Days, hours and calendar files.
    "src/mentornet/common/appointments.py",
    "src/mentornet/common/moments.py",
    # Letters.
    *(
        f"src/mentornet/messaging/{name}.py"
        for name in ("events", "letters", "rights_events", "search_events", "templates", "waiting_events", "wording")
    ),
    # What a form of theirs offers, and what a service answers to it.
    "src/mentornet/config/settings.py",
    "src/mentornet/accounts/services/*.py",
    "src/mentornet/accounts/validators.py",
    "src/mentornet/people/enums.py",
    # Their own copy of what is kept of them.
    "src/mentornet/privacy/wording.py",
    # What is answered to whoever asks about her data.
    *(f"src/mentornet/privacy/{name}.py" for name in ("request_rules", "rules", "services/requesting")),
    "src/mentornet/intake/consent_words.py",
    # What everybody reads while an intake is closed by its limit.
    "src/mentornet/intake/limits.py",
    "src/mentornet/intake/rules.py",
    "src/mentornet/intake/services/*.py",
    "src/mentornet/partnerships/enums.py",
    "src/mentornet/partnerships/rules.py",
    "src/mentornet/partnerships/validators.py",
    "src/mentornet/partnerships/services/*.py",
    "src/mentornet/learning/services/studying.py",
    "src/mentornet/surveys/questions.py",
    "src/mentornet/surveys/services/answering.py",
    "src/mentornet/matching/fitting.py",
    "src/mentornet/matching/rules.py",
    "src/mentornet/matching/waits.py",
    "src/mentornet/matching/services/answering.py",
    "src/mentornet/followup/enums.py",
    "src/mentornet/followup/rules.py",
    *(f"src/mentornet/followup/{name}.py" for name in ("impact_words", "prompts", "value_rules")),
    *(f"src/mentornet/followup/services/{name}.py" for name in ("certificates", "concerns", "letters", "reflections")),
    # What somebody who is wanted as a mentor is sent.
    "src/mentornet/web/desk/shortage/texts.py",
    # What can be said to whoever waits, and to a mentor who is idle.
    "src/mentornet/matching/whynot_said.py",
    # What somebody is asked in a search.
    "src/mentornet/sourcing/replies.py",
    "src/mentornet/sourcing/rules.py",
    "src/mentornet/sourcing/services/answering.py",
    "src/mentornet/web/ui/briefs.py",
    # Papers of their own.
    "src/mentornet/web/ui/papers.py",
    "src/mentornet/web/ui/templates/ui/paper_*.html",
    "src/mentornet/web/ui/templates/ui/_certificate.html",
    "src/mentornet/web/ui/templates/ui/_impact_letter.html",
)
"""Where the texts stand that participants meet: pages, their frame, letters. Add what they are shown besides."""
SPOKEN: Final = ("src/pairing/sentences.py", "src/reference/spoken.py", "src/reference/topics.py")
"""Where the texts of ``mentornet`` stand that participants meet: topics, times, lists, and the reasons of a pair."""
PLURALS: Final = {
    "ar": (6, "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)"),
    "fa": (2, "(n > 1)"),
    "uk": (
        3,
        "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)",
    ),
}
"""The languages that have the participants' texts alone, and which number takes which form in them, as CLDR has it.

Babel's own table differs: it swaps the last two forms of Arabic, and knows one form of Persian.
"""

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


def participants_files() -> list[str]:
    """Return the files in which participants' texts stand, from the project's folder on."""
    found = {path.relative_to(ROOT).as_posix() for pattern in PARTICIPANTS for path in ROOT.glob(pattern)}
    return sorted(found)


def extract(pot: str, mapping: str, paths: Sequence[str], *keywords: str) -> None:
    """Write the texts that stand in files or folders into a template."""
    _pybabel(
        *("extract", "--mapping", mapping, *keywords, "--add-comments", "Translators:", "--no-location"),
        *("--sort-output", "--omit-header", "--width", "120", "--output", pot, *paths),
    )


def merge(pot: str, domain: str, folder: str, languages: Iterable[str]) -> None:
    """Bring the catalogues of languages up to date with a template, and compile them."""
    for language in languages:
        catalogue = ROOT / folder / language / "LC_MESSAGES" / f"{domain}.po"
        if not catalogue.exists():
            _begin(catalogue, language)
        _pybabel(
            *("update", "--domain", domain, "--input-file", pot, "--output-dir", folder, "--locale", language),
            *("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--width", "120"),
        )
        _pybabel("compile", "--domain", domain, "--directory", folder, "--locale", language)


def _begin(path: Path, language: str) -> None:
    """Write a catalogue of nothing but its head, with the plural forms of its language."""
    count, expression = PLURALS[language]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
        f'"Plural-Forms: nplurals={count}; plural={expression};\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    REFERENCE, OURS = "src/reference/locale", "src/mentornet/locale"
    extract(f"{REFERENCE}/mentornet.pot", "babel.cfg", ["."], "--keywords", "N_ N2_:1,2")
    merge(f"{REFERENCE}/mentornet.pot", "mentornet", REFERENCE, ["da"])
    extract(f"{REFERENCE}/spoken.pot", "babel.cfg", SPOKEN, "--keywords", "N_ N2_:1,2")
    merge(f"{REFERENCE}/spoken.pot", "mentornet", REFERENCE, PLURALS)
    extract(f"{OURS}/django.pot", f"{OURS}/babel.cfg", ["."])
    merge(f"{OURS}/django.pot", "django", OURS, ["da"])
    extract(f"{OURS}/participants.pot", f"{OURS}/babel.cfg", participants_files())
    merge(f"{OURS}/participants.pot", "django", OURS, PLURALS)
