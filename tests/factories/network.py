"""A synthetic network of believable people: five divisions, their occupations, languages, interests and times.

Nobody here exists: names are put together at random from ordinary ones. The shares are guesses at what such a
network looks like, uneven as in life: many nurses and few judges, much Arabic and little Tamil, evenings for those
who work and mornings for those who do not. The same seed gives the same people, and nothing else plays a part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any, Final, Generic, TypeVar

from reference import isco
from reference.cefr import Level
from reference.people import LanguageSkill, MeetingMode, Mentee, Mentor, Requirement, RequirementKind
from reference.slots import Day, Part, Slot
from reference.topics import Topic

T = TypeVar("T")

SEED: Final = 2003
TODAY: Final = date(2026, 11, 21)
UNKNOWN_SHARE: Final = 0.1


class Weighted(Generic[T]):
    """Values, each with the share of draws that bring it."""

    def __init__(self, shares: Mapping[T, float]) -> None:
        self.values = tuple(shares)
        self._cumulated = tuple(accumulate(shares.values()))

    def one(self, random: Random) -> T:
        return random.choices(self.values, cum_weights=self._cumulated)[0]

    def different(self, random: Random, least: int, most: int) -> tuple[T, ...]:
        """Return ``least`` to ``most`` different values, the likelier ones more often and sooner."""
        wanted = random.randint(least, most)
        found: dict[T, None] = {}
        while len(found) < wanted:
            found.update(dict.fromkeys(random.choices(self.values, cum_weights=self._cumulated, k=wanted)))
        return tuple(found)[:wanted]


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text; of one with semicolons, what stands between them."""
    return tuple(" ".join(part.split()) for part in (text.split(";") if ";" in text else text.split()))


# Where ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Division:
    """A local division.

    Attributes:
        postcodes: where its people live, the likelier ones more than once.
    """

    name: str
    postcodes: tuple[str, ...]


COPENHAGEN: Final = Division(
    "København",
    _words(
        """
1256 1307 1457 1620 1717 1799 1850 1954 2100 2100 2100 2150 2200 2200 2200 2200 2300 2300 2300 2400 2400
2400 2450 2450 2500 2500 2600 2605 2620 2650 2720 2730 2770 2800 2820 2860 2880 2900
"""
    ),
)
AARHUS: Final = Division("Aarhus", _words("8000 8000 8200 8210 8210 8220 8220 8220 8230 8240 8260 8270 8310 8361"))
ESBJERG: Final = Division("Esbjerg-Varde", _words("6700 6700 6705 6705 6710 6715 6731 6740 6760 6800 6800"))
VOLLSMOSE: Final = Division("Vollsmose", _words("5000 5000 5200 5210 5220 5220 5230 5240 5240 5240 5240 5260"))
TINGBJERG: Final = Division("Tingbjerg", _words("2700 2700 2700 2700 2700 2400 2720 2730 2740"))

MENTEE_DIVISIONS: Final = {COPENHAGEN: 0.42, AARHUS: 0.21, ESBJERG: 0.09, VOLLSMOSE: 0.17, TINGBJERG: 0.11}
MENTOR_DIVISIONS: Final = {COPENHAGEN: 0.50, AARHUS: 0.23, ESBJERG: 0.09, VOLLSMOSE: 0.13, TINGBJERG: 0.05}


# Who ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Background:
    """Names and languages that go together.

    Attributes:
        native: the mother tongue.
        others: languages that some also speak, apart from Danish and English.
        english: how many speak English well enough to say so.
    """

    first_names: tuple[str, ...]
    surnames: tuple[str, ...]
    native: str
    others: tuple[str, ...] = ()
    english: float = 0.4


