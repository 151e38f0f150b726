"""What may go wrong for the people whose data these are, and what the product does against it.

Each measure names the tests that hold it; a test asks whether they are there. What is still open is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Grade(IntEnum):
    """How likely, or how bad."""

    LOW = 1
    MIDDLE = 2
    HIGH = 3


GRADES: Final[dict[Grade, _StrOrPromise]] = {
    Grade.LOW: pgettext_lazy("risk", "low"),
    Grade.MIDDLE: pgettext_lazy("risk", "middle"),
    Grade.HIGH: pgettext_lazy("risk", "high"),
}


@dataclass(frozen=True, slots=True)
class Risk:
    """How likely it is, and how bad it would be."""

    likelihood: Grade
    severity: Grade


@dataclass(frozen=True, slots=True)
class Harm:
    """One way in which somebody can be harmed.

    Attributes:
        before, after: without the measures, and with them.
        left: what the product does not prevent.
        tests: the test modules, or folders, that hold the measures.
    """

    number: int
    name: _StrOrPromise
    words: _StrOrPromise
    before: Risk
    after: Risk
    measures: _StrOrPromise
    left: _StrOrPromise
    tests: tuple[str, ...]


_LOW, _MIDDLE, _HIGH = Grade.LOW, Grade.MIDDLE, Grade.HIGH

HARMS: Final = (
    Harm(
        1,
        _("Somebody dangerous finds her"),
        _("A former partner, or her family, finds out where a woman lives, works or meets us."),
        Risk(_MIDDLE, _HIGH),
        Risk(_LOW, _HIGH),
        _(
            "No address is kept, only an area. A protected person has another name everywhere; who she is lies "
            "apart, and is shown for fifteen minutes when a second person has said yes."
        ),
        _("Who knows her from before may recognise her story, or see her at our door."),
        ("tests/protection",),
    ),
    Harm(
        2,
        _("A mentor means harm"),
        _("Somebody becomes a mentor to come close to women who depend on help."),
        Risk(_MIDDLE, _HIGH),
        Risk(_LOW, _HIGH),
        _(
            "Nobody becomes a mentor without an interview and what vouches for her. She cannot search for mentees. "
            "What is told of each grows with each yes. A quiet word goes to somebody outside the pair."
        ),
        _("Two who meet are alone with each other. What nobody tells us we do not know."),
        ("tests/matching/test_answers_by_herself.py", "tests/followup"),
    ),
    Harm(
        3,
        _("A coordinator’s laptop is stolen"),
        _("Whoever has it reads on, or takes lists of people out."),
        Risk(_MIDDLE, _HIGH),
        Risk(_LOW, _MIDDLE),
        _(
            "A list leaves the program only after the second factor, and is noted. Nothing stays in the browser’s "
            "memory. All sessions end with one click."
        ),
        _("Lists that were taken out before lie on the laptop."),
        ("tests/desk/test_exports_guards.py", "tests/desk/test_own_sessions.py"),
    ),
    Harm(
        4,
        _("Somebody is recognised in figures"),
        _("Whoever gives money counts back from small numbers to one woman."),
        Risk(_MIDDLE, _MIDDLE),
        Risk(_LOW, _MIDDLE),
        _(
            "There are no reports for givers of money yet, and no account for them. The public page shows whole "
            "networks."
        ),
        _("Figures that somebody counts by hand from a list are not looked at by the program."),
        ("tests/public",),
    ),
    Harm(
        5,
        _("Somebody who works here is curious, or is from her own circle"),
        _("A coordinator reads of people who are not her case, or tells her family of them."),
        Risk(_MIDDLE, _HIGH),
        Risk(_LOW, _HIGH),
        _(
            "Each sees the people of her own divisions alone. Whoever must not see somebody finds her nowhere. "
            "Looking at what is in confidence is noted, and she reads on her own page who has looked."
        ),
        _("Within her division a coordinator can read any case; afterwards it shows."),
        ("tests/access/test_isolation.py", "tests/access/test_matrix.py"),
    ),
    Harm(
        6,
        _("Somebody at home reads her telephone"),
        _("A relative who controls her reads letters and messages, and learns that she has sought help."),
        Risk(_HIGH, _HIGH),
        Risk(_LOW, _HIGH),
        _(
            "She says how and when she can be reached. Letters name neither the network nor what they are about, if "
            "she wants it so. Her pages can be left at once."
        ),
        _("The browser’s own history stays, and whoever sits beside her sees what she sees."),
        ("tests/messaging", "tests/portal"),
    ),
    Harm(
        7,
        _("A letter goes to the wrong one"),
        _("What was meant for one woman is read by another."),
        Risk(_MIDDLE, _HIGH),
        Risk(_LOW, _MIDDLE),
        _("A letter is written from her case, to her alone. Nothing is attached. It can be taken back for a minute."),
        _("An address that was taken down wrongly is somebody else’s."),
        ("tests/desk/test_letters_by_hand.py", "tests/messaging"),
    ),
    Harm(
        8,
        _("A story or a picture shows who she is"),
        _("Something she once said yes to is found years later."),
        Risk(_MIDDLE, _MIDDLE),
        Risk(_LOW, _MIDDLE),
        _(
            "The program publishes no stories and no pictures yet. What she agrees to is kept thing by thing, with "
            "its day."
        ),
        _("What was published outside the program is not taken back by it."),
        ("tests/desk/test_consents_at_the_desk.py",),
    ),
    Harm(
        9,
        _("Somebody demands a list"),
        _("A state, an embassy, an employer or the press wants to know who is here."),
        Risk(_MIDDLE, _HIGH),
        Risk(_LOW, _HIGH),
        _(
            "No civil number is kept, no religion, no health, no ground of residence. What was told outside, and "
            "what was asked for and refused, is noted."
        ),
        _("What a court orders must be handed out."),
        ("tests/privacy", "tests/desk/test_fields_not_asked_for.py"),
    ),
    Harm(
        10,
        _("Old data come up again"),
        _("What should be gone is found in an old list, a letter or a backup."),
        Risk(_HIGH, _MIDDLE),
        Risk(_LOW, _MIDDLE),
        _(
            "Each class of data has its time, and goes by itself. What was erased is erased again when an older "
            "backup is restored."
        ),
        _("A backup that nobody restores holds what it held, until it is deleted after its nights."),
        ("tests/privacy/test_retention.py", "tests/privacy/test_erasure_leaves_nothing.py", "tests/backups"),
    ),
    Harm(
        11,
        _("A stolen sign-in gathers people"),
        _("Somebody gets a coordinator’s password and opens one page after the other."),
        Risk(_HIGH, _HIGH),
        Risk(_LOW, _MIDDLE),
        _(
            "Nobody at the desk comes in without a second factor. Tries are counted. Whoever opens unusually many "
            "people is asked for it again, then paused, and somebody is told."
        ),
        _("Somebody patient, with both factors, reads as much as the coordinator could."),
        ("tests/access/test_sign_in.py", "tests/access/test_passwords.py"),
    ),
    Harm(
        12,
        _("A concern is lost or waits"),
        _("Somebody tells of something wrong, and nobody sees to it."),
        Risk(_MIDDLE, _HIGH),
        Risk(_LOW, _HIGH),
        _(
            "It is on the disk before she reads thank you. It stands on Today until somebody has taken it, and a "
            "second one closes it."
        ),
        _("In the night and at weekends nobody reads it. Her page tells her whom to call."),
        ("tests/followup", "tests/reliability", "tests/desk/test_concerns.py"),
    ),
)
