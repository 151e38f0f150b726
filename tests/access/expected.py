"""Who may open which address, and see which object: written down here a second time, apart from the program.

An address of the desk that stands in no table below is expected to be for casework, so a new screen is covered without
a word here. Whatever is opened to more people than that has to be written into the table, by hand.

How to add an address of the participants' own pages (``portal:…``):

1. One line in PORTAL: its policy (``participant``: signed in; ``personal``: by a link or signed in; ``everyone``), and
   whose the objects of the place ``here`` in its arguments are, by the roles in PARTICIPANTS and HOLDERS. Everybody
   else, and everybody at the objects ``elsewhere``, must be answered as if there were no such object.
2. If an argument leads to another object than the argument's usual one (tests/access/worlds.py, ``place.objects``), add
   ``"portal:name/argument": row.pk`` to ``place.objects``: that one is taken for this address alone.
3. If an argument leads to no object at all, such as a language or a step's name, give it a value in CONSTANT
   (tests/access/matrix.py). A page behind a code needs nothing more: the role "link holder without code" is expected
   to be led to the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Addresses that are not for casework --------------------------------------------------------------------------------

MENTEE: Final = frozenset({"mentee here"})
"""She has an open proposal."""
MENTOR: Final = frozenset({"mentor here"})
"""She has a running partnership."""
CONTACT_PERSON: Final = frozenset({"contact person"})
LINKED: Final = frozenset({"link holder", "link holder without code"})
"""Both hold a link to the mentee's proposal."""
NOBODYS: Final = frozenset[str]()

