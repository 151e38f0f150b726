"""What participants of the demo network have written: goals and steps, doors that opened, what they ask. Mostly Danish.

Braces are filled in: ``{title}`` is an occupation, ``{mentee}`` a first name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mentornet.partnerships.enums import Door
from reference.topics import Topic

GOALS: Final[Mapping[Topic, tuple[str, tuple[str, ...]]]] = {
    Topic.JOB_SEARCH: (
        "Jeg vil søge job hver uge og komme til samtale inden sommer.",
        (
            "Finde tre opslag, der passer til mig",
            "Skrive en ansøgning og læse den sammen",
            "Ringe til en arbejdsplads, før jeg søger",
            "Sende en uopfordret ansøgning",
        ),
    ),
    Topic.CV: (
        "Jeg vil have et dansk CV, som jeg selv forstår hvert ord i.",
        (
            "Skrive alle mine job og uddannelser ned",
            "Oversætte mine opgaver til danske ord",
            "Tage et godt billede på biblioteket",
            "Lade en i faget læse CV’et",
        ),
    ),
    Topic.INTERVIEW: (
        "Jeg vil kunne fortælle om mig selv på dansk i fem minutter.",
        (
            "Skrive fem spørgsmål, som jeg er bange for",
            "Øve en samtale og optage den på telefonen",
            "Øve at sige, hvad jeg er god til",
        ),
    ),
    Topic.WORKPLACE_CULTURE: (
        "Jeg vil forstå, hvordan man er sammen på en dansk arbejdsplads.",
        (
            "Spise frokost på min mentors arbejdsplads",
            "Tale om, hvad man siger til chefen",
            "Skrive en liste over ord fra pauserne",
        ),
    ),
    Topic.NETWORK: (
        "Jeg vil kende fem mennesker, der arbejder som {title}.",
        (
            "Lave en profil på nettet",
            "Tegne et kort over alle, vi kender i faget",
            "Skrive til en, som min mentor kender",
            "Gå til et møde i fagforeningen sammen",
        ),
    ),
    Topic.RECOGNITION: (
        "Jeg vil have min uddannelse vurderet og vide, hvad der mangler.",
        (
            "Samle mine papirer i en mappe",
            "Få eksamensbeviset oversat",
            "Sende ansøgningen om vurdering",
            "Ringe og spørge, hvor langt sagen er",
        ),
    ),
    Topic.EDUCATION: (
        "Jeg vil vælge en uddannelse og søge ind.",
        (
            "Læse om tre uddannelser",
            "Tale med en studievejleder",
            "Besøge skolen på en åben dag",
        ),
    ),
    Topic.DANISH: (
        "Jeg vil tale dansk uden at skifte til engelsk.",
        (
            "Fortælle om min uge i ti minutter hver gang",
            "Læse en avisartikel og genfortælle den",
            "Ringe til lægen på dansk",
            "Melde mig til prøven i dansk",
        ),
    ),
    Topic.EVERYDAY_LIFE: (
        "Jeg vil selv kunne klare breve fra kommunen.",
        (
            "Læse et brev sammen",
            "Finde det rigtige telefonnummer på hjemmesiden",
            "Skrive et svar selv",
        ),
    ),
    Topic.SOCIETY: (
        "Jeg vil forstå, hvad der sker i Danmark, og kunne tale med om det.",
        (
            "Se nyhederne to gange om ugen",
            "Gå med til et borgermøde",
            "Tale om valget",
        ),
    ),
    Topic.BUSINESS: (
        "Jeg vil vide, om min idé kan blive til en lille forretning.",
        (
            "Skrive idéen på en side",
            "Regne ud, hvad det koster at begynde",
            "Tale med erhvervsservice i kommunen",
        ),
    ),
    Topic.IT_SKILLS: (
        "Jeg vil blive sikker i regneark og mail.",
        (
            "Lave et budget i et regneark",
            "Sende en mail med en vedhæftet fil",
            "Tage et gratis kursus på biblioteket",
        ),
    ),
    Topic.FAMILY_SCHOOL: (
        "Jeg vil forstå skolens breve og tale med til forældremødet.",
        (
            "Læse ugebrevet fra skolen sammen",
            "Skrive tre spørgsmål til læreren",
            "Sige noget til forældremødet",
        ),
    ),
    Topic.CONFIDENCE: (
        "Jeg vil turde tage ordet, når der er mange i rummet.",
        (
            "Fortælle om mit fag for min mentors kolleger",
            "Sige min mening en gang om ugen",
            "Skrive ned, hvad jeg er stolt af",
        ),
    ),
}
"""By topic a goal, and small steps towards it."""

DOORS: Final[Mapping[Door, tuple[str, ...]]] = {
    Door.PERSON: (
        "Vi drak kaffe med en tidligere kollega, der fortalte om sin vej.",
        "En veninde i faget svarede på alle spørgsmålene i telefonen.",
    ),
    Door.COMPANY: ("Jeg har spurgt lederen, om der er plads til en praktik.", "De vil gerne høre fra hende igen."),
    Door.VISIT: ("Vi blev vist rundt og talte med to, der har arbejdet der længe.", "En dag med i afdelingen."),
    Door.EVENT: ("Vi var til fyraftensmøde i fagforeningen.", "Karrieredag på skolen. Hun fik tre visitkort."),
    Door.APPLICATION: ("Min søster, der ansætter folk, har læst CV’et og foreslået to ændringer.", ""),
    Door.ASSOCIATION: ("Hun er begyndt i et netværk for kvinder i branchen.", ""),
    Door.OTHER: ("",),
}

EXTRAS: Final = (
    "Vi skriver en besked senest dagen før, hvis en af os ikke kan komme.",
    "Vi taler dansk den første halve time.",
    "Vi holder fri i skolernes ferier.",
)

QUESTIONS: Final = (
    ("mentee", "Kan vi mødes om lørdagen? Jeg arbejder de andre dage."),
    ("mentor", "Hvor meget dansk taler hun? Jeg vil gerne være sikker på, at vi forstår hinanden."),
)
"""Who asks the coordinator, and what."""

WISHES: Final = (
    ("data", "Jeg vil gerne vide, hvad der står om mig hos jer."),
    ("other", "Jeg har fået nyt telefonnummer og kan ikke selv rette det."),
)

CONCERNS: Final = (
    ("partnership", "Det er svært for os at finde en dag. Jeg ved ikke, hvordan jeg skal sige, at jeg har for travlt."),
    ("partner", "Vi taler mest om det, hun synes er vigtigt. Jeg vil gerne tale mere om min uddannelse."),
    ("other", "Må jeg gerne tage min lille dreng med, når vi mødes? Børnehaven er lukket i to uger."),
)
"""About everyday things: what each is about, and her words."""

NO_TIME_SUITS: Final = "Jeg går på sprogskole om formiddagen. Efter klokken 14 passer bedst."

KNOWS_PEOPLE: Final = (
    ("Sygeplejersker og sosu-assistenter på hospitalet og i hjemmeplejen", ("222", "532")),
    ("Butikker og supermarkeder i byen, mest dem med mange unge ansatte", ("522", "142")),
    ("Pædagoger og ledere i vuggestuer og børnehaver", ("2342", "531")),
    ("Bogholdere, revisorer og folk i kommunens forvaltning", ("241", "331", "431")),
    ("Restauranter, kantiner og hotelkøkkener", ("512", "513", "941")),
    ("Programmører og folk, der arbejder med data", ("251", "252")),
    ("Lærere på folkeskoler og sprogskoler", ("234", "233")),
    ("Apotekere og laboranter", ("2262", "321")),
    ("Håndværksmestre, arkitekter og ingeniører", ("214", "216", "711")),
    ("Lager, transport og rengøringsfirmaer", ("432", "833", "911")),
)
"""Where contact persons know people: in their words, and as groups of ISCO-08."""
CLOSED_WORDS: Final[Mapping[str, str]] = {
    "da": "Mange venter allerede på en mentor her. Vi åbner igen, når flere har fundet en.",
    "en": "Many people are already waiting for a mentor here. We open again when more of them have found one.",
    "ar": "نساء كثيرات ينتظرن مرشدة هنا. سنفتح باب التسجيل من جديد عندما تجد نساء أخريات منهن مرشدة.",
    "fa": "افراد زیادی این‌جا منتظرند. وقتی تعداد بیشتری از آن‌ها راهنما پیدا کنند، دوباره ثبت‌نام را باز می‌کنیم.",
    "uk": "Тут уже багато жінок чекають на менторку. Ми знову відкриємо запис, коли більше з них знайдуть менторку.",
}
"""Why an intake is closed, as everybody reads it."""
