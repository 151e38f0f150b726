"""Where the synthetic network is: its divisions, their offices, and the parts of town their people live in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mentornet.demo import population
from mentornet.demo.lists import words


@dataclass(frozen=True)
class Place:
    """A division: since when, where, and who comes to it.

    Attributes:
        home: as the population knows it, with the postcodes of its people.
        waiting: how many wait there, of some 140.
        address: of its office; there is no such street.
        meets: public places where pairs meet for the first time.
    """

    name: str
    opened: tuple[int, int, int]
    area: str
    office: str
    phone: str
    address: str
    home: population.Division
    waiting: int
    meets: tuple[str, ...]


COPENHAGEN: Final = Place(
    name="København",
    opened=(2003, 3, 3),
    area="København, Frederiksberg og omegn",
    office="koebenhavn@mentornet.example",
    phone="+45 00 00 20 03",
    address="Opdigtet Allé 7, København N",
    home=population.COPENHAGEN,
    waiting=31,
    meets=words("Hovedbiblioteket; Biblioteket på Rentemestervej; Kulturhuset Islands Brygge; caféen i Nørrebrohallen"),
)
AARHUS: Final = Place(
    name="Aarhus",
    opened=(2004, 9, 1),
    area="Aarhus og omegn",
    office="aarhus@mentornet.example",
    phone="+45 00 00 20 04",
    address="Opdigtet Allé 12, Aarhus C",
    home=population.AARHUS,
    waiting=21,
    meets=words("Hovedbiblioteket på havnen; Kulturhuset i Gellerup; Gellerup Bibliotek; caféen på Godsbanen"),
)
ESBJERG: Final = Place(
    name="Esbjerg",
    opened=(2005, 10, 3),
    area="Esbjerg og Varde kommuner",
    office="esbjerg@mentornet.example",
    phone="+45 00 00 20 05",
    address="Opdigtet Allé 21, Esbjerg",
    home=population.ESBJERG,
    waiting=15,
    meets=words("Esbjerg Hovedbibliotek; Varde Bibliotek; Kulturhuset Tobakken"),
)
VOLLSMOSE: Final = Place(
    name="Vollsmose",
    opened=(2006, 4, 24),
    area="Vollsmose og resten af Odense",
    office="vollsmose@mentornet.example",
    phone="+45 00 00 20 06",
    address="Opdigtet Allé 34, Odense NØ",
    home=population.VOLLSMOSE,
    waiting=46,
    meets=words(
        "Vollsmose Bibliotek; biblioteket i Borgernes Hus; Kulturhuset i Vollsmose; caféen i Brandts Klædefabrik"
    ),
)
TINGBJERG: Final = Place(
    name="Tingbjerg",
    opened=(2009, 2, 2),
    area="Tingbjerg, Husum og Brønshøj",
    office="tingbjerg@mentornet.example",
    phone="+45 00 00 20 09",
    address="Opdigtet Allé 48, Brønshøj",
    home=population.TINGBJERG,
    waiting=20,
    meets=words("Tingbjerg Bibliotek og Kulturhus; Brønshøj Bibliotek; Husum Bibliotek"),
)
PLACES: Final = (COPENHAGEN, AARHUS, ESBJERG, VOLLSMOSE, TINGBJERG)

_AREAS: Final = """
1256 København K; 1307 København K; 1457 København K; 1620 Vesterbro; 1717 Vesterbro; 1799 Vesterbro;
1850 Frederiksberg; 1954 Frederiksberg; 2100 Østerbro; 2150 Nordhavn; 2200 Nørrebro; 2300 Amager; 2400 Nordvest;
2450 Sydhavnen; 2500 Valby; 2600 Glostrup; 2605 Brøndby; 2620 Albertslund; 2650 Hvidovre; 2700 Brønshøj;
2720 Vanløse; 2730 Herlev; 2740 Skovlunde; 2770 Kastrup; 2800 Lyngby; 2820 Gentofte; 2860 Søborg; 2880 Bagsværd;
2900 Hellerup; 5000 Odense C; 5200 Odense V; 5210 Odense NV; 5220 Odense SØ; 5230 Odense M; 5240 Odense NØ;
5260 Odense S; 6700 Esbjerg; 6705 Esbjerg Ø; 6710 Esbjerg V; 6715 Esbjerg N; 6731 Tjæreborg; 6740 Bramming;
6760 Ribe; 6800 Varde; 8000 Aarhus C; 8200 Aarhus N; 8210 Aarhus V; 8220 Brabrand; 8230 Åbyhøj; 8240 Risskov;
8260 Viby; 8270 Højbjerg; 8310 Tranbjerg; 8361 Hasselager
"""
AREAS: Final[Mapping[str, str]] = {part[:4]: part[5:] for part in words(_AREAS)}
"""What people call the part of town that a postcode lies in."""

_ON: Final = ("Nørrebro", "Østerbro", "Vesterbro", "Amager", "Frederiksberg")


def in_area(area: str) -> str:
    """Return where somebody lives, as it stands inside a Danish sentence."""
    return f"på {area}" if area in _ON else f"i {area}"


@dataclass(frozen=True)
class Worker:
    """Somebody on the staff.

    Attributes:
        places: of the divisions where she works; none for the national ones.
        years: since how many years before the day on which the network is made.
        left: so many years ago, for one who has.
    """

    first: str
    last: str
    role: str
    places: tuple[str, ...] = ()
    language: str = "da"
    years: float = 3
    left: float | None = None


WORKERS: Final = (
    Worker("Birgitte", "Askholm", "division_lead", ("København",), years=9),
    Worker("Samar", "Dawoud", "coordinator", ("København",), years=6),
    Worker("Ida", "Thorup", "coordinator", ("København",), years=2.5),
    Worker("Milica", "Stanković", "coordinator", ("København",), years=4),
    Worker("Lone", "Ravnsgaard", "division_lead", ("Aarhus",), years=8),
    Worker("Shabana", "Mirza", "coordinator", ("Aarhus",), years=5),
    Worker("Kirstine", "Vad", "coordinator", ("Aarhus",), years=1.5),
    Worker("Gunhild", "Esager", "division_lead", ("Esbjerg",), years=10),
    Worker("Thi Hanh", "Doan", "coordinator", ("Esbjerg",), years=3),
    Worker("Marwa", "El-Khatib", "division_lead", ("Vollsmose",), years=7),
    Worker("Hawa", "Guled", "coordinator", ("Vollsmose",), years=5),
    Worker("Pernille", "Holst Lauge", "coordinator", ("Vollsmose",), years=2),
    Worker("Nermin", "Aksoy", "division_lead", ("Tingbjerg",), years=6),
    Worker("Claire", "Ndayisenga", "coordinator", ("Tingbjerg", "København"), "en", years=2),
    Worker("Jytte", "Norup", "coordinator", ("København",), years=11, left=3.2),
    Worker("Sanela", "Hodžić", "coordinator", ("Vollsmose",), years=9, left=1.9),
    Worker("Elisabeth", "Wamberg", "national_lead", years=8),
    Worker("Rasmus", "Tvede", "administrator", years=4),
)
"""The staff: nobody of these names is meant."""
