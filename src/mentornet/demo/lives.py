"""What people in the synthetic network do and want: work, goals, offers, interests, wishes, pace and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mentornet.demo.lists import Weighted, words
from reference.cefr import Level
from reference.people import MeetingMode
from reference.slots import Day, Part, Slot
from reference.topics import Topic

# What they do or aim at -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """An occupation: its unit group in ISCO-08, the usual sector and the usual level of education (ISCED)."""

    code: str
    sector: str
    education: int


# Sector: code, ISCED level, share of mentors, share of mentees.
_WORK: Final[Mapping[str, Sequence[tuple[str, int, float, float]]]] = {
    "sundhed": (
        *(("2221", 6, 60, 55), ("3221", 4, 14, 50), ("5321", 3, 8, 60), ("2211", 7, 20, 14), ("2212", 8, 15, 6)),
        *(("2264", 6, 14, 8), ("2262", 7, 10, 14), ("3213", 5, 5, 8), ("3212", 6, 10, 8), ("2261", 7, 6, 9)),
        *(("3251", 4, 6, 14), ("3344", 4, 12, 9), ("2222", 6, 10, 6), ("2269", 6, 16, 5), ("2265", 6, 4, 4)),
        *(("5329", 3, 3, 9),),
    ),
    "undervisning": (
        *(("2341", 6, 55, 28), ("2330", 7, 24, 8), ("2353", 6, 20, 10), ("2310", 8, 22, 7), ("2359", 6, 14, 4)),
        *(("2320", 6, 10, 3), ("1345", 7, 10, 1), ("5312", 3, 3, 16), ("2352", 6, 10, 5)),
    ),
    "daginstitution": (("2342", 6, 30, 34), ("5311", 3, 5, 45), ("1341", 6, 9, 1)),
    "socialt arbejde": (("2635", 6, 40, 18), ("3412", 5, 12, 12), ("3353", 5, 12, 3), ("2634", 7, 20, 5)),
    "kontor": (
        *(("4110", 3, 30, 38), ("4120", 3, 12, 10), ("3343", 5, 10, 3), ("4226", 3, 4, 14), ("2422", 7, 48, 7)),
        *(("1219", 7, 26, 3), ("4225", 3, 5, 4), ("2421", 7, 22, 4)),
    ),
    "regnskab": (
        *(("2411", 7, 18, 14), ("3313", 5, 16, 24), ("4311", 4, 5, 14), ("2631", 7, 22, 9), ("1211", 7, 10, 1)),
        *(("4312", 4, 8, 5), ("3312", 5, 9, 3)),
    ),
    "it": (
        *(("2512", 7, 20, 20), ("2513", 6, 8, 10), ("2511", 7, 18, 6), ("2519", 6, 5, 5), ("2521", 6, 4, 5)),
        *(("2522", 5, 3, 4),),
    ),
    "kommunikation": (
        *(("2432", 7, 38, 8), ("2642", 7, 20, 8), ("2431", 7, 18, 9), ("2166", 6, 10, 9), ("1221", 7, 12, 2)),
    ),
    "jura": (("2611", 7, 18, 6), ("2619", 7, 20, 7)),
    "personale": (("2423", 7, 30, 5), ("1212", 7, 14, 1), ("2424", 7, 12, 2)),
    "byggeri": (("2142", 7, 12, 12), ("2161", 7, 16, 9), ("2141", 7, 6, 6), ("2164", 7, 4, 2)),
    "naturvidenskab": (("2131", 8, 10, 8), ("2113", 7, 7, 8), ("2133", 7, 7, 3), ("2145", 7, 4, 5)),
    "handel": (*(("5223", 3, 12, 48), ("5230", 2, 2, 16), ("1420", 3, 7, 4), ("3322", 5, 12, 7), ("4222", 3, 6, 9)),),
    "restaurant og køkken": (
        *(("5120", 3, 5, 24), ("5131", 3, 2, 9), ("9412", 2, 1, 24), ("1412", 3, 4, 8), ("7512", 3, 1, 7)),
    ),
    "rengøring": (("9112", 2, 2, 34), ("9111", 2, 1, 4)),
    "industri og lager": (("4321", 3, 2, 9), ("8160", 2, 1, 8), ("8153", 2, 1, 8), ("8131", 3, 2, 5)),
    "kultur": (
        *(("2622", 7, 14, 4), ("2621", 7, 7, 2), ("2643", 7, 9, 14), ("2651", 6, 5, 5), ("4411", 3, 3, 4)),
        *(("2632", 7, 8, 4),),
    ),
    "skønhed": (("5141", 3, 3, 16), ("5142", 3, 2, 10), ("7531", 3, 2, 14)),
    "ledelse": (("1120", 7, 12, 2), ("1112", 7, 6, 0.2), ("1111", 6, 3, 0.2)),
}
MENTOR_WORK: Final = Weighted(
    {Work(code, sector, level): share for sector, rows in _WORK.items() for code, level, share, _ in rows}
)
MENTEE_WORK: Final = Weighted(
    {Work(code, sector, level): share for sector, rows in _WORK.items() for code, level, _, share in rows}
)


# What they want -------------------------------------------------------------------------------------------------------

GOALS: Final = Weighted(
    {
        Topic.NETWORK: 22,
        Topic.JOB_SEARCH: 20,
        Topic.DANISH: 18,
        Topic.WORKPLACE_CULTURE: 13,
        Topic.CV: 11,
        Topic.INTERVIEW: 9,
        Topic.EDUCATION: 9,
        Topic.CONFIDENCE: 8,
        Topic.RECOGNITION: 7,
        Topic.SOCIETY: 7,
        Topic.EVERYDAY_LIFE: 6,
        Topic.FAMILY_SCHOOL: 6,
        Topic.BUSINESS: 5,
        Topic.IT_SKILLS: 4,
    }
)
OFFERS: Final = Weighted(
    {
        Topic.NETWORK: 16,
        Topic.WORKPLACE_CULTURE: 18,
        Topic.DANISH: 15,
        Topic.CV: 14,
        Topic.JOB_SEARCH: 14,
        Topic.INTERVIEW: 11,
        Topic.SOCIETY: 10,
        Topic.EDUCATION: 9,
        Topic.CONFIDENCE: 9,
        Topic.EVERYDAY_LIFE: 8,
        Topic.FAMILY_SCHOOL: 6,
        Topic.IT_SKILLS: 4,
        Topic.BUSINESS: 4,
        Topic.RECOGNITION: 3,
    }
)
# The commonest first; the 80th is five times as rare as the first.
_INTERESTS: Final = words(
    """
