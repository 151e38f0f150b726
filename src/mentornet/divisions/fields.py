"""What is declared of each column of this app (:mod:`mentornet.common.fields`)."""

from __future__ import annotations

from mentornet.common.fields import Erasure, Level, Retention, declare, hanging_on, nobody, personal, setup, technical

declare(
    "divisions.Division",
    setup("id", "created_at", "name", "area", "opened_on", "closed_on", "email", "phone", "address"),
)
declare(
    "divisions.MeetingPlace",
    setup("id", "created_at", "division", "name", "address", "note", "is_active"),
)
declare(
    "divisions.Organisation",
    setup("id", "created_at", "name", "legal_name", "address", "email", "phone", "data_protection_email", "is_only"),
)
declare(
    "divisions.StaffRole",
    {
        **technical("id", "created_at"),
        **personal(
            Level.CASEWORK,
            "decides who may do what, and shows who might have",
            *("user", "role", "division", "since", "until", "given_by"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=nobody("staff: whoever works here answers for what she does"),
)
declare(
    "divisions.Absence",
    {
        **technical("id", "created_at"),
        **personal(
            Level.CASEWORK,
            "says who stands in for somebody of the staff who is away",
            *("user", "stand_in", "from_on", "until_on", "note", "set_by", "ended_at", "ended_by"),
            retention=Retention.LOG,
            erasure=Erasure.KEEP,
        ),
    },
    subject=nobody("staff: whoever works here answers for what she does"),
)
declare(
    "divisions.HiddenPerson",
    {
        **technical("id", "created_at"),
        **personal(
            Level.CASEWORK,
            "keeps her out of the sight of one of the staff, and shows who has said so",
            *("user", "person_id", "reason", "set_by", "set_by_name"),
            *("lifted_at", "lifted_by", "lifted_by_name", "lift_reason"),
            erasure=Erasure.DELETE,
        ),
    },
    subject=hanging_on("person_id"),
)
