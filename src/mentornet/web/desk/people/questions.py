"""The questions of an interview, by role: what is asked, which facts of the profile an answer writes, who reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from mentornet.intake.models import Interview
from mentornet.people.enums import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Question:
    """What the interviewer asks, and where the answer is kept.

    Attributes:
        key: under which a text answer is kept with the interview; empty where it is facts of the profile alone.
        words: the question, as one may say it.
        is_restricted: for coordinators only; it becomes a part of those notes.
    """

    key: str
    words: _StrOrPromise
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the talk.

    Attributes:
        anchor: its id on the page.
        hint: to the interviewer, how to ask.
        questions: answered with a text of their own.
        facts: columns of the profile that are asked about here; ``languages`` among them.
    """

    anchor: str
    title: _StrOrPromise
    hint: _StrOrPromise
    questions: tuple[Question, ...] = ()
    facts: tuple[str, ...] = ()


_GOALS: Final = Part(
    "goals",
    _("What she wants"),
    _("Let her tell first, then put the goals in order with her: the first one counts most."),
    (Question("hopes", _("What is to be different for you in half a year?")),),
    ("topics",),
)
_SPEAKS: Final = Part(
    "languages",
    _("Languages"),
    _("Talk Danish for a while if she likes to, and write down what you hear, not what she believes."),
    (Question("danish", _("How did the talk go in Danish, and when did she change the language?")),),
    ("languages", "practise_danish"),
)
_WORK: Final = Part(
    "work",
    _("Work and education"),
    _("What she has done counts also where no paper is left of it."),
    (Question("experience", _("What have you worked with, here and before you came?")),),
    ("occupation_title", "occupation", "sector", "education"),
)
_PARTNER: Final = Part(
    "partner",
    _("A good mentor for her"),
    _("Ask for a person who has helped her once, and what she did."),
    (Question("good_mentor", _("What is a good mentor for you?")),),
    ("needs_experience", "interests"),
)
_PRACTICAL: Final = Part(
    "practical",
    _("Practical"),
    _("Children, shifts, buses, and a place where she can talk freely."),
    (Question("practical", _("What must we think of, so that you can meet?")),),
    ("availability", "meeting", "hours_per_month", "months"),
)
_WISHES: Final = Part(
    "wishes",
    _("Wishes, and what must be"),
    _("A must-have takes mentors away from her: only what she cannot do without. All else is a wish."),
    (),
    ("requires", "wishes"),
)
_ABOUT: Final = Part(
    "about",
    _("What the other side reads about her"),
    _("Write it with her, and read it out to her. She is asked to confirm it afterwards."),
    (),
    ("about",),
)
_MOTIVE: Final = Part(
    "motive",
    _("Why she wants to be a mentor"),
    _("Let her tell of somebody whom she has helped, or who has helped her."),
    (
        Question("motivation", _("What makes you want to do this?")),
        Question("expectations", _("What do you expect of it, for her and for yourself?")),
    ),
)
_DOORS: Final = Part(
    "doors",
    _("What she can open"),
    _("Workplaces, people, associations: a name is worth more than a field."),
    (Question("doors", _("Which doors can you open for somebody?")),),
    ("topics", "interests"),
)
_MENTOR_WORK: Final = Part(
    "work",
    _("Experience"),
    _("Her work, and what she has done for others before."),
    (Question("experience_helping", _("What have you learned that somebody else could use?")),),
    ("occupation_title", "occupation", "sector", "education", "pairs_before"),
)
_MENTOR_SPEAKS: Final = Part(
    "languages", _("Languages"), _("Also those that she speaks only a little."), (), ("languages", "min_danish")
)
_CAPACITY: Final = Part(
    "practical",
    _("Time and capacity"),
    _("Honest beats generous: two hours every other week are enough."),
    (Question("capacity", _("When is there little time in your year, and how many can you be there for?")),),
    ("availability", "meeting", "hours_per_month", "months"),
)
_BOUNDARIES: Final = Part(
    "boundaries",
    _("Boundaries"),
    _("Money, housing, the authorities, her own home: where she stops, and whom she calls then."),
    (Question("boundaries", _("What do you not do, and what would you do when somebody asks you for it?")),),
    ("requires", "wishes"),
)
PARTS: Final[Mapping[str, Sequence[Part]]] = {
    Role.MENTEE: (_GOALS, _SPEAKS, _WORK, _PARTNER, _PRACTICAL, _WISHES, _ABOUT),
    Role.MENTOR: (_MOTIVE, _DOORS, _MENTOR_WORK, _MENTOR_SPEAKS, _CAPACITY, _BOUNDARIES, _ABOUT),
}
"""The talk with a mentee and with a mentor, in order."""
RESTRICTED: Final[Mapping[str, Sequence[Question]]] = {
    Role.MENTEE: (
        Question("not_asked", _("What she must not be asked about"), is_restricted=True),
        Question("careful", _("What must be taken care of, and whom to call"), is_restricted=True),
    ),
    Role.MENTOR: (
        Question("impression", _("Your impression, and what you are unsure of"), is_restricted=True),
        Question("not_with", _("With whom, or with what, she should not be matched"), is_restricted=True),
    ),
}
"""What is for coordinators only; it is kept as one text with these headings."""
_BY_KEY: Final = {question.key: question for parts in PARTS.values() for part in parts for question in part.questions}


def answered(interview: Interview) -> list[tuple[str, str]]:
    """Return the questions of an interview that were answered, each with its answer, in order."""
    return [(str(question.words), text) for key, question in _BY_KEY.items() if (text := interview.answers.get(key))]
