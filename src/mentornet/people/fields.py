"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, about, declare, personal, technical

_INTRODUCES = "introduces her to the other side of a proposal"
_MATCHES = "finds a partner who fits"

declare(
    "people.Person",
    {
        **technical("id", "created_at", "is_protected"),
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
    subject=about("pk"),
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
            *("practise_danish", "needs_experience", "min_danish", "pairs_before", "answers"),
        ),
        **personal(Level.CASEWORK, "shows how sure a fact is", "provenance"),
    },
    subject=about("person"),
)
declare(
    "people.LanguageSkill",
    {
        **technical("id", "person"),
        **personal(Level.INTRODUCTION, _INTRODUCES, "code", "level", "position", erasure=Erasure.DELETE),
    },
    subject=about("person"),
)
declare(
    "people.Avoidance",
    personal(
        Level.RESTRICTED,
        "keeps two apart who must not meet",
        *("id", "person", "other", "reason", "created_at", "created_by"),
        erasure=Erasure.DELETE,
    ),
    subject=about("person", "other"),
)
_REACHES_SEALED = "reaches somebody who may not be found; two people together look at it"
declare(
    "people.ProtectedIdentity",
    {
        **technical("id", "created_at", "person"),
        **personal(
            Level.RESTRICTED,
            _REACHES_SEALED,
            *("first_name", "last_name", "email", "phone", "safe_contact", "area", "postcode", "words", "texts"),
            *("hid_network", "reason", "reach_written_at"),
            erasure=Erasure.DELETE,
        ),
        **personal(
            Level.RESTRICTED,
            "shows who answers for it",
            "protected_by",
            retention=Retention.LOG,
            erasure=Erasure.DELETE,
        ),
    },
    subject=about("person"),
)
declare(
    "people.Reveal",
    {
        **technical("id", "created_at", "person", "division", "kind"),
        **personal(Level.CASEWORK, "shows why she was revealed", "reason", retention=Retention.LOG),
        **personal(
            Level.CASEWORK,
            "shows who has seen who she is, and who allowed it",
            *("asked_by", "asker_name", "answered_at", "answered_by", "answerer_name", "is_approved", "expires_at"),
            "used_at",
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about("person"),
)
declare(
    "people.Restriction",
    {
        **technical("id", "created_at", "person", "lifts_on", "lifted_at"),
        **personal(Level.CASEWORK, "shows why her data rest", "reason", retention=Retention.LOG),
        **personal(
            Level.CASEWORK,
            "shows who answers for it",
            *("restricted_by", "lifted_by"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=about("person"),
)
declare(
    "people.Objection",
    {
        **technical("id", "created_at", "person"),
        **personal(
            Level.CASEWORK, "keeps what she objects to from being done", "purpose", "ended_at", erasure=Erasure.DELETE
        ),
        **personal(Level.CASEWORK, "shows who noted it", "noted_by", erasure=Erasure.DELETE),
    },
    subject=about("person"),
)
declare(
    "people.WrittenReach",
    {
        **technical("id", "created_at", "person"),
        **personal(
            Level.RESTRICTED,
            "tells her, where she was reached before, that this has changed",
            *("email", "phone"),
            retention=Retention.CONTACT,
            erasure=Erasure.DELETE,
        ),
        **personal(Level.CASEWORK, "shows who wrote it", "written_by", retention=Retention.LOG, erasure=Erasure.DELETE),
    },
    subject=about("person"),
)
