"""Which rows PostgreSQL itself gives to a division, beneath the program's own rules: one decision for every table.

A table lies beneath a policy (:data:`POLICIES`), or outside for a reason (:data:`OUTSIDE`); a test fails for one that
nobody has decided on. The policies read the scope of the connection (:mod:`mentornet.common.row_scope`).

``own`` and ``through`` are all that most tables need. A policy may ask other tables, which then lie beneath their own:
so a note is given to whoever is given its partnership. Where that would lead in a circle, a function or a view of the
owner's cuts it: inside, nothing is hidden, so it narrows to the scope itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

_EVERYTHING: Final = "(SELECT mentornet_everything())"


def own(column: str = "division_id") -> str:
    """Return that a row's division is one of those at work. Asked once for a statement, not once for a row."""
    return f"{column} = ANY ((SELECT mentornet_divisions())::uuid[])"


def through(table: str, column: str, of: str) -> str:
    """Return that the row to which ``column`` leads is given; ``of`` is the table whose column it is."""
    return f"EXISTS (SELECT 1 FROM {table} AS owner_row WHERE owner_row.id = {of}.{column})"  # noqa: S608 - names of ours


_PAIR: Final = f"{own()} OR mentor_id = ANY ((SELECT mentornet_own_lent())::uuid[])"
"""A pair's own division is given it, and that of its mentor."""


_BY_APPLICATION: Final = (
    "intake_decision",
    "intake_profileconfirmation",
    "intake_interview",
    "intake_interviewdraft",
    "intake_interviewoffer",
    "intake_reference",
)
_BY_PERSON: Final = (
    "people_protectedidentity",
    "people_profile",
    "people_languageskill",
    "intake_consent",
    "intake_referral",
    "partnerships_calendarfeed",
    "learning_readreceipt",
    "learning_attendance",
    "learning_moduleprogress",
    "people_writtenreach",
    "people_restriction",
    "people_objection",
    "privacy_retentionhold",
    "privacy_merge",
)
_BY_PARTNERSHIP: Final = (
    "partnerships_note",
    "partnerships_agreement",
    "partnerships_meeting",
    "partnerships_plannedmeeting",
    "partnerships_goal",
    "partnerships_introduction",
    "partnerships_ownnote",
    "partnerships_closure",
    "followup_afterwards",
    "surveys_ask",
    "followup_talk",
    "followup_reflection",
    "followup_letterwish",
    "followup_impactletter",
    "followup_earlysign",
)
_BY_PROPOSAL: Final = ("matching_proposalanswer", "matching_proposalquestion", "matching_meetingoption")
_BY_MEETING: Final = (
    "matching_meetingtie",
    "matching_meetingperson",
    "matching_meetingsnapshot",
    "matching_meetingrun",
    "matching_meetingdecision",
)
_BY_BATCH: Final = ("imports_file", "imports_report", "imports_trace")
_OF_DIVISION: Final = (
    "agenda_task",
    "followup_concern",
    "followup_handover",
    "followup_certificate",
    "followup_tenurethanks",
    "imports_batch",
    "intake_application",
    "intake_applicationdraft",
    "intake_contactperson",
    "intake_interviewslot",
    "intake_wish",
    "people_reveal",
    "privacy_disclosure",
    "privacy_demand",
    "privacy_request",
    "sourcing_prospect",
    "sourcing_prospectlist",
    "sourcing_search",
    "surveys_anonymousanswer",
    "matching_shortagemap",
    "matching_fivemore",
    "intake_earlier",
)

