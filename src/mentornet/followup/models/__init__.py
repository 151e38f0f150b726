"""What is followed up: quiet words, talks, early signs, handovers, what the two have of it, what comes after."""

from __future__ import annotations

from mentornet.followup.models.afterwards import Afterwards
from mentornet.followup.models.concerns import Concern, ConcernAlarm, ConcernNote
from mentornet.followup.models.handovers import HandedOn, Handover
from mentornet.followup.models.signs import EarlySign, SurvivalFit
from mentornet.followup.models.talks import CadenceRun, Talk
from mentornet.followup.models.value import Certificate, ImpactLetter, LetterWish, Reflection, TenureThanks

__all__ = [
    "Afterwards",
    "CadenceRun",
    "Certificate",
    "Concern",
    "ConcernAlarm",
    "ConcernNote",
    "EarlySign",
    "HandedOn",
    "Handover",
    "ImpactLetter",
    "LetterWish",
    "Reflection",
    "SurvivalFit",
    "Talk",
    "TenureThanks",
]
