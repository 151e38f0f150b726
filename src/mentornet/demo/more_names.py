"""More names for the demo network, where thousands stand in one list; and men's, who are few.

The shorter lists of :mod:`mentornet.demo.names` stay as they are: the examples and the benchmark draw from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mentornet.demo.lists import words

_ARABIC: Final = (
    words(
        """
Rim Ghada Sawsan Nadine Yasmin Khadija Hiba Maysa Asma Ruba Lubna Siham Najwa Wafa Manal Ilham Nisrin Bushra
Raghad Alaa Duaa Suad Kawthar Jamila
"""
    ),
    words(
        """
Al-Rashid; Barakat; Shaheen; Othman; Sabbagh; Masri; Najjar; Qasim; Taha; Zaidan; Halabi; Bitar; Salameh; Hijazi;
Al-Jabiri; Abu Zaid; El-Sayed; Mahmoud; Hamid; Said; Fares; Daher
"""
    ),
)
_PERSIAN: Final = (
    words("Fereshteh Laleh Mitra Nahid Pari Sahar Taraneh Yalda Zahra Elham Fariba Golnaz Hamida Marzia Storai Wajma"),
    words(
        """
Mohammadi Jafari Rostami Ebrahimi Kazemi Bahrami Sultani Nazari Wardak Noori Popal Stanekzai Akbari Farahani
Sadeghi Tehrani
"""
    ),
)
_SOMALI: Final = (
    words("Halima Asha Istahil Maryan Naima Roda Sagal Shukri Sucdi Warsan Xamdi Yasmin Faduma Hamdi"),
    words("Abdullahi Ahmed Barre Dirie Egal Gedi Hersi Ismail Mohamud Omar Samatar Sheikh Shire Abukar"),
)
_TURKISH: Final = (
    words("Ebru Filiz Gönül Hülya Nur Pınar Selma Songül Sultan Tülay Yasemin Aylin Bahar Dilek"),
    words("Acar Avcı Aksu Bulut Çetin Erdoğan Güneş Kılıç Kurt Özdemir Şimşek Tekin Uçar Yalçın"),
)
_KURDISH: Final = (
    words("Dilan Evin Havin Medya Nesrin Perwin Rojda Sozan Viyan Xecê Zelal Chnar Hero Lana"),
    words("Ali Botani Demirtaş Hama Hassan Jalal Kaplan Mahmud Omer Qadir Rostam Sharif Talabani Zebari"),
)
_SLAVIC: Final = (
    words(
        """
Larysa Liudmyla Maryna Nadiia Yuliia Valentyna Halyna Joanna Ewa Beata Małgorzata Dragana Snežana Senada Azra
Elena Irina Ludmila
"""
    ),
    words(
        """
Boyko Kravchenko Lysenko Marchenko Moroz Savchenko Rudenko Lewandowska Zielińska Kamińska Mazur Jovanović
Petrović Halilović Delić Ivanova Sokolova Popova
"""
    ),
)
_SOUTH_ASIAN: Final = (
    words("Asma Bushra Fozia Humaira Kiran Meena Nasreen Noreen Sadia Shazia Tahira Uzma Geetha Malathi"),
    words("Akhtar Bhatti Butt Javed Mahmood Mirza Rana Sheikh Siddiqui Tariq Patel Gupta Selvam Rajah"),
)
_EAST_ASIAN: Final = (
    words("Anh Hanh Lien Ngoc Phuong Trang Yen Jing Li Na Kanya Nonglak Somjit Jocelyn Marites"),
    words("Bui Dang Do Duong Huynh Ngo Vo Vu Li Liu Zhang Boonmee Srisai Villanueva Garcia Ramos"),
)
_AFRICAN: Final = (
    words("Freweini Helen Lemlem Rahwa Senait Yordanos Akosua Ama Claudine Jeanne Josephine Mariama Nyambura Odile"),
    words("Abraha Asfaha Berhe Ghebremedhin Mebrahtu Tekle Woldu Mensah Boateng Nkurunziza Mutombo Diallo Kamau Eze"),
)
_LATIN: Final = (
    words(
        "Adriana Alejandra Camila Claudia Fernanda Isabel Luciana Mariana Mónica Patricia Rosa Sandra Verónica Ximena"
    ),
    words("Álvarez Díaz Fernández Flores Herrera Jiménez Mendoza Ortiz Pérez Ramírez Torres Almeida Costa Oliveira"),
)
_DANISH: Final = (
    words(
        """
Agnete Alberte Benedikte Birthe Cecilie Christina Connie Dorthe Elisabeth Emilie Eva Gerda Hanna Ingrid
Janne Johanne Josefine Julie Karina Kathrine Laura Lea Lisa Mathilde Mia Mona Naja Pernille Randi Rigmor Ruth Sanne
Solveig Stella Susan Tanja Tina Tilde Ulrikke Vera Winnie
"""
    ),
    words(
        """
Abildgaard Agerskov Andreasen Bak Balle Bech Berg Birk Bisgaard Bjerregaard Bonde Boysen Brogaard Carlsen Dahl
Dam Enevoldsen Fabricius Fisker Fog Gade Gram Gregersen Hauge Hedegaard Henriksen Holst Høj Juhl Juul Kirk Kirkegaard
Klausen Koch Kragh Lauritsen Lausten Leth Mathiesen Meldgaard Munk Nygaard Overgaard Paulsen Ravn Rosendal
Sandberg Skovgaard Steffensen Søgaard Thorsen Thygesen Toft Vad Villadsen Vind Wulff Ågaard
"""
    ),
)

MORE: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "da": _DANISH,
    "ar": _ARABIC,
    "fa": _PERSIAN,
    "prs": _PERSIAN,
    "so": _SOMALI,
    "tr": _TURKISH,
    "kmr": _KURDISH,
    "ckb": _KURDISH,
    **dict.fromkeys(("uk", "pl", "bs", "ru"), _SLAVIC),
    **dict.fromkeys(("ur", "ta", "hi"), _SOUTH_ASIAN),
    **dict.fromkeys(("vi", "th", "zh", "tl"), _EAST_ASIAN),
    **dict.fromkeys(("ti", "sw", "fr"), _AFRICAN),
    **dict.fromkeys(("es", "pt"), _LATIN),
}
"""First and last names to add, by mother tongue."""

MEN: Final[Mapping[str, tuple[str, ...]]] = {
    "da": words("Anders Bjarne Christian Henrik Jakob Jens Kasper Lars Mads Mikkel Niels Ole Peter Søren Thomas"),
    "ar": words("Ahmad Bilal Fadi Hassan Karim Omar Samir Tarek Yousef Ziad"),
    "fa": words("Amir Behrouz Dariush Farid Hamid Navid Reza Said"),
    "prs": words("Ahmad Farhad Habib Jamshid Mirwais Najib Omid Wahid"),
    "so": words("Abdi Ahmed Bashir Guled Liban Mahad Yusuf Zakaria"),
    "tr": words("Ahmet Can Emre Hakan Kemal Murat Serkan Yusuf"),
    "kmr": words("Azad Baran Dilovan Ferhad Rojhat Serhat"),
    "uk": words("Andrii Bohdan Dmytro Maksym Oleksandr Vasyl"),
    "ti": words("Abel Filmon Kibrom Merhawi Samuel Yonas"),
    "ur": words("Adil Bilal Faisal Imran Kashif Usman"),
    "es": words("Alejandro Carlos Diego Javier Luis Miguel"),
}
"""Men's first names, by mother tongue; where there are none, nobody is a man."""