POLICIES: Final[Mapping[str, str]] = {
    **{table: own() for table in _OF_DIVISION},
    # Letters of no division are the program's own to its staff: ways in, codes.
    "messaging_letter": f"division_id IS NULL OR {own()}",
    # Somebody lent to another division, or for whom somebody was: both see the two of the pair.
    "intake_enrolment": f"{own()} OR id = ANY ((SELECT mentornet_met())::uuid[])",
    "partnerships_partnership": _PAIR,
    "matching_proposal": _PAIR,
    # Whoever asks for a mentor, and whoever is asked.
    "matching_loan": f"{own()} OR {own('lender_id')}",
    "people_person": (
        "EXISTS (SELECT 1 FROM intake_application AS known WHERE known.person_id = people_person.id)"
        " OR id = ANY ((SELECT mentornet_met_people())::uuid[])"
        # Just written down, before her application is: no division knows her yet.
        " OR ((SELECT mentornet_is_scoped()) AND NOT EXISTS"
        " (SELECT 1 FROM mentornet_known AS anybody WHERE anybody.person_id = people_person.id))"
    ),
    "people_avoidance": (
        f"{through('people_person', 'person_id', 'people_avoidance')}"
        f" OR {through('people_person', 'other_id', 'people_avoidance')}"
    ),
    # Of two women of two divisions it is for whoever works with both.
    "privacy_notthesame": (
        f"{through('people_person', 'one_id', 'privacy_notthesame')}"
        f" AND {through('people_person', 'other_id', 'privacy_notthesame')}"
    ),
    **{table: through("intake_application", "application_id", table) for table in _BY_APPLICATION},
    **{table: through("people_person", "person_id", table) for table in _BY_PERSON},
    **{table: through("partnerships_partnership", "partnership_id", table) for table in _BY_PARTNERSHIP},
    **{table: through("matching_proposal", "proposal_id", table) for table in _BY_PROPOSAL},
    # Whoever works in all of a meeting's divisions sits in it.
    "matching_matchingmeeting": (
        "NOT EXISTS (SELECT 1 FROM matching_meetingdivision AS sits WHERE sits.meeting_id = matching_matchingmeeting.id"
        " AND NOT sits.division_id = ANY ((SELECT mentornet_divisions())::uuid[]))"
        " AND (SELECT mentornet_is_scoped())"
    ),
    **{table: through("matching_matchingmeeting", "meeting_id", table) for table in _BY_MEETING},
    **{table: through("imports_batch", "batch_id", table) for table in _BY_BATCH},
    "partnerships_agreementsignature": through(
        "partnerships_agreement", "agreement_id", "partnerships_agreementsignature"
    ),
    "partnerships_account": through("partnerships_meeting", "meeting_id", "partnerships_account"),
    "partnerships_goalstep": through("partnerships_goal", "goal_id", "partnerships_goalstep"),
    "partnerships_closureside": through("partnerships_closure", "closure_id", "partnerships_closureside"),
    "followup_concernnote": through("followup_concern", "concern_id", "followup_concernnote"),
    "followup_concernalarm": through("followup_concern", "concern_id", "followup_concernalarm"),
    "followup_handedon": through("followup_handover", "handover_id", "followup_handedon"),
    "sourcing_asking": through("sourcing_search", "search_id", "sourcing_asking"),
    "sourcing_found": through("sourcing_asking", "asking_id", "sourcing_found"),
}
"""What of each table is given within a scope that is not everything; the same holds for what is written."""

_SIGNING_IN: Final = "asked before anybody knows who signs in, and by whom"
_SET_UP: Final = "set-up of the network; tells of nobody who takes part"
_PROGRAMS_OWN: Final = "the program's own record of its work; tells of nobody"

OUTSIDE: Final[Mapping[str, str]] = {
    "accounts_user": _SIGNING_IN,
    "accounts_personallink": _SIGNING_IN,
    "accounts_onetimecode": _SIGNING_IN,
    "accounts_signinsession": _SIGNING_IN,
    "accounts_opening": "what a member of the staff has opened within the hour, counted by her key; keys alone",
    "audit_entry": "its chain is verified as a whole, and counts refusals that belong to no division; names nobody",
    "audit_head": _PROGRAMS_OWN,
    "backups_run": _PROGRAMS_OWN,
    "common_periodicrun": _PROGRAMS_OWN,
    "common_workerbeat": _PROGRAMS_OWN,
    "demo_demonetwork": _PROGRAMS_OWN,
    "divisions_absence": "says who of the staff is away and who stands in; names nobody who takes part",
    "matching_forecast": "waits of the whole network, of no group with fewer than five women; names nobody",
    "followup_survivalfit": "curves of the whole network, made of no group with fewer than five endings; names nobody",
    "divisions_division": _SET_UP,
    "divisions_hiddenperson": "says whom a member of the staff must not see: what she is given comes from it",
    "divisions_meetingplace": _SET_UP,
    "divisions_organisation": _SET_UP,
    "divisions_staffrole": "says who works in which division: the scope itself comes from it",
    "followup_cadencerun": _PROGRAMS_OWN,
    "imports_columnmapping": "what headers of spreadsheets mean, for all divisions",
    "intake_consenttext": _SET_UP,
    "intake_intakelimit": _SET_UP,
    "intake_intakewindow": _SET_UP,
    "intake_savedsearch": "a member of staff's own bookmarks, read by her key alone",
    "learning_chapter": _SET_UP,
    "learning_chaptertext": _SET_UP,
    "learning_module": _SET_UP,
    "learning_moduletext": _SET_UP,
    "matching_meetingdivision": "which divisions a meeting is about; names nobody",
    "messaging_lettertext": _SET_UP,
    "messaging_optout": "keys of people who want no letters of a kind, read by the key",
    "messaging_trial": "trial letters, to staff",
    "partnerships_agreementtemplate": _SET_UP,
    "privacy_assessment": _SET_UP,
    "privacy_breach": "what went wrong and how many it touched; names nobody, and belongs to no division at first",
    "privacy_retentioncount": _PROGRAMS_OWN,
    "privacy_retentionrun": _PROGRAMS_OWN,
    "privacy_retentionterm": _SET_UP,
    "privacy_erasure": "the ledger of erasures: keys, and no names",
    "programmes_programme": _SET_UP,
    "programmes_programmeversion": _SET_UP,
    "sourcing_optout": "hashes of those who have said no for ever, to all divisions; they tell nobody who she is",
    "sourcing_optoutkey": _PROGRAMS_OWN,
    "programmes_refusedname": _SET_UP,
    "surveys_questionnaire": _SET_UP,
    "surveys_questionnaireversion": _SET_UP,
}
"""Why a table of the program's lies beneath no policy."""