PORTAL: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "portal:sign_in": ("everyone", NOBODYS),
    "portal:sign_in_code": ("everyone", NOBODYS),
    "portal:sign_in_password": ("everyone", NOBODYS),
    "portal:sign_in_app": ("everyone", NOBODYS),
    "portal:passkey_begin": ("everyone", NOBODYS),
    "portal:passkey_sign_in": ("everyone", NOBODYS),
    "portal:sign_out": ("everyone", NOBODYS),
    "portal:code": ("everyone", NOBODYS),
    "portal:security": ("participant", NOBODYS),
    "portal:prove": ("participant", NOBODYS),
    "portal:password": ("participant", NOBODYS),
    "portal:password_remove": ("participant", NOBODYS),
    "portal:app": ("participant", NOBODYS),
    "portal:app_remove": ("participant", NOBODYS),
    "portal:passkey_new": ("participant", NOBODYS),
    "portal:passkey_add": ("participant", NOBODYS),
    "portal:passkey_remove": ("participant", MENTEE),
    "portal:sessions": ("participant", NOBODYS),
    "portal:sessions_end_all": ("participant", NOBODYS),
    "portal:session_end": ("participant", MENTEE),
    "public:apply_resume": ("personal", NOBODYS),
    "portal:application": ("personal", MENTEE),
    "portal:application_withdraw": ("personal", MENTEE),
    "portal:referral": ("participant", NOBODYS),
    "portal:referral_picture": ("participant", NOBODYS),
    "portal:interview": ("personal", MENTEE),
    "portal:interview_none": ("personal", MENTEE),
    "portal:interview_cancel": ("personal", MENTEE),
    "portal:interview_calendar": ("personal", MENTEE),
    "portal:data": ("participant", NOBODYS),
    "portal:data_ask": ("participant", NOBODYS),
    "portal:data_request": ("participant", MENTEE),
    "portal:data_request_back": ("participant", MENTEE),
    "portal:data_uses": ("participant", NOBODYS),
    "portal:data_told": ("participant", NOBODYS),
    "portal:confirm": ("personal", MENTEE),
    "portal:confirm_fact": ("personal", MENTEE),
    "portal:home": ("participant", NOBODYS),
    "portal:profile": ("participant", NOBODYS),
    "portal:seen": ("participant", NOBODYS),
    "portal:who_reads": ("participant", NOBODYS),
    "portal:consents": ("participant", NOBODYS),
    "portal:consent": ("participant", NOBODYS),
    "portal:details": ("participant", NOBODYS),
    "portal:profile_fact": ("participant", NOBODYS),
    "portal:availability": ("participant", NOBODYS),
    "portal:ask": ("participant", NOBODYS),
    "portal:leaving": ("participant", NOBODYS),
    "portal:rest": ("participant", MENTEE),
    "portal:rest_end": ("participant", MENTEE),
    "portal:return": ("personal", MENTEE),
    "portal:places": ("participant", MENTOR),
    "portal:proposal": ("personal", MENTEE | LINKED),
    "portal:proposal_yes": ("personal", MENTEE | LINKED),
    "portal:proposal_no": ("personal", MENTEE | LINKED),
    "portal:proposal_ask": ("personal", MENTEE | LINKED),
    "portal:proposal_times": ("personal", MENTEE | LINKED),
    "portal:proposal_met": ("personal", MENTEE | LINKED),
    "portal:proposal_calendar": ("personal", MENTEE | LINKED),
    "portal:partnership": ("personal", MENTOR),
    "portal:share": ("personal", MENTOR),
    "portal:pause": ("personal", MENTOR),
    "portal:go_on": ("personal", MENTOR),
    "portal:end": ("personal", MENTOR),
    "portal:why": ("personal", NOBODYS),
    "portal:longer": ("personal", MENTOR),
    "portal:afterwards": ("personal", MENTOR),
    "portal:become_mentor": ("participant", NOBODYS),
    "portal:agreement": ("personal", MENTOR),
    "portal:agreement_fill": ("personal", MENTOR),
    "portal:agreement_sign": ("personal", MENTOR),
    "portal:agreement_print": ("personal", MENTOR),
    "portal:meetings": ("personal", MENTOR),
    "portal:meeting_edit": ("personal", MENTOR),
    "portal:meeting_confirm": ("personal", MENTOR),
    "portal:meeting_undo": ("personal", MENTOR),
    "portal:plan": ("personal", MENTOR),
    "portal:plan_off": ("personal", MENTOR),
    "portal:plan_file": ("personal", MENTOR),
    "portal:goals": ("personal", MENTOR),
    "portal:goal_edit": ("personal", MENTOR),
    "portal:goal_mark": ("personal", MENTOR),
    "portal:step_add": ("personal", MENTOR),
    "portal:step_mark": ("personal", MENTOR),
    "portal:introductions": ("personal", MENTOR),
    "portal:introduction_edit": ("personal", MENTOR),
    "portal:own_notes": ("personal", MENTOR),
    "portal:own_note_edit": ("personal", MENTOR),
    "portal:thoughts": ("personal", MENTOR),
    "portal:thought": ("personal", MENTOR),
    "portal:impact_letters": ("personal", MENTOR),
    "portal:impact_wishes": ("personal", MENTOR),
    "portal:impact_letter": ("personal", MENTOR),
    "portal:impact_choose": ("personal", MENTOR),
    "portal:impact_answer": ("personal", MENTOR),
    "portal:impact_paper": ("personal", MENTOR),
    "portal:certificates": ("participant", NOBODYS),
    "portal:certificate_withdraw": ("participant", MENTOR),
    "portal:word_here": ("personal", MENTOR),
    "portal:word_here_sent": ("personal", MENTOR),
    "portal:word": ("participant", NOBODYS),
    "portal:word_sent": ("participant", NOBODYS),
    "portal:calendar": ("participant", NOBODYS),
    "portal:feed": ("everyone", NOBODYS),
    "portal:training": ("participant", NOBODYS),
    "portal:training_here": ("personal", MENTEE),
    "portal:module": ("personal", MENTEE),
    "portal:reading": ("participant", NOBODYS),
    "portal:survey": ("personal", MENTOR),
    "portal:survey_question": ("personal", MENTOR),
    "portal:survey_done": ("personal", MENTOR),
    "portal:reading_chapter": ("participant", NOBODYS),
    "portal:search_asked": ("personal", MENTOR),
    "portal:search_never": ("personal", NOBODYS),
    "portal:helped": ("participant", NOBODYS),
    "portal:expert": ("personal", NOBODYS),
    "portal:expert_never": ("personal", NOBODYS),
    "portal:expert_deleted": ("everyone", NOBODYS),
}
"""The participants' own pages: the policy, and whose the objects here are."""