madlavning; gåture; læsning; musik; film; rejser; bagning; sprog; natur; yoga; familieliv; teater; svømning;
cykling; kunst; strikning; politik; historie; fitness; dans; havearbejde; museer; syning; foreningsliv; løb;
litteratur; fotografering; kor; håndarbejde; børneopdragelse; samfundsdebat; mode; design; sundhed;
ernæring; psykologi; løbeklub; bøger; brætspil; kager; krimier; keramik; maleri; badminton; håndbold;
fodbold; tennis; vinterbadning; camping; fugle; hunde; katte; heste; ridning; ski; sejlads; klaver; guitar;
sang; opera; jazz; poesi; skriveværksted; radio; tv-serier; arkitektur; antikviteter; genbrug; kolonihave;
bæredygtighed; iværksætteri; programmering; skak; kryds og tværs; sudoku; meditation; religion og filosofi;
slægtsforskning; folkedans; mellemøstlig mad
"""
)
INTERESTS: Final = Weighted({word: 1 / (20 + place) for place, word in enumerate(_INTERESTS)})

MENTEE_WISHES: Final = (
    "Vil gerne have en mentor, der kender mit fag indefra.",
    "Håber på at få talt dansk med en, der har tålmodighed.",
    "Ønsker hjælp til at forstå, hvordan man søger uopfordret.",
    "Vil gerne møde en, der selv har børn.",
    "Drømmer om at bruge min uddannelse i Danmark.",
    "Vil gerne med ud og se en dansk arbejdsplads.",
    "Savner nogen at tale med om de uskrevne regler.",
    "Har brug for en, der kan åbne nogle døre.",
    "Vil gerne starte for mig selv og mangler et netværk.",
    "Foretrækker at mødes på et bibliotek.",
)
MENTOR_WISHES: Final = (
    "Vil gerne dele mit netværk.",
    "Lærer gerne selv noget nyt undervejs.",
    "Foretrækker en mentee, der er klar til at søge job.",
    "Har god tid og tager gerne en, der har ventet længe.",
    "Vil gerne mødes over en kop kaffe og en gåtur.",
    "Kan vise rundt på min arbejdsplads.",
    "Taler gerne langsomt og tydeligt.",
    "Vil helst aftale faste dage.",
)

HOURS: Final = Weighted({1.0: 4, 2.0: 34, 3.0: 34, 4.0: 18, 5.0: 3, 6.0: 5, 8.0: 2})
MONTHS: Final = Weighted({3.0: 3, 4.0: 8, 6.0: 34, 8.0: 8, 9.0: 15, 12.0: 30, 18.0: 2})
BOTH_WAYS: Final = (MeetingMode.IN_PERSON, MeetingMode.ONLINE)
MEETING: Final = Weighted({(MeetingMode.IN_PERSON,): 50, BOTH_WAYS: 42, (MeetingMode.ONLINE,): 8})
CAPACITY: Final = Weighted({1: 88, 2: 10, 3: 2})
PAIRS_BEFORE: Final = Weighted({0: 45, 1: 25, 2: 14, 3: 8, 4: 5, 6: 3})
MIN_DANISH: Final = Weighted({Level.A2: 40, Level.B1: 45, Level.B2: 15})

WORKDAYS: Final = tuple(Day)[:5]
WEEKEND: Final = tuple(Day)[5:]
EVENINGS: Final = tuple(Slot(day, Part.EVENING) for day in WORKDAYS)
MORNINGS: Final = tuple(Slot(day, Part.MORNING) for day in WORKDAYS)
AFTERNOONS: Final = tuple(Slot(day, Part.AFTERNOON) for day in WORKDAYS)
WEEKENDS: Final = tuple(Slot(day, part) for day in WEEKEND for part in Part)
# What somebody can choose among, and how likely she takes each.
Pattern = tuple[tuple[tuple[Slot, ...], float], ...]
WORKING: Final[Pattern] = ((EVENINGS, 0.5), (WEEKENDS, 0.22), (AFTERNOONS, 0.06))
PART_TIME: Final[Pattern] = ((AFTERNOONS, 0.45), (EVENINGS, 0.3), (WEEKENDS, 0.15))
RETIRED: Final[Pattern] = ((MORNINGS, 0.5), (AFTERNOONS, 0.55))
AT_HOME: Final[Pattern] = ((MORNINGS, 0.65), (AFTERNOONS, 0.3), (WEEKENDS, 0.06))
AT_SCHOOL: Final[Pattern] = ((AFTERNOONS, 0.6), (EVENINGS, 0.25), (WEEKENDS, 0.2))
MENTOR_PATTERNS: Final = Weighted({WORKING: 0.72, PART_TIME: 0.14, RETIRED: 0.14})
MENTEE_PATTERNS: Final = Weighted({AT_HOME: 0.38, AT_SCHOOL: 0.38, WORKING: 0.24})
