"""Make the pilot of 2003: ``python examples/make_pilot.py`` writes examples/pilot-2003/*.xlsx.

Twelve women wait in Copenhagen and more than three hundred have offered to be mentors. That much is history; every
person here is invented. The twelve are written by hand, so that the result has something to tell: two want the only
mentor who speaks Vietnamese, and for one nobody has both the language and the time. The mentors come from the
synthetic network of the tests. The files are the same, byte for byte, each time.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "tests"))

from factories.network import BACKGROUNDS, COPENHAGEN, DANE, SEED, Population, Weighted  # noqa: E402
from reference import isco, languages  # noqa: E402
from reference.cefr import Level  # noqa: E402
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Requirement, RequirementKind, Role  # noqa: E402
from reference.slots import Day, Part, Slot  # noqa: E402
from reference.titles import TitleResolver  # noqa: E402
from reference.topics import Topic  # noqa: E402
from reference.writing import Table, Value, people_table  # noqa: E402
from reference.xlsx_writing import xlsx_bytes  # noqa: E402

TODAY: Final = date(2003, 11, 21)
MENTORS: Final = 312
OUT: Final = PROJECT / "examples" / "pilot-2003"

# In the pilot only the mentors written by hand speak these.
RARE: Final = {"vi", "ti", "ta"}
IN_PERSON: Final = (MeetingMode.IN_PERSON,)
BOTH_WAYS: Final = (MeetingMode.IN_PERSON, MeetingMode.ONLINE)
DAYS: Final = ("man", "tir", "ons", "tor", "fre", "lør", "søn")
PARTS: Final = {"formiddag": Part.MORNING, "eftermiddag": Part.AFTERNOON, "aften": Part.EVENING}


def skills(text: str) -> tuple[LanguageSkill, ...]:
    """Return languages written as ``ar:C2 da:B1 en``; without a level it is unknown."""
    return tuple(
        LanguageSkill(code, Level[level] if level else None)
        for code, _, level in (item.partition(":") for item in text.split())
    )


def slots(text: str) -> tuple[Slot, ...]:
    """Return times written as ``man-aften lør-formiddag``."""
    return tuple(
        Slot(Day(DAYS.index(day)), PARTS[part]) for day, _, part in (item.partition("-") for item in text.split())
    )


def waiting_list() -> tuple[Mentee, ...]:
    """Return the twelve who wait."""
    waiting = partial(Mentee, division=COPENHAGEN.name, meeting=IN_PERSON)
    return (
        waiting(
            id="K01",
            row=2,
            name="Rania Haddad",
            postcode="2200",
            languages=skills("ar:C2 da:B2 fr:B2 en:B1"),
            occupation="2142",
            sector="byggeri",
            education=7,
            topics=(Topic.NETWORK, Topic.JOB_SEARCH, Topic.WORKPLACE_CULTURE),
            interests=("arkitektur", "gåture", "film"),
            availability=slots("man-aften ons-aften tor-aften"),
            hours_per_month=3,
            months=12,
            wishes="Har bygget broer i Syrien og vil gerne møde en, der kender de rådgivende ingeniører.",
            waiting_since=date(2003, 9, 2),
            practise_danish=True,
            needs_experience=False,
        ),
        waiting(
            id="K02",
            row=3,
            name="Fadumo Warsame",
            postcode="2400",
            languages=skills("so:C2 da:B1 ar:B2"),
            occupation="5321",
            sector="sundhed",
            education=3,
            topics=(Topic.EDUCATION, Topic.DANISH, Topic.CONFIDENCE),
            interests=("madlavning", "familieliv"),
            availability=slots("tir-formiddag ons-formiddag tor-formiddag"),
            hours_per_month=2,
            months=9,
            wishes="Vil gerne i gang med en uddannelse og møde en, der arbejder på et plejehjem.",
            waiting_since=date(2003, 9, 9),
            practise_danish=True,
        ),
        waiting(
            id="K03",
            row=4,
            name="Shirin Karimi",
            postcode="2300",
            languages=skills("fa:C2 da:C1 en:C1"),
            occupation="2262",
            sector="sundhed",
            education=7,
            topics=(Topic.RECOGNITION, Topic.NETWORK, Topic.INTERVIEW),
            interests=("litteratur", "poesi", "svømning"),
            availability=slots("tir-aften tor-aften lør-formiddag"),
            meeting=BOTH_WAYS,
            hours_per_month=4,
            months=6,
            wishes="Venter på at få mit eksamensbevis godkendt og vil gerne tale med en farmaceut.",
            waiting_since=date(2003, 9, 15),
            practise_danish=False,
            needs_experience=False,
        ),
        waiting(
            id="K04",
            row=5,
            name="Jelena Kovačević",
            postcode="2500",
            languages=skills("bs:C2 da:B2 de:B2"),
            occupation="3313",
            sector="regnskab",
            education=5,
            topics=(Topic.JOB_SEARCH, Topic.CV, Topic.INTERVIEW),
            interests=("kor", "bagning", "havearbejde"),
            availability=slots("man-eftermiddag ons-aften fre-eftermiddag"),
            hours_per_month=2,
            months=6,
            wishes="Har søgt 60 stillinger og vil gerne vide, hvad jeg gør forkert.",
            waiting_since=date(2003, 9, 22),
            practise_danish=False,
            needs_experience=False,
        ),
        waiting(
            id="K05",
            row=6,
            name="Zeynep Yıldız",
            postcode="2200",
            languages=skills("tr:C2 da:C2 en:B2"),
            occupation="2611",
            sector="jura",
            education=7,
            topics=(Topic.NETWORK, Topic.WORKPLACE_CULTURE),
            interests=("samfundsdebat", "politik", "løb"),
            availability=slots("tir-aften ons-aften søn-eftermiddag"),
            hours_per_month=2,
            months=12,
            wishes="Er nyuddannet jurist og kender ikke en eneste advokat.",
            waiting_since=date(2003, 9, 29),
            practise_danish=False,
            needs_experience=False,
            must_not_meet=("M017",),
        ),
        waiting(
            id="K06",
            row=7,
            name="Thuy Nguyen",
            postcode="2450",
            languages=skills("vi:C2 da:A2"),
            occupation="7531",
            sector="skønhed",
            education=3,
            topics=(Topic.BUSINESS, Topic.DANISH, Topic.NETWORK),
            interests=("syning", "mode"),
            availability=slots("man-aften tir-aften søn-eftermiddag"),
            hours_per_month=3,
            months=12,
            wishes="Vil åbne en lille systue. Jeg har brug for at kunne tale om det på mit eget sprog.",
            waiting_since=date(2003, 10, 1),
            practise_danish=True,
            needs_experience=False,
        ),
        waiting(
            id="K07",
            row=8,
            name="Lan Pham",
            postcode="2605",
            languages=skills("vi:C2 da:A1"),
            occupation="9412",
            sector="restaurant og køkken",
            education=2,
            topics=(Topic.DANISH, Topic.EVERYDAY_LIFE),
            interests=("madlavning", "havearbejde"),
            availability=slots("man-aften søn-eftermiddag"),
            hours_per_month=2,
            months=6,
            wishes="Kender ikke mange udenfor familien og vil gerne lære Danmark at kende.",
            waiting_since=date(2003, 10, 27),
            practise_danish=True,
        ),
        waiting(
            id="K08",
            row=9,
            name="Saba Tesfay",
            postcode="2700",
            languages=skills("ti:C2 da:A2 en:A2"),
            occupation="9112",
            sector="rengøring",
            education=2,
            topics=(Topic.DANISH, Topic.JOB_SEARCH),
            interests=("kor", "madlavning"),
            availability=slots("tir-formiddag tor-formiddag"),
            hours_per_month=2,
            months=12,
            wishes="Gør rent om aftenen og kan kun mødes, mens børnene er i skole.",
            waiting_since=date(2003, 9, 11),
            practise_danish=True,
            needs_experience=True,
        ),
        waiting(
            id="K09",
            row=10,
            name="Carmen Rojas",
            postcode="1620",
            languages=skills("es:C2 en:B2 da:B1"),
            occupation="2342",
            sector="daginstitution",
            education=6,
            topics=(Topic.WORKPLACE_CULTURE, Topic.DANISH, Topic.CV),
            interests=("dans", "sang", "børneopdragelse"),
            availability=slots("man-formiddag ons-eftermiddag fre-formiddag"),
            hours_per_month=3,
            wishes="Vil gerne forstå, hvad danske pædagoger taler om i pausen.",
            waiting_since=date(2003, 10, 6),
            practise_danish=True,
            needs_experience=False,
        ),
        waiting(
            id="K10",
            row=11,
            name="Ayesha Malik",
            postcode="2620",
            languages=skills("ur:C2 da:B2 en"),
            occupation="2512",
            sector="it",
            education=7,
            topics=(Topic.JOB_SEARCH, Topic.NETWORK, Topic.CONFIDENCE),
            interests=("skak", "læsning"),
            availability=slots("lør-formiddag lør-eftermiddag søn-eftermiddag"),
            hours_per_month=4,
            months=9,
            requires=(Requirement(RequirementKind.OCCUPATION, "25"),),
            wishes="Vil helst have en mentor, der selv skriver programmer. Har været hjemme i tre år.",
            waiting_since=date(2003, 10, 13),
            practise_danish=False,
            needs_experience=False,
        ),
        waiting(
            id="K11",
            row=12,
            name="Nasrin Ahmadi",
            languages=skills("prs:C2 da:B1 ru:B1"),
            occupation="2211",
            sector="sundhed",
            topics=(Topic.RECOGNITION, Topic.DANISH, Topic.NETWORK),
            interests=("læsning", "sundhed"),
            availability=slots("man-aften tir-aften ons-aften tor-aften"),
            hours_per_month=3,
            months=12,
            wishes="Var læge i Kabul i elleve år. Vil gerne høre, hvordan andre er kommet i gang igen.",
            waiting_since=date(2003, 10, 20),
            practise_danish=True,
            needs_experience=True,
        ),
        waiting(
            id="K12",
            row=13,
            name="Mirjana Hadžić",
            postcode="2730",
            languages=skills("bs:C2 da:B2"),
            occupation="5120",
            education=3,
            topics=(Topic.BUSINESS, Topic.NETWORK),
            availability=slots("man-formiddag tir-formiddag"),
            hours_per_month=2,
            months=6,
            wishes="Vil gerne have min egen café.",
            waiting_since=date(2003, 11, 3),
            practise_danish=False,
        ),
    )


def with_rare_languages(mentor: Mentor) -> Mentor:
    """Give two of the mentors a rare language, and the times that make the story."""
    if mentor.id == "M088":
        return replace(
            mentor,
            name="Mai Tran",
            languages=skills("vi:C2 da:C2 en:B2"),
            occupation="3313",
            sector="regnskab",
            education=5,
            topics=(Topic.BUSINESS, Topic.DANISH, Topic.EVERYDAY_LIFE),
            interests=("mode", "madlavning"),
            availability=slots("man-aften tor-aften søn-eftermiddag"),
            meeting=IN_PERSON,
            hours_per_month=3,
            months=12,
            requires=(),
            wishes="Kom selv hertil som barn og vil gerne give det videre.",
            capacity=1,
            resting_until=None,
        )
    if mentor.id == "M241":
        return replace(
            mentor,
            name="Selam Haile",
            languages=skills("ti:C2 da:C1 am:C1 en:B2"),
            occupation="5321",
            sector="sundhed",
            education=3,
            topics=(Topic.DANISH, Topic.JOB_SEARCH, Topic.CONFIDENCE),
            interests=("kor", "madlavning"),
            availability=slots("man-aften ons-aften lør-eftermiddag"),
            meeting=IN_PERSON,
            hours_per_month=2,
            months=12,
            requires=(),
            wishes="Arbejder om dagen, men har god tid om aftenen.",
            capacity=1,
            resting_until=None,
        )
    return mentor


def mentor_bank() -> tuple[Mentor, ...]:
    """Return those who have offered to be mentors; none of them has been one before."""
    random = Random(f"{SEED} pilot")  # noqa: S311 - chance that can be repeated is what is wanted
    others = {background: share for background, share in BACKGROUNDS.items() if background.native not in RARE}
    population = Population(
        random,
        divisions={COPENHAGEN: 1},
        backgrounds={DANE: 7.0, **others},
        today=TODAY,
        meeting=Weighted({IN_PERSON: 88, BOTH_WAYS: 12}),
        unknown=0.07,
    )
    found = [population.mentor(f"M{number:03d}", number + 1) for number in range(1, MENTORS + 1)]
    volunteered = [TODAY - timedelta(days=random.randrange(7, 88)) for _ in found]
    return tuple(
        with_rare_languages(
            replace(
                mentor,
                # Whoever tells no language at all might speak any: then nobody would be left over.
                languages=mentor.languages or skills("da:C2 en"),
                active_pairs=0,
                pairs_before=None if mentor.pairs_before is None else 0,
                idle_since=None if mentor.idle_since is None else day,
            )
        )
        for mentor, day in zip(found, volunteered, strict=True)
    )


def danish_languages(spoken: Sequence[LanguageSkill] | None) -> str | None:
    """Return languages by their Danish names; the best one as mother tongue if it comes first."""
    if not spoken:
        return None
    written = []
    for place, skill in enumerate(spoken):
        level = "" if skill.level is None else f":{skill.level.name}"
        if place == 0 and skill.level is Level.C2:
            level = ":modersmål"
        written.append(languages.name(skill.code, "da") + level)
    return "; ".join(written)


def danish_requirements(requires: Sequence[Requirement]) -> str | None:
    """Return demands with Danish words."""
    words = {
        RequirementKind.LANGUAGE: "sprog",
        RequirementKind.OCCUPATION: "fag",
        RequirementKind.DIVISION: "afdeling",
        RequirementKind.ONLINE: "online",
        RequirementKind.IN_PERSON: "fysisk",
    }
    return "; ".join(words[one.kind] + (f":{one.value}" if one.value else "") for one in requires) or None


class Titles:
    """Danish job titles that name exactly one unit group; often a number stands in the cell all the same."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._resolver = TitleResolver.bundled()

    def written(self, code: str | None) -> str | None:
        """Return a title or the code, as somebody typed it."""
        if code is None or self._random.random() < 0.3:
            return code
        titles = [title for title in isco.group(code).synonyms["da"][:3] if self._means(title, code)]
        return self._random.choice(titles) if titles else code

    def _means(self, title: str, code: str) -> bool:
        match = self._resolver.resolve(title)
        return match is not None and match.exact and match.code == code