POLICIES: Final[Mapping[str, str]] = {name: policy for name, (policy, _whose) in PORTAL.items()} | {
    "links:open_link": "everyone",
    "links:stop_letters": "everyone",
    "front": "everyone",
    "set_language": "everyone",
    "styleguide": "staff",
    "desk:today": "staff",
    "desk:setup": "staff",
    "desk:absences": "staff",
    "desk:absence_end": "staff",
    "desk:staff": "staff",
    "desk:role_end": "staff",
    "desk:staff_invite": "staff",
    "desk:sessions": "staff",
    "desk:session_end": "staff",
    "desk:reading": "staff",
    "desk:reader_let_on": "staff",
    "desk:sessions_end_all": "staff",
    "desk:person_copy": "lead",
    "desk:person_erase": "lead",
    "desk:disclosures": "lead",
    "desk:demand": "lead",
    "desk:places": "lead",
    "desk:place": "lead",
    "desk:place_off": "lead",
    "desk:place_on": "lead",
    "desk:programme_new": "lead",
    "desk:refused_names": "lead",
    "desk:questionnaire_new": "lead",
    "desk:division_new": "administration",
    "desk:division": "administration",
    "desk:organisation": "administration",
    "desk:first_steps": "administration",
    "desk:first_programme": "administration",
    "desk:trial": "administration",
    "desk:trial_code": "administration",
    "desk:backups": "administration",
    "desk:data_protection": "data protection",
    "desk:breaches": "staff",
    "desk:breach_report": "staff",
    "desk:breach": "staff",
    "desk:breach_write": "staff",
    "desk:breach_settle": "staff",
    "desk:breach_back": "staff",
    "desk:breach_close": "staff",
    "desk:breach_print": "staff",
    "desk:retention": "data protection",
    "desk:retention_nights": "data protection",
    "desk:retention_term": "data protection",
    "desk:processing": "data protection",
    "desk:processing_print": "data protection",
    "desk:processing_file": "data protection",
    "desk:assessment": "data protection",
    "desk:assessment_sign": "data protection",
    "desk:assessment_print": "data protection",
    "desk:assessment_file": "data protection",
    "desk:audit": "data protection",
    "desk:audit_export": "data protection",
    "public:apply": "everyone",
    "public:apply_step": "everyone",
    "public:apply_later": "everyone",
    "public:apply_sent": "everyone",
    "public:apply_occupations": "everyone",
    "public:sent_by": "everyone",
    "public:found_by": "everyone",
    "desk:how_long_compute": "lead",
    "desk:forecast_compute": "lead",
    "desk:intake": "lead",
    "desk:intake_close": "lead",
    "desk:intake_open": "lead",
    "desk:intake_take_in": "lead",
    "desk:intake_limit_set": "lead",
    "desk:intake_limit_follow": "lead",
    "desk:intake_limit_undo": "lead",
    "desk:intake_limit_leave": "lead",
    "public:home": "everyone",
    "public:mentee": "everyone",
    "public:mentor": "everyone",
    "public:contact_person": "everyone",
    "public:divisions": "everyone",
    "public:division": "everyone",
    "public:privacy": "everyone",
    "public:accessibility": "everyone",
    "public:handbooks": "everyone",
    "public:handbook": "everyone",
    "public:handbook_whole": "everyone",
    "public:handbook_chapter": "everyone",
    "public:handbook_pdf": "everyone",
    "public:handbook_chapter_pdf": "everyone",
    "public:certificate": "everyone",
    "demo:sign_in": "demo",
    "demo:enter": "demo",
    "demo:enter_as_participant": "demo",
    "demo:letters": "demo",
    "account_login": "everyone",
    "account_logout": "everyone",
    "account_inactive": "everyone",
    "account_reset_password": "everyone",
    "account_reset_password_done": "everyone",
    "account_reset_password_from_key": "everyone",
    "account_reset_password_from_key_done": "everyone",
    "account_reauthenticate": "signed in",
    "account_change_password": "signed in",
    "mfa_authenticate": "everyone",
    "mfa_reauthenticate": "signed in",
    "mfa_index": "signed in",
    "mfa_activate_totp": "signed in",
    "mfa_deactivate_totp": "signed in",
    "mfa_view_recovery_codes": "signed in",
    "mfa_generate_recovery_codes": "signed in",
    "mfa_download_recovery_codes": "signed in",
}
NOT_IN_USE: Final = frozenset({"styleguide"})
"""Addresses that are there for developers and demonstrations alone."""
LEADS_NOWHERE: Final = frozenset({"links:open_link", "portal:feed", "links:stop_letters", "public:certificate"})
"""Addresses whose argument in the matrix is a secret that nobody has: answered as such to everybody."""
BEFORE_SECOND_FACTOR: Final = frozenset(
    {"account_logout", "account_reauthenticate", "mfa_reauthenticate", "mfa_activate_totp", "set_language"}
)