_DANISH_NAMES: Final = (
    _words(
        """
Anne Mette Kirsten Hanne Lene Susanne Marianne Charlotte Pia Bente Inge Birgit Ulla Gitte Helle Tina Karen
Lone Camilla Louise Maria Rikke Trine Line Dorte Birgitte Lis Vibeke Jette Lisbeth Maja Sofie Ida Signe
Astrid Karin Annette Heidi Ditte Stine Katrine Mille Nanna Tove Grethe Ellen Åse Bodil Else Merete Anja
Kamilla Liv Freja
"""
    ),
    _words(
        """
Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen
Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen Mikkelsen
Frederiksen Laursen Lund Holm Schmidt Eriksen Clausen Simonsen Svendsen Iversen Østergaard Dalgaard Kjær
Vestergaard Bach Winther Friis Toft Krogh Bruun Skov Lindholm Damgaard Bjerre Hald Riis Brandt
"""
    ),
)
_ARABIC_NAMES: Final = (
    _words(
        """
Amina Fatima Layla Rania Huda Samira Nour Zainab Mariam Hanan Lina Dalia Rasha Abir Salma Iman Widad
"""
    ),
    _words(
        """
Al-Hassan Khalil Haddad Mansour Saleh Nasser Ibrahim Kassem Younes Darwish Hamdan Awad Farah Jaber
"""
    ),
)
_PERSIAN_NAMES: Final = (
    _words(
        """
Parisa Shirin Nasrin Leila Maryam Azadeh Mina Farzaneh Soraya Zohra Roya Nilofar Mahnaz Sima
"""
    ),
    _words("Ahmadi Hosseini Karimi Rahimi Moradi Sharifi Naseri Azizi Rezai Yousefi Haidari Amiri"),
)
_SOMALI_NAMES: Final = (
    _words("Hodan Fadumo Ayaan Sahra Ifrah Hibo Nimco Zahra Khadra Safiya Ubah Deqa"),
    _words("Abdi Mohamed Warsame Farah Hassan Jama Nur Ali Osman Yusuf Isse Aden"),
)
_TURKISH_NAMES: Final = (
    _words("Elif Ayşe Emine Zeynep Hatice Gül Meral Sevgi Fatma Derya Nazan Özlem"),
    _words("Yılmaz Kaya Demir Çelik Şahin Yıldız Öztürk Aydın Arslan Doğan Koç Polat"),
)
_KURDISH_NAMES: Final = (
    _words("Berivan Rojin Nazdar Shilan Zilan Avin Gulistan Narin Hevin Jiyan"),
    _words("Barzani Aziz Rashid Kurdi Bozan Karim Salih Amin Temur Baran"),
)
_SLAVIC_NAMES: Final = (
    _words(
        """
Olena Oksana Iryna Natalia Svetlana Tetiana Anna Katarzyna Magdalena Agnieszka Jelena Amra Lejla Mirjana
"""
    ),
    _words(
        """
Kovalenko Shevchenko Bondar Melnyk Tkachenko Kowalska Nowak Wójcik Hadžić Kovačević Begić Petrova Orlova
"""
    ),
)
_SOUTH_ASIAN_NAMES: Final = (
    _words("Ayesha Saima Nadia Farah Rubina Priya Lakshmi Shabnam Anjali Rukhsana Sunita Kavitha"),
    _words("Khan Ahmed Malik Iqbal Hussain Shah Sivakumar Sharma Begum Qureshi Chaudhry Nadarajah"),
)
_EAST_ASIAN_NAMES: Final = (
    _words("Linh Thuy Mai Huong Lan Wei Xiu Malee Siriporn Rosalie Grace Maricel"),
    _words("Nguyen Tran Pham Le Hoang Wang Chen Suksai Saetang Reyes Santos Cruz"),
)
_AFRICAN_NAMES: Final = (
    _words("Saba Selam Mehret Almaz Tigist Grace Aline Chantal Esther Wanjiru Blessing Adaeze"),
    _words("Tesfay Haile Gebre Kidane Mukasa Uwimana Kabila Mwangi Okafor Bekele Habte Nkosi"),
)
_LATIN_NAMES: Final = (
    _words("Carmen Lucía Gabriela Ana Paola Beatriz Valeria Daniela Marisol Renata Juliana Teresa"),
    _words(
        """
García Rodríguez Martínez López Silva Santos Pereira Morales Vargas Castillo Rojas Gómez
"""
    ),
)

