"""Applications, interviews, decisions, enrolments, and saved searches of the bank."""

from __future__ import annotations

from mentornet.intake.models.applications import Application, Decision
from mentornet.intake.models.confirmations import ProfileConfirmation
from mentornet.intake.models.consents import Consent, ConsentText
from mentornet.intake.models.contact_persons import ContactPerson
from mentornet.intake.models.drafts import ApplicationDraft
from mentornet.intake.models.earlier import Earlier
from mentornet.intake.models.enrolments import UNTIL_SHE_SAYS, Enrolment
from mentornet.intake.models.interviews import Interview, InterviewDraft
from mentornet.intake.models.limits import IntakeLimit
from mentornet.intake.models.references import Reference
from mentornet.intake.models.referrals import Referral
from mentornet.intake.models.searches import SavedSearch
from mentornet.intake.models.slots import InterviewOffer, InterviewSlot
from mentornet.intake.models.windows import IntakeWindow
from mentornet.intake.models.wishes import Wish

__all__ = [
    "UNTIL_SHE_SAYS",
    "Application",
    "ApplicationDraft",
    "Consent",
    "ConsentText",
    "ContactPerson",
    "Decision",
    "Earlier",
    "Enrolment",
    "IntakeLimit",
    "IntakeWindow",
    "Interview",
    "InterviewDraft",
    "InterviewOffer",
    "InterviewSlot",
    "ProfileConfirmation",
    "Reference",
    "Referral",
    "SavedSearch",
    "Wish",
]