def expected_policy(name: str) -> str | None:
    """Return the policy that an address is to declare; ``None`` for a library's address that is not in use."""
    if name in POLICIES:
        return POLICIES[name]
    return "casework" if name.startswith("desk:") else None


# Roles --------------------------------------------------------------------------------------------------------------

_CASEWORK: Final = frozenset({"everyone", "signed in", "staff", "casework"})
_NOBODY: Final = frozenset({"everyone", "signed in"})
_PARTICIPANT: Final = frozenset({"everyone", "personal", "participant"})
_HOLDER: Final = frozenset({"everyone", "personal"})
PARTICIPANTS: Final = MENTEE | MENTOR | CONTACT_PERSON
"""Signed in at the participants' own door."""
HOLDERS: Final = LINKED
"""Not signed in: they hold a link."""
REACHES: Final[Mapping[str, frozenset[str]]] = (
    {
        "anonymous": frozenset({"everyone"}),
        "coordinator here": _CASEWORK,
        "coordinator elsewhere": _CASEWORK,
        "division lead here": _CASEWORK | {"lead"},
        "national lead": _CASEWORK | {"lead", "administration", "data protection"},
        "administrator": frozenset({"everyone", "signed in", "staff", "administration"}),
        "data-protection officer": frozenset({"everyone", "signed in", "staff", "data protection"}),
        "no role": _NOBODY,
        "before second factor": _CASEWORK,
        "disabled": frozenset({"everyone"}),
        "role ended yesterday": _NOBODY,
        "role ends today": _NOBODY,
        "role begins tomorrow": _NOBODY,
    }
    | dict.fromkeys(sorted(PARTICIPANTS), _PARTICIPANT)
    | dict.fromkeys(sorted(HOLDERS), _HOLDER)
)
"""Reached with a role of the staff, besides: a page behind a link, where nothing is hers."""
SIGNED_OUT: Final = frozenset({"anonymous", "disabled"}) | HOLDERS
OUTSIDE_DESK: Final = SIGNED_OUT | PARTICIPANTS
"""Whom the staff's side asks to sign in at its own door."""

# Objects ------------------------------------------------------------------------------------------------------------