DANE: Final = Background(*_DANISH_NAMES, "da", ("de", "de", "sv", "fr", "es", "nb", "it"), 0.9)
BACKGROUNDS: Final = {
    Background(*_ARABIC_NAMES, "ar", ("fr", "tr", "kmr"), 0.35): 0.20,
    Background(*_SOMALI_NAMES, "so", ("ar", "sw"), 0.40): 0.08,
    Background(*_PERSIAN_NAMES, "fa", ("de", "tr"), 0.50): 0.09,
    Background(*_PERSIAN_NAMES, "prs", ("fa", "ps", "ur"), 0.25): 0.06,
    Background(*_TURKISH_NAMES, "tr", ("de",), 0.30): 0.08,
    Background(*_KURDISH_NAMES, "kmr", ("ar", "tr"), 0.25): 0.06,
    Background(*_KURDISH_NAMES, "ckb", ("ar", "fa"), 0.25): 0.03,
    Background(*_SLAVIC_NAMES, "uk", ("ru", "ru", "pl"), 0.50): 0.07,
    Background(*_SLAVIC_NAMES, "pl", ("de", "ru"), 0.60): 0.05,
    Background(*_SLAVIC_NAMES, "bs", ("de",), 0.45): 0.04,
    Background(*_SLAVIC_NAMES, "ru", ("lt", "de"), 0.50): 0.03,
    Background(*_SOUTH_ASIAN_NAMES, "ur", ("pa", "hi"), 0.60): 0.05,
    Background(*_SOUTH_ASIAN_NAMES, "ta", (), 0.60): 0.02,
    Background(*_SOUTH_ASIAN_NAMES, "hi", ("pa",), 0.80): 0.02,
    Background(*_EAST_ASIAN_NAMES, "vi", (), 0.30): 0.03,
    Background(*_EAST_ASIAN_NAMES, "th", (), 0.35): 0.03,
    Background(*_EAST_ASIAN_NAMES, "zh", (), 0.50): 0.02,
    Background(*_EAST_ASIAN_NAMES, "tl", (), 0.90): 0.02,
    Background(*_AFRICAN_NAMES, "ti", ("ar", "am"), 0.35): 0.05,
    Background(*_AFRICAN_NAMES, "sw", ("fr", "rw"), 0.60): 0.03,
    Background(*_AFRICAN_NAMES, "fr", ("ln", "wo"), 0.40): 0.02,
    Background(*_LATIN_NAMES, "es", ("pt",), 0.55): 0.05,
    Background(*_LATIN_NAMES, "pt", ("es",), 0.55): 0.02,
}
MENTEE_BACKGROUNDS: Final = BACKGROUNDS
# One mentor in six comes from a language minority herself.
MENTOR_BACKGROUNDS: Final = {DANE: 5.0, **BACKGROUNDS}

