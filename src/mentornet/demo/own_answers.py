"""What people have answered to the one question that a programme asks of its own: it weighs nothing yet.

Answers are told from keys, not drawn: without them the network's rows are what they were.
"""

from __future__ import annotations

from typing import Any, Final

from mentornet.demo.world import World
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Provenance
from mentornet.people.own_answers import source_name

BEDTIME: Final[dict[str, Any]] = {
    "key": "small_children",
    "names": {
        "en": "Has small children at home",
        "da": "Har små børn derhjemme",
        "ar": "لديها أطفال صغار في البيت",
        "fa": "در خانه بچهٔ کوچک دارد",
        "uk": "Має вдома маленьких дітей",
    },
    "kind": "yes-no",
    "compared": "same",
    "wishes": "both",
    "weight": 0.0,
    "neutral": 0.5,
}
_OF_TEN: Final = 10
_ANSWERED: Final = 7


def answer_own_questions(world: World, programme: str) -> None:
    """Let seven of ten in a programme have answered its own question, a third of them with yes."""
    for enrolment in world.made(Enrolment):
        profile = enrolment.profile
        drawn = profile.pk.int
        if enrolment.programme.name != programme or drawn % _OF_TEN >= _ANSWERED:
            continue
        key = str(BEDTIME["key"])
        profile.answers = {key: (drawn // _OF_TEN) % 3 == 0}
        heard = [Provenance.HEARD.value, profile.changed_at.date().isoformat()]
        profile.provenance = {**profile.provenance, source_name(key): heard}