def danish_table(people: Sequence[Mentor] | Sequence[Mentee], role: Role, titles: Titles) -> Table:
    """Return the spreadsheet as a Danish coordinator would have typed it."""
    table = people_table(people, role, "da")
    where = {header: place for place, header in enumerate(table.headers)}
    rows = []
    for person, row in zip(people, table.rows, strict=True):
        cells: list[Value] = [f"{cell:%d-%m-%Y}" if isinstance(cell, date) else cell for cell in row]
        cells[where["sprog"]] = danish_languages(person.languages)
        cells[where["fag"]] = titles.written(person.occupation)
        cells[where["krav"]] = danish_requirements(person.requires)
        rows.append(cells)
    return Table(table.headers, rows)


def main() -> None:
    """Write both files."""
    OUT.mkdir(parents=True, exist_ok=True)
    titles = Titles(Random(f"{SEED} titles"))  # noqa: S311 - as above
    mentors = danish_table(mentor_bank(), Role.MENTOR, titles)
    mentees = danish_table(waiting_list(), Role.MENTEE, titles)
    (OUT / "mentorbank.xlsx").write_bytes(xlsx_bytes(mentors, "Mentorbank"))
    (OUT / "venteliste.xlsx").write_bytes(xlsx_bytes(mentees, "Venteliste"))


if __name__ == "__main__":
    main()
