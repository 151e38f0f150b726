"""How often the title resolver is right: ``python tests/bench/title_accuracy.py [ESCO_DIR]`` prints Markdown.

ESCO_DIR holds ESCO's files of occupations and groups (default: ``../shared/data/esco`` beside the project). The
figures in docs/occupations.md come from here; what is measured, and on which titles, is told there.
"""

from __future__ import annotations

import csv
import hashlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from reference import isco, wording
from reference.esco import EscoTitle, read_esco
from reference.titles import Label, TitleResolver

PROJECT = Path(__file__).parents[2]
DANISH = PROJECT / "tests" / "reference" / "data" / "danish_titles.csv"
BUCKETS = 16
TUNED, REPORTED = 0, 1  # the buckets that weights were tuned on, and that the figures come from

Sample = Mapping[str, Collection[str]]  # a title and the codes that are right for it


def bucket(title: str) -> int:
    """Return which of the 16 buckets a title falls into, by a hash of its normal form."""
    return hashlib.sha256(wording.same_writing(title).encode()).digest()[0] % BUCKETS


def alternative_titles(titles: Iterable[EscoTitle], wanted: int) -> Sample:
    """Return ESCO's alternative titles of one bucket with all the unit groups that ESCO gives them."""
    codes = defaultdict(set)
    for title in titles:
        codes[wording.same_writing(title.title)].add(title.code)
    return {
        title.title: codes[wording.same_writing(title.title)]
        for title in titles
        if not title.preferred and len(title.code) == isco.LONGEST and bucket(title.title) == wanted
    }


def without(titles: Iterable[EscoTitle], sample: Sample) -> list[EscoTitle]:
    """Leave out every title that the sample holds, in whatever writing, form or order of words."""
    writings = {wording.same_writing(title) for title in sample}
    words = {wording.same_words(title) for title in sample}
    return [
        title
        for title in titles
        if wording.same_writing(title.title) not in writings and wording.same_words(title.title) not in words
    ]


def own_labels(keep: Callable[[str, str], bool]) -> list[Label]:
    """Return the bundled table's titles of which ``keep`` approves, given language and title."""
    found = []
    for group in isco.groups():
        for language, title in group.titles.items():
            found.append(Label(group.code, title, 0))
            found += [Label(group.code, other, 1) for other in group.synonyms[language] if keep(language, other)]
    return found


def measured(resolver: TitleResolver, sample: Sample) -> list[str]:
    """Return the cells of one row of the table."""
    first = dict.fromkeys((4, 3, 2, 1), 0)
    five = dict.fromkeys((4, 3, 2, 1), 0)
    answered = right = exact = 0
    for title, codes in sample.items():
        candidates = resolver.candidates(title)
        exact += any(match.exact for match in candidates)
        for digits in first:
            true = {code[:digits] for code in codes}
            found = [match.code[:digits] for match in candidates]
            first[digits] += bool(found) and found[0] in true
            five[digits] += not true.isdisjoint(found)
        answer = resolver.resolve(title)
        if answer is not None:
            answered += 1
            right += any(code.startswith(answer.code) for code in codes)
    count = len(sample)
    return [
        f"{count:,}",
        f"{exact / count:.1%}",
        *(f"{first[digits] / count:.1%}" for digits in first),
        *(f"{five[digits] / count:.1%}" for digits in five),
        f"{answered / count:.1%}",
        f"{right / max(answered, 1):.1%}",
    ]


def milliseconds(resolver: TitleResolver, sample: Sample) -> str:
    """Return the mean and the longest time that one answer takes."""
    times = []
    for title in sample:
        start = time.perf_counter()
        resolver.resolve(title)
        times.append((time.perf_counter() - start) * 1000)
    return f"{sum(times) / len(times):.1f} ms on average, {max(times):.0f} ms at most"


def danish_list() -> Sample:
    """Return the hand-written Danish titles."""
    with DANISH.open(encoding="utf-8", newline="") as lines:
        return {row["title"]: [row["code"]] for row in csv.DictReader(lines)}


def mistyped(sample: Sample) -> Sample:
    """Leave one letter out of each title of eight letters or more; which one, a hash of the title decides."""
    found = {}
    for title, codes in sample.items():
        if len(title) >= 8:
            at = 1 + hashlib.sha256(title.encode()).digest()[1] % (len(title) - 2)
            found[title[:at] + title[at + 1 :]] = codes
    return found


def danish_held_out() -> tuple[TitleResolver, Sample]:
    """Return a resolver that lacks an eighth of the bundled Danish synonyms, and those synonyms."""
    sample: dict[str, list[str]] = defaultdict(list)
    for group in isco.groups(isco.LONGEST):
        for title in group.synonyms["da"]:
            if bucket(title) < 2:
                sample[title].append(group.code)
    words = {wording.same_words(title) for title in sample}
    rest = own_labels(lambda language, title: language != "da" or wording.same_words(title) not in words)
    return TitleResolver(rest), sample


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT.parent / "shared" / "data" / "esco"
    titles = read_esco(sorted(path for path in folder.glob("*.csv") if path.stem.startswith(("occupations", "ISCOG"))))
    bundled = TitleResolver.bundled()
    sample = alternative_titles(titles, TUNED if "--tuning" in sys.argv else REPORTED)
    enlarged = bundled.enlarged(without(titles, sample))
    new = {
        title: codes for title, codes in sample.items() if not any(match.exact for match in bundled.candidates(title))
    }
    hand_written = danish_list()
    unknown = {
        title: codes
        for title, codes in hand_written.items()
        if not any(match.exact for match in bundled.candidates(title))
    }
    gap, left_out = danish_held_out()
    rows = [
        ["ESCO, English; bundled table", *measured(bundled, sample)],
        ["the same, without titles of the bundled table", *measured(bundled, new)],
        ["ESCO, English; enlarged by the rest of ESCO", *measured(enlarged, sample)],
        ["the same, without titles of the bundled table", *measured(enlarged, new)],
        ["Danish list; bundled table", *measured(bundled, hand_written)],
        ["the same, without titles of the bundled table", *measured(bundled, unknown)],
        ["Danish list with a letter missing; bundled table", *measured(bundled, mistyped(hand_written))],
        ["bundled Danish titles, left out of the table", *measured(gap, left_out)],
    ]
    header = ["Titles; resolved with", "Number", "Exact"]
    header += [f"First, {digits}" for digits in (4, 3, 2, 1)] + [f"Five, {digits}" for digits in (4, 3, 2, 1)]
    header += ["Answered", "Right"]
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    sys.stdout.write("".join("| " + " | ".join(line) + " |\n" for line in lines))
    sys.stdout.write(f"\nTime for one title: bundled table {milliseconds(bundled, new)}; ")
    sys.stdout.write(f"enlarged {milliseconds(enlarged, new)}.\n")


if __name__ == "__main__":
    main()