WORKS_IN: Final[Mapping[str, frozenset[str]]] = {
    "coordinator here": frozenset({"here"}),
    "coordinator elsewhere": frozenset({"elsewhere"}),
    "division lead here": frozenset({"here"}),
    "national lead": frozenset({"here", "elsewhere"}),
}
"""Whose objects a role sees: those of its divisions, unless the table below says otherwise."""

EVERYWHERE: Final = frozenset({"here", "elsewhere"})
SEEN_BY: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    # Leads see the staff of their divisions, the heads everybody's; coordinators end nobody's role.
    "role_id": {
        "division lead here": frozenset({"here"}),
        "national lead": EVERYWHERE,
        "administrator": EVERYWHERE,
    },
    # A search is its owner's.
    "search_id": {
        "coordinator here": frozenset({"here"}),
        "coordinator elsewhere": frozenset({"elsewhere"}),
    },
    # A list of experts is looked at by whoever has brought it in.
    "prospect_list_id": {
        "coordinator here": frozenset({"here"}),
        "coordinator elsewhere": frozenset({"elsewhere"}),
    },
    # Her own browsers.
    "sign_in_id": {
        "coordinator here": frozenset({"here"}),
        "coordinator elsewhere": frozenset({"elsewhere"}),
    },
    "division_id": {"national lead": EVERYWHERE, "administrator": EVERYWHERE},
    # A breach is read by who oversees data, by the lead where it happened, and by whoever has reported it.
    "breach_id": {
        "coordinator here": frozenset({"here"}),
        "coordinator elsewhere": frozenset({"elsewhere"}),
        "division lead here": frozenset({"here"}),
        "national lead": EVERYWHERE,
        "data-protection officer": EVERYWHERE,
    },
    # Who is away: she herself, whoever leads her, and the heads.
    "absence_id": {
        "coordinator here": frozenset({"here"}),
        "coordinator elsewhere": frozenset({"elsewhere"}),
        "division lead here": frozenset({"here"}),
        "national lead": EVERYWHERE,
        "administrator": EVERYWHERE,
    },
    # Cases are handed over in the divisions in which one works: one's own, and by a lead everybody's.
    "desk:handover_new/division_id": WORKS_IN,
    "desk:pack_all/division_id": WORKS_IN,
    # Whom a division loses soon: those who work there.
    "desk:retention_soon/division_id": WORKS_IN,
    # A division's own set-up.
    **{
        f"desk:intake{act}/division_id": {"division lead here": frozenset({"here"}), "national lead": EVERYWHERE}
        for act in ("", "_close", "_open", "_take_in", "_limit_set")
    },
    "place_id": {"division lead here": frozenset({"here"}), "national lead": EVERYWHERE},
}

TOLD_KINDLY: Final = frozenset(
    {
        "desk:proposal_answered/question_id",
        "desk:proposal_question_back/question_id",
        "desk:person_let_meet/avoidance_id",
        "desk:proposal_answer_back/answer_id",
        "desk:reader_let_on/user_id",
    }
)
"""Arguments to which a missing object is said to be gone already, on the way back: a second press does no harm.

Another division's must be answered in the same words.
"""

OF_ONE: Final = frozenset(
    {
        *("desk:person_unseen_lift", "desk:handover_new", "desk:pack_all"),
        *("desk:meeting_lift", "desk:meeting_decision_back"),
    }
)
"""Addresses the second argument of which belongs to the first: one of each place lead to nothing, whoever asks."""

SHOWN_TO_ALL: Final = frozenset({"public:division/division_id"})
"""Arguments that lead to something of a division which it shows to the world."""


def sees(role: str, argument: str, place: str, address: str = "") -> bool:
    """Tell whether a role sees the object of a place to which an argument leads."""
    if address in PORTAL:
        return place == "here" and role in PORTAL[address][1]
    return f"{address}/{argument}" in SHOWN_TO_ALL or place in SEEN_BY.get(
        f"{address}/{argument}", SEEN_BY.get(argument, WORKS_IN)
    ).get(role, frozenset())