MENTEE_DANISH: Final = Weighted({Level.A1: 5, Level.A2: 18, Level.B1: 34, Level.B2: 28, Level.C1: 12, Level.C2: 3})
MENTOR_DANISH: Final = Weighted({Level.B2: 1, Level.C1: 5, Level.C2: 10})
MENTEE_ENGLISH: Final = Weighted({Level.A2: 15, Level.B1: 30, Level.B2: 30, Level.C1: 18, Level.C2: 7})
MENTOR_ENGLISH: Final = Weighted({Level.B1: 10, Level.B2: 30, Level.C1: 40, Level.C2: 20})
OTHER_LEVEL: Final = Weighted({Level.A2: 25, Level.B1: 30, Level.B2: 25, Level.C1: 12, Level.C2: 8})


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
_INTERESTS: Final = _words(
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


class Population:
    """Makes people, one after the other, from one source of chance.

    Attributes:
        unknown: the share of empty cells.
    """

    def __init__(
        self,
        random: Random,
        *,
        divisions: Mapping[Division, float],
        backgrounds: Mapping[Background, float],
        today: date,
        meeting: Weighted[tuple[MeetingMode, ...]] = MEETING,
        unknown: float = UNKNOWN_SHARE,
    ) -> None:
        self.random = random
        self.divisions = Weighted(divisions)
        self.backgrounds = Weighted(backgrounds)
        self.today = today
        self.meeting = meeting
        self.unknown = unknown

    def mentee(self, name: str, row: int, mentors: Sequence[str] = ()) -> Mentee:
        """Return a woman on the waiting list; some must not meet one of ``mentors``."""
        known = self._known
        background = self.backgrounds.one(self.random)
        requires: tuple[Requirement, ...] = ()
        if self._chance(0.05):
            requires = (self._requirement(background.native),)
        return Mentee(
            id=name,
            row=row,
            **self._person(background, MENTEE_WORK.one(self.random)),
            languages=known(self._mentee_languages(background)),
            topics=known(GOALS.different(self.random, 1, 4)),
            availability=known(self._availability(MENTEE_PATTERNS.one(self.random))),
            must_not_meet=(self.random.choice(mentors),) if mentors and self._chance(0.02) else (),
            requires=requires,
            wishes=self.random.choice(MENTEE_WISHES) if self._chance(0.4) else None,
            waiting_since=known(self._before(int(self.random.expovariate(1 / 110)))),
            practise_danish=known(self._chance(0.6)),
            needs_experience=known(self._chance(0.15)),
        )

    def mentor(self, name: str, row: int) -> Mentor:
        """Return a woman in the mentor bank."""
        known = self._known
        background = self.backgrounds.one(self.random)
        requires: tuple[Requirement, ...] = ()
        if self._chance(0.02):
            requires = (Requirement(RequirementKind.IN_PERSON),)
        capacity = CAPACITY.one(self.random)
        before = PAIRS_BEFORE.one(self.random)
        return Mentor(
            id=name,
            row=row,
            **self._person(background, MENTOR_WORK.one(self.random)),
            languages=known(self._mentor_languages(background)),
            topics=known(OFFERS.different(self.random, 2, 6)),
            availability=known(self._availability(MENTOR_PATTERNS.one(self.random))),
            requires=requires,
            wishes=self.random.choice(MENTOR_WISHES) if self._chance(0.25) else None,
            capacity=capacity,
            active_pairs=1 if self._chance(0.08) else 0,
            pairs_before=known(before),
            min_danish=MIN_DANISH.one(self.random) if self._chance(0.35) else None,
            resting_until=self.today + timedelta(days=self.random.randint(7, 150)) if self._chance(0.04) else None,
            idle_since=known(self._before(self.random.randrange(400))),
        )

    def _person(self, background: Background, work: Work) -> dict[str, Any]:
        """Return what both roles have in common and draw alike."""
        random, known = self.random, self._known
        division = self.divisions.one(random)
        education = min(8, max(1, work.education + random.choice((-1, 0, 0, 0, 0, 1))))
        return {
            "name": f"{random.choice(background.first_names)} {random.choice(background.surnames)}",
            "division": None if self._chance(self.unknown / 5) else division.name,
            "postcode": known(random.choice(division.postcodes)),
            "occupation": known(work.code),
            "sector": known(work.sector),
            "education": known(education),
            "interests": known(INTERESTS.different(random, 1, 5)),
            "meeting": known(self.meeting.one(random)),
            "hours_per_month": known(HOURS.one(random)),
            "months": known(MONTHS.one(random)),
        }

    def _mentee_languages(self, background: Background) -> tuple[LanguageSkill, ...]:
        skills = {background.native: Level.C2, "da": MENTEE_DANISH.one(self.random)}
        self._add_foreign(skills, background, MENTEE_ENGLISH)
        return self._skills(skills)

    def _mentor_languages(self, background: Background) -> tuple[LanguageSkill, ...]:
        skills = {background.native: Level.C2}
        skills.setdefault("da", MENTOR_DANISH.one(self.random))
        self._add_foreign(skills, background, MENTOR_ENGLISH)
        return self._skills(skills)

    def _add_foreign(self, skills: dict[str, Level], background: Background, english: Weighted[Level]) -> None:
        if self._chance(background.english):
            skills.setdefault("en", english.one(self.random))
        if background.others and self._chance(0.4):
            skills.setdefault(self.random.choice(background.others), OTHER_LEVEL.one(self.random))

    def _skills(self, skills: Mapping[str, Level]) -> tuple[LanguageSkill, ...]:
        return tuple(LanguageSkill(code, self._known(level, self.unknown / 2)) for code, level in skills.items())

    def _availability(self, pattern: Pattern) -> tuple[Slot, ...]:
        random = self.random.random
        chosen = [slot for slots, share in pattern for slot in slots if random() < share]
        return tuple(sorted(chosen)) or (self.random.choice(pattern[0][0]),)

    def _requirement(self, native: str) -> Requirement:
        kind = self.random.choice((RequirementKind.LANGUAGE, RequirementKind.OCCUPATION, RequirementKind.IN_PERSON))
        if kind is RequirementKind.LANGUAGE:
            return Requirement(kind, native)
        if kind is RequirementKind.OCCUPATION:
            return Requirement(kind, MENTEE_WORK.one(self.random).code[:2])
        return Requirement(kind)

    def _before(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _known(self, value: T, unknown: float | None = None) -> T | None:
        return None if self._chance(self.unknown if unknown is None else unknown) else value


def network(
    mentees: int, mentors: int, *, seed: int = SEED, today: date = TODAY
) -> tuple[tuple[Mentee, ...], tuple[Mentor, ...]]:
    """Return a waiting list and a mentor bank; the first so many of a larger network are the same people."""
    missing = [work.code for work in MENTOR_WORK.values if not isco.exists(work.code)]
    assert not missing, missing
    mentor_ids = [f"M{number:06d}" for number in range(1, mentors + 1)]
    waiting = Population(
        Random(f"{seed} mentees"), divisions=MENTEE_DIVISIONS, backgrounds=MENTEE_BACKGROUNDS, today=today
    )
    bank = Population(
        Random(f"{seed} mentors"), divisions=MENTOR_DIVISIONS, backgrounds=MENTOR_BACKGROUNDS, today=today
    )
    return (
        tuple(waiting.mentee(f"K{number:06d}", number + 1, mentor_ids) for number in range(1, mentees + 1)),
        tuple(bank.mentor(name, row) for row, name in enumerate(mentor_ids, 2)),
    )
