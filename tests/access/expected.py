"""Who may open which address, and see which object: written down here a second time, apart from the program.

An address of the desk that stands in no table below is expected to be for casework, so a new screen is covered without
a word here. Whatever is opened to more people than that has to be written into the table, by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Addresses that are not for casework --------------------------------------------------------------------------------

POLICIES: Final[Mapping[str, str]] = {
    "front": "everyone",
    "set_language": "everyone",
    "styleguide": "staff",
    "desk:today": "staff",
    "desk:setup": "staff",
    "desk:staff": "staff",
    "desk:role_end": "staff",
    "desk:programme_new": "lead",
    "desk:division_new": "administration",
    "desk:division": "administration",
    "desk:organisation": "administration",
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
    "demo:sign_in": "demo",
    "demo:enter": "demo",
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
REACHES: Final[Mapping[str, frozenset[str]]] = {
    "anonymous": frozenset({"everyone"}),
    "coordinator here": _CASEWORK,
    "coordinator elsewhere": _CASEWORK,
    "division lead here": _CASEWORK | {"lead"},
    "national lead": _CASEWORK | {"lead", "administration"},
    "administrator": frozenset({"everyone", "signed in", "staff", "administration"}),
    "no role": _NOBODY,
    "before second factor": _CASEWORK,
    "disabled": frozenset({"everyone"}),
    "role ended yesterday": _NOBODY,
    "role ends today": _NOBODY,
    "role begins tomorrow": _NOBODY,
}
SIGNED_OUT: Final = frozenset({"anonymous", "disabled"})

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
    "division_id": {"national lead": EVERYWHERE, "administrator": EVERYWHERE},
}

TOLD_KINDLY: Final = frozenset({"desk:person_let_meet/avoidance_id", "desk:proposal_answer_back/answer_id"})
"""Arguments to which a missing object is said to be gone already, on the way back: a second press does no harm.

Another division's must be answered in the same words.
"""

SHOWN_TO_ALL: Final = frozenset({"public:division/division_id"})
"""Arguments that lead to something of a division which it shows to the world."""


def sees(role: str, argument: str, place: str, address: str = "") -> bool:
    """Tell whether a role sees the object of a place to which an argument leads."""
    return f"{address}/{argument}" in SHOWN_TO_ALL or place in SEEN_BY.get(argument, WORKS_IN).get(role, frozenset())