_AT_WORK: Final = "public.mentornet_divisions()"
_PAIRED: Final = " UNION ALL ".join(
    f"SELECT pair.{given}_id FROM public.{table} AS pair"  # noqa: S608 - names of ours
    " JOIN public.intake_enrolment AS mentor ON mentor.id = pair.mentor_id"
    f" WHERE mentor.division_id <> pair.division_id AND {at_work}.division_id = ANY ({_AT_WORK})"
    for table in ("partnerships_partnership", "matching_proposal")
    for given, at_work in (("mentor", "pair"), ("mentee", "mentor"))
)
_RELEASED: Final = (
    f"SELECT loan.mentor_id FROM public.matching_loan AS loan WHERE loan.division_id = ANY ({_AT_WORK})"  # noqa: S608 - names of ours
    " AND loan.state IN ('released', 'used')"
)
_OWN_LENT: Final = " UNION ALL ".join(
    f"SELECT mentor.id FROM public.{table} AS pair"  # noqa: S608 - names of ours
    " JOIN public.intake_enrolment AS mentor ON mentor.id = pair.mentor_id"
    f" WHERE mentor.division_id <> pair.division_id AND mentor.division_id = ANY ({_AT_WORK})"
    for table in ("partnerships_partnership", "matching_proposal")
)
_MET: Final = (
    f"SELECT person_id FROM public.intake_contactperson WHERE division_id = ANY ({_AT_WORK})"  # noqa: S608 - names of ours
    " UNION ALL SELECT person_id FROM public.intake_enrolment WHERE id = ANY (public.mentornet_met())"
)
_KNOWN: Final = " UNION ALL ".join(
    f"SELECT person_id FROM {table} WHERE (SELECT mentornet_is_scoped())"  # noqa: S608 - names of ours
    for table in ("intake_application", "intake_contactperson")
)
_ANSWERS: Final = "LANGUAGE sql STABLE PARALLEL SAFE"
_LOOKS: Final = "LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER"
"""Asked at most once in a statement, and only where it meets a row that is not a division's own; the plan is kept. It
names the schema: nobody lays another table before."""

FUNCTIONS: Final[Mapping[str, str]] = {
    "mentornet_everything()": (
        f"boolean {_ANSWERS} AS $$ SELECT coalesce(current_setting('mentornet.scope', true), '') = '*' $$"
    ),
    "mentornet_is_scoped()": (
        f"boolean {_ANSWERS} AS $$ SELECT coalesce(current_setting('mentornet.scope', true), '') <> '' $$"
    ),
    "mentornet_divisions()": (
        f"uuid[] {_ANSWERS} AS $$ SELECT CASE WHEN current_setting('mentornet.scope', true) LIKE '{{%'"
        " THEN current_setting('mentornet.scope', true) ELSE '{}' END::uuid[] $$"
    ),
    "mentornet_own_lent()": f"uuid[] {_LOOKS} AS $$ BEGIN RETURN ARRAY({_OWN_LENT}); END $$",
    "mentornet_met()": f"uuid[] {_LOOKS} AS $$ BEGIN RETURN ARRAY({_PAIRED} UNION ALL {_RELEASED}); END $$",
    "mentornet_met_people()": f"uuid[] {_LOOKS} AS $$ BEGIN RETURN ARRAY({_MET}); END $$",
}
VIEWS: Final[Mapping[str, str]] = {"mentornet_known": _KNOWN}
POLICY: Final = "mentornet_scope"


def statements() -> list[str]:
    """Return the statements that lay all policies, in their order."""
    laid = [f"CREATE FUNCTION {name} RETURNS {body}" for name, body in FUNCTIONS.items()]
    laid += [f"CREATE VIEW {name} AS {query}" for name, query in VIEWS.items()]
    for table, seen in POLICIES.items():
        laid += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY {POLICY} ON {table} USING ({_EVERYTHING} OR {seen})",
        ]
    return laid


def fingerprint() -> str:
    """Return by what it is known whether the policies that lie there are these."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()
