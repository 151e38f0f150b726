"""What becomes of each column that leads to somebody, when her two rows are made one; a test misses none."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Way(StrEnum):
    """What a merge does with a row that leads to the one who goes."""

    GOES = "goes"
    """It goes over to the one who is kept."""
    ONCE = "once"
    """It goes over, unless the same stands with the one who is kept: then it goes away, and comes back with undoing."""
    JOINED = "joined"
    """The two are laid together by rules of their own (:mod:`mentornet.privacy.services.joining`)."""
    REFUSED = "refused"
    """While it is there, nothing is merged (:mod:`mentornet.privacy.merge_rules`)."""
    BEHIND = "behind"
    """It is tied to a row of hers, and goes where that goes."""


WAYS: Final[Mapping[str, Way]] = {
    "people.WrittenReach.person": Way.GOES,
    "people.ProtectedIdentity.person": Way.REFUSED,
    "people.Reveal.person": Way.ONCE,
    "people.Profile.person": Way.JOINED,
    "people.LanguageSkill.person": Way.JOINED,
    "people.Avoidance.person": Way.ONCE,
    "people.Avoidance.other": Way.ONCE,
    "people.Restriction.person": Way.JOINED,
    "people.Objection.person": Way.ONCE,
    "intake.Referral.person": Way.JOINED,
    "intake.Application.person": Way.JOINED,
    "intake.Consent.person": Way.JOINED,
    "intake.ContactPerson.person": Way.JOINED,
    "intake.ApplicationDraft.person": Way.GOES,
    "intake.Enrolment.person": Way.JOINED,
    "intake.Wish.person": Way.GOES,
    "partnerships.CalendarFeed.person": Way.ONCE,
    "partnerships.OwnNote.person": Way.GOES,
    "learning.ReadReceipt.person": Way.ONCE,
    "learning.Attendance.person": Way.ONCE,
    "learning.ModuleProgress.person": Way.ONCE,
    "followup.Concern.raised_by": Way.GOES,
    "followup.Reflection.person": Way.ONCE,
    "followup.Certificate.person": Way.GOES,
    "followup.TenureThanks.person": Way.ONCE,
    "privacy.Disclosure.person": Way.GOES,
    "privacy.Request.person": Way.GOES,
    "privacy.RetentionHold.person": Way.JOINED,
    "privacy.Merge.person": Way.GOES,
    "privacy.NotTheSame.one": Way.JOINED,
    "privacy.NotTheSame.other": Way.JOINED,
    "intake.Earlier.enrolment": Way.JOINED,
    "intake.Enrolment.profile": Way.JOINED,
    "intake.Application.referred_by": Way.JOINED,
    "intake.ContactPerson.referred_by": Way.JOINED,
    "intake.ApplicationDraft.referral": Way.JOINED,
    "partnerships.Partnership.mentee": Way.BEHIND,
    "partnerships.Partnership.mentor": Way.BEHIND,
    "sourcing.Search.mentee": Way.BEHIND,
    "matching.Proposal.mentee": Way.BEHIND,
    "matching.Proposal.mentor": Way.BEHIND,
    "matching.Loan.mentee": Way.BEHIND,
    "matching.Loan.mentor": Way.BEHIND,
    "matching.MeetingTie.mentee": Way.BEHIND,
    "matching.MeetingTie.mentor": Way.BEHIND,
    "matching.MeetingPerson.enrolment": Way.BEHIND,
    "matching.MeetingDecision.mentee": Way.BEHIND,
    "matching.MeetingDecision.mentor": Way.BEHIND,
}
"""By model and column: every one that leads to a person, to her place, to her profile, or to her link."""

STEPS_ON: Final = ("people.Person", "intake.Enrolment", "people.Profile", "intake.Referral")
"""The models to which these columns lead."""
TO_HER: Final = "people.Person"
