"""Writing the rows of the demo network, and emptying the database for a new one."""

from __future__ import annotations

from typing import Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from mentornet.accounts.models import User
from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.demo.world import World
from mentornet.divisions.models import Absence, Division, MeetingPlace, Organisation, StaffRole
from mentornet.followup.models import Afterwards, Concern, EarlySign, HandedOn, Handover, SurvivalFit, Talk
from mentornet.intake.models import (
    Application,
    ApplicationDraft,
    Consent,
    ConsentText,
    ContactPerson,
    Decision,
    Earlier,
    Enrolment,
    IntakeLimit,
    IntakeWindow,
    Interview,
    InterviewOffer,
    InterviewSlot,
    ProfileConfirmation,
    Reference,
    Referral,
    Wish,
)
from mentornet.learning.models import Attendance, ModuleProgress, ReadReceipt
from mentornet.matching.models import Loan, MeetingOption, Proposal, ProposalAnswer, ProposalQuestion, ShortageMap
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import (
    Account,
    Agreement,
    AgreementSignature,
    Closure,
    ClosureSide,
    Goal,
    GoalStep,
    Introduction,
    Meeting,
    Note,
    Partnership,
    PlannedMeeting,
)
from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.surveys.models import Ask

ORDER: Final[tuple[type[Model], ...]] = (
    User, Organisation, Division, MeetingPlace, StaffRole, Programme, ProgrammeVersion, Person, Profile,
    LanguageSkill, Avoidance, ConsentText, Consent, Referral, ContactPerson, IntakeWindow, ApplicationDraft,
    Application, Interview, InterviewSlot, InterviewOffer, Reference, ProfileConfirmation, Decision, Enrolment,
    Attendance, ModuleProgress, ReadReceipt, Partnership, Meeting, Account, PlannedMeeting, Note, Talk, Agreement,
    AgreementSignature, Goal, GoalStep, Introduction, Proposal, ProposalAnswer, ProposalQuestion, MeetingOption,
    Wish, Concern, Closure, ClosureSide, Afterwards, Ask, Absence, Handover, HandedOn, EarlySign, SurvivalFit,
    Loan, ShortageMap, Task, Letter, Entry, Earlier, IntakeLimit,
)  # fmt: skip
"""Whatever a row points at comes before it."""
AFTER: Final[frozenset[type[Model]]] = frozenset(
    {
        *(Proposal, ProposalAnswer, ProposalQuestion, MeetingOption, Wish, Concern),
        *(Absence, Handover, HandedOn, EarlySign, SurvivalFit, Loan, ShortageMap, Task, Letter, Entry),
    }
)
"""Written once the proposals under way are known."""


def write(world: World, *, after: bool) -> None:
    """Write rows, in the order in which they were made."""
    for model in ORDER:
        if (model in AFTER) is after:
            model._default_manager.bulk_create(world.made(model), batch_size=1_000)


def empty_database() -> None:
    """Delete all rows of the product and of whoever signs in, so that the numbering begins anew.

    Only ever of a demonstration: the caller has made sure.
    """
    kept = {"contenttypes", "auth"}
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label not in kept]
    known = set(connection.introspection.table_names())
    statements = connection.ops.sql_flush(
        no_style(), [table for table in tables if table in known], reset_sequences=True, allow_cascade=True
    )
    if connection.vendor == "postgresql":
        # Foreign keys are checked at the end of a transaction; rows written in this one would hold their tables.
        connection.check_constraints()
    connection.ops.execute_sql_flush(statements)
