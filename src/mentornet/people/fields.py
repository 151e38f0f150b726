"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, personal, technical

_INTRODUCES = "introduces her to the other side of a proposal"
_MATCHES = "finds a partner who fits"

declare(
    "people.Person",
    {
        **technical("id", "created_at"),
        **personal(Level.INTRODUCTION, _INTRODUCES, "first_name", "area"),
        **personal(Level.PARTNER, "partners know each other's names", "last_name"),
        **personal(
            Level.CASEWORK,
            "reaches her",
            *("email", "phone", "safe_contact", "language"),
            *("contact_way", "contact_from", "contact_until", "hides_network"),
            retention=Retention.CONTACT,
        ),
        **personal(Level.CASEWORK, "lets her sign in at her own pages", "user", retention=Retention.CONTACT),
        **personal(Level.CASEWORK, "tells two of the same name apart", "birth_year"),
        **personal(Level.CASEWORK, "finds a partner near her", "postcode"),
        # Holds the last name, so it is as guarded as whoever may search: the coordinators.
        **personal(Level.CASEWORK, "finds her by name", "search_text", "sort_key"),
    },
)
declare(
    "people.Profile",
    {
        **technical("id", "created_at", "person", "role", "changed_at", "stamp"),
        **personal(Level.INTRODUCTION, _INTRODUCES, "about", "occupation", "occupation_title", "topics", "interests"),
        **personal(
            Level.CASEWORK,
            _MATCHES,
            *("sector", "education", "availability", "meeting", "hours_per_month", "months", "requires", "wishes"),
            *("practise_danish", "needs_experience", "min_danish", "pairs_before"),
        ),
        **personal(Level.CASEWORK, "shows how sure a fact is", "provenance"),
    },
)
declare(
    "people.LanguageSkill",
    {
        **technical("id", "person"),
        **personal(Level.INTRODUCTION, _INTRODUCES, "code", "level", "position", erasure=Erasure.DELETE),
    },
)
declare(
    "people.Avoidance",
    personal(
        Level.RESTRICTED,
        "keeps two apart who must not meet",
        *("id", "person", "other", "reason", "created_at", "created_by"),
        erasure=Erasure.DELETE,
    ),
)
