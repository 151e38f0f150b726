"""What people in the demo network have written about themselves: in Danish, or in simple English.

Braces are filled in: ``{title}`` an occupation, ``{in_area}`` in a part of town, ``{interest}``, ``{years}``.
No text says "he" or "she": a few are men.
"""

from __future__ import annotations

from typing import Final

# Mentees --------------------------------------------------------------------------------------------------------------

AIMS: Final = (
    "Jeg er uddannet {title} og har arbejdet med det i {years} år, før jeg kom til Danmark.",
    "Jeg vil gerne arbejde som {title}. Jeg har erfaring hjemmefra, men ingen danske referencer.",
    "Jeg drømmer om at blive {title} og er ved at finde ud af, hvilken vej der er den rigtige.",
    "Jeg har taget et kursus og været i praktik som {title} i tre måneder. Nu søger jeg et rigtigt job.",
    "Jeg har været hjemme med børnene i nogle år og vil nu i gang som {title}.",
    "Jeg arbejder lige nu med noget andet end mit fag, men jeg er {title} og vil gerne tilbage.",
    "Jeg læser til {title} og bliver færdig næste sommer.",
    "Jeg har søgt over {count} job som {title} uden at komme til samtale. Jeg vil gerne forstå hvorfor.",
    "Jeg har boet i Danmark i {years} år og taler dansk hver dag, men jeg kender ingen, der arbejder som {title}.",
)
AIMS_IN_ENGLISH: Final = (
    "I worked as a {title_en} for {years} years before I came to Denmark. My Danish is not strong yet.",
    "I am learning Danish and want to work as a {title_en}. I would like to know how people find a job here.",
    "I moved to Denmark with my family {years} years ago. I want to use my education again.",
)
HOMES: Final = (
    "Jeg bor {in_area} med min mand og vores børn.",
    "Jeg bor {in_area} og har to børn i skole.",
    "Jeg bor alene {in_area}.",
    "Jeg har et barn i vuggestue og er mest fri om formiddagen.",
    "Jeg går på sprogskole fire dage om ugen.",
    "Jeg er i praktik og har fri efter klokken tre.",
    "Jeg bor {in_area} og er aktiv i skolens forældregruppe.",
    "",
    "",
)
LIKES: Final = (
    "I min fritid kan jeg godt lide {interest}.",
    "Jeg slapper af med {interest}.",
    "Mine venner siger, at jeg er tålmodig og god til at lytte.",
    "Jeg er nysgerrig og vil gerne lære noget nyt.",
    "Jeg er lidt genert på dansk, men ikke på mit eget sprog.",
    "Jeg er god til at få folk til at grine.",
    "",
    "",
    "",
)
MENTEE_WISHES: Final = (
    "Jeg vil gerne tale med en, der kender faget indefra.",
    "Jeg håber på en, der har tid til at tale langsomt.",
    "Jeg vil gerne se en dansk arbejdsplads og møde kollegerne.",
    "Jeg har brug for en, der tør sige, hvad der er galt med mine ansøgninger.",
    "Helst en, der selv har børn.",
    "Jeg vil gerne mødes på biblioteket og ikke hjemme.",
    "Vi må gerne skrive sammen mellem møderne.",
    "Jeg vil gerne øve telefonsamtaler.",
    "Jeg vil gerne have en, der kan hjælpe mig med at ringe til en arbejdsgiver.",
    "Det er vigtigt for mig, at vi bliver ved i mindst et halvt år.",
    "Gerne en, der også har skiftet fag som voksen.",
    "I would like someone who can explain the unwritten rules at work.",
    "Please speak slowly the first times.",
    "Jeg kan ikke mødes i skoleferierne.",
)

# Mentors --------------------------------------------------------------------------------------------------------------

WORKS: Final = (
    "Jeg er {title} og har været det i {years} år.",
    "Jeg arbejder som {title} på en stor arbejdsplads med kolleger fra hele verden.",
    "Til daglig er jeg {title}. Jeg har selv ansat folk og læst mange ansøgninger.",
    "Jeg er {title} og sidder i bestyrelsen for en lokal forening.",
    "Jeg er {title} og har tidligere været tillidsrepræsentant.",
    "Jeg er selvstændig {title} med to ansatte.",
    "Jeg arbejder deltid som {title} og har børn, der snart flytter hjemmefra.",
    "Jeg er ny leder efter mange år som {title}.",
)
WORKS_NO_MORE: Final = (
    "Jeg har været {title} i mange år og er netop gået på pension.",
    "Jeg er tidligere {title} og har nu tid til andre.",
)
WORKS_FROM_ELSEWHERE: Final = (
    "Jeg kom selv til Danmark som voksen og begyndte forfra. I dag er jeg {title}.",
    "Jeg er vokset op med to sprog og arbejder som {title}.",
    "Jeg har selv haft en mentor, og i dag er jeg {title}. Nu er det min tur til at give noget videre.",
)
GIVES: Final = (
    "Jeg vil gerne åbne mit netværk for en, der har brug for det.",
    "Jeg vil gerne hjælpe med ansøgninger og øve samtaler.",
    "Jeg er god til at stille spørgsmål og til at lytte.",
    "Jeg taler gerne langsomt og gentager gerne.",
    "Jeg tror på, at vi begge to lærer noget.",
    "Jeg kan vise rundt på min arbejdsplads og invitere med til et fyraftensmøde.",
    "Jeg kender mange arbejdspladser {in_area}.",
    "Jeg går gerne en tur, mens vi taler.",
    "Jeg har prøvet at være uden arbejde og ved, hvad det gør ved en.",
    "",
)
MENTOR_WISHES: Final = (
    "Jeg vil gerne mødes faste dage, helst {in_area}.",
    "Helst en, der er klar til at søge job inden for et halvt år.",
    "Jeg tager gerne en, der har ventet længe.",
    "Jeg rejser en del og har brug for at kunne flytte et møde.",
    "Gerne en fra et andet fag end mit eget.",
    "Jeg har hund. Hvis det er et problem, lader jeg den blive hjemme.",
    "Jeg er bedst til det praktiske og ikke til svære samtaler om sygdom.",
    "Jeg vil gerne være mentor i mindst et år.",
    "Jeg mødes helst på min arbejdsplads eller en café.",
    "Vi kan godt tale engelsk i begyndelsen, men målet skal være dansk.",
)

SAFE_CONTACTS: Final = (
    "Kun sms, og kun mellem klokken 9 og 14.",
    "Ring ikke efter klokken 16. Skriv gerne en mail.",
    "Mailen læses også af andre i familien: skriv ingen detaljer.",
    "Ring på hverdage, når børnene er i skole.",
    "Læg ingen besked på telefonsvareren.",
)
"""How somebody wants to be reached; few have said it."""

HEARD_THROUGH: Final = (
    "en veninde",
    "sprogskolen",
    "jobcentret",
    "en tidligere mentor",
    "biblioteket",
    "opslag i butikken",
    "fagforeningen",
    "avisen",
    "søgte selv på nettet",
    "boligforeningens café",
    "en kollega",
    "en mentee fra netværket",
    "foredrag på arbejdspladsen",
    "sundhedsplejersken",
    "børnenes skole",
    "et indslag i radioen",
)
