"""What is said and written at the end of a partnership in the demo network: data, in Danish as staff write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, tuple[str, ...]]] = {
    "mentee": (
        "Hun siger, at det bedste var at have én, der svarede, når noget var svært.",
        "Hun ville gerne være mødtes oftere i begyndelsen.",
        "Hun har fået skrevet en ansøgning, hun selv er stolt af.",
        "Hun siger, at hun taler mere dansk nu, også i telefonen.",
        "Hun havde håbet på flere kontakter i sit eget fag.",
    ),
    "mentor": (
        "Hun siger, at hun har lært mindst lige så meget selv.",
        "Hun havde for travlt på arbejdet det sidste halve år.",
        "Hun vil gerne være mentor igen, men ikke før efter sommer.",
        "Hun savnede at vide, hvad menteen egentlig ønskede sig.",
        "Hun synes, at de kom længere, end hun havde troet.",
    ),
}
OUTCOMES: Final = (
    "Fast job på et plejehjem, 32 timer.",
    "Praktik i et køkken, som måske bliver til mere.",
    "Begyndt på 10. klasse for voksne.",
    "Har fået sin uddannelse vurderet og søger videre.",
    "Kender nu tre, der arbejder i hendes fag.",
)
OWN_WORDS: Final = (
    "Tak for alt.",
    "Jeg synes, det gik fint, men tiden var kort.",
    "Vi havde svært ved at finde dage.",
    "Jeg er glad for, at I spørger.",
)
REMARKS: Final = (
    "Bør næste gang have en mentor med mere tid.",
    "Vil helst mødes uden for hjemmet.",
    "Var skuffet; ring, før hun bliver foreslået igen.",
)
