"""Who lives in the synthetic network: names, the languages that go with them, and how well they are spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mentornet.demo.lists import Weighted, words
from reference.cefr import Level


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
    words(
        """
Anne Mette Kirsten Hanne Lene Susanne Marianne Charlotte Pia Bente Inge Birgit Ulla Gitte Helle Tina Karen
Lone Camilla Louise Maria Rikke Trine Line Dorte Birgitte Lis Vibeke Jette Lisbeth Maja Sofie Ida Signe
Astrid Karin Annette Heidi Ditte Stine Katrine Mille Nanna Tove Grethe Ellen Åse Bodil Else Merete Anja
Kamilla Liv Freja
"""
    ),
    words(
        """
Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen
Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen Mikkelsen
Frederiksen Laursen Lund Holm Schmidt Eriksen Clausen Simonsen Svendsen Iversen Østergaard Dalgaard Kjær
Vestergaard Bach Winther Friis Toft Krogh Bruun Skov Lindholm Damgaard Bjerre Hald Riis Brandt
"""
    ),
)
_ARABIC_NAMES: Final = (
    words(
        """
Amina Fatima Layla Rania Huda Samira Nour Zainab Mariam Hanan Lina Dalia Rasha Abir Salma Iman Widad
"""
    ),
    words(
        """
Al-Hassan Khalil Haddad Mansour Saleh Nasser Ibrahim Kassem Younes Darwish Hamdan Awad Farah Jaber
"""
    ),
)
_PERSIAN_NAMES: Final = (
    words(
        """
Parisa Shirin Nasrin Leila Maryam Azadeh Mina Farzaneh Soraya Zohra Roya Nilofar Mahnaz Sima
"""
    ),
    words("Ahmadi Hosseini Karimi Rahimi Moradi Sharifi Naseri Azizi Rezai Yousefi Haidari Amiri"),
)
_SOMALI_NAMES: Final = (
    words("Hodan Fadumo Ayaan Sahra Ifrah Hibo Nimco Zahra Khadra Safiya Ubah Deqa"),
    words("Abdi Mohamed Warsame Farah Hassan Jama Nur Ali Osman Yusuf Isse Aden"),
)
_TURKISH_NAMES: Final = (
    words("Elif Ayşe Emine Zeynep Hatice Gül Meral Sevgi Fatma Derya Nazan Özlem"),
    words("Yılmaz Kaya Demir Çelik Şahin Yıldız Öztürk Aydın Arslan Doğan Koç Polat"),
)
_KURDISH_NAMES: Final = (
    words("Berivan Rojin Nazdar Shilan Zilan Avin Gulistan Narin Hevin Jiyan"),
    words("Barzani Aziz Rashid Kurdi Bozan Karim Salih Amin Temur Baran"),
)
_SLAVIC_NAMES: Final = (
    words(
        """
Olena Oksana Iryna Natalia Svetlana Tetiana Anna Katarzyna Magdalena Agnieszka Jelena Amra Lejla Mirjana
"""
    ),
    words(
        """
Kovalenko Shevchenko Bondar Melnyk Tkachenko Kowalska Nowak Wójcik Hadžić Kovačević Begić Petrova Orlova
"""
    ),
)
_SOUTH_ASIAN_NAMES: Final = (
    words("Ayesha Saima Nadia Farah Rubina Priya Lakshmi Shabnam Anjali Rukhsana Sunita Kavitha"),
    words("Khan Ahmed Malik Iqbal Hussain Shah Sivakumar Sharma Begum Qureshi Chaudhry Nadarajah"),
)
_EAST_ASIAN_NAMES: Final = (
    words("Linh Thuy Mai Huong Lan Wei Xiu Malee Siriporn Rosalie Grace Maricel"),
    words("Nguyen Tran Pham Le Hoang Wang Chen Suksai Saetang Reyes Santos Cruz"),
)
_AFRICAN_NAMES: Final = (
    words("Saba Selam Mehret Almaz Tigist Grace Aline Chantal Esther Wanjiru Blessing Adaeze"),
    words("Tesfay Haile Gebre Kidane Mukasa Uwimana Kabila Mwangi Okafor Bekele Habte Nkosi"),
)
_LATIN_NAMES: Final = (
    words("Carmen Lucía Gabriela Ana Paola Beatriz Valeria Daniela Marisol Renata Juliana Teresa"),
    words(
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

MENTEE_DANISH: Final = Weighted({Level.A1: 5, Level.A2: 18, Level.B1: 34, Level.B2: 28, Level.C1: 12, Level.C2: 3})
MENTOR_DANISH: Final = Weighted({Level.B2: 1, Level.C1: 5, Level.C2: 10})
MENTEE_ENGLISH: Final = Weighted({Level.A2: 15, Level.B1: 30, Level.B2: 30, Level.C1: 18, Level.C2: 7})
MENTOR_ENGLISH: Final = Weighted({Level.B1: 10, Level.B2: 30, Level.C1: 40, Level.C2: 20})
OTHER_LEVEL: Final = Weighted({Level.A2: 25, Level.B1: 30, Level.B2: 25, Level.C1: 12, Level.C2: 8})
