"""What the pages of the training show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mentornet.learning.queries import Part


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose.

    Attributes:
        is_chosen: what she has just answered.
    """

    place: int
    text: str
    is_right: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as far as she has come with it.

    Attributes:
        is_answered: she has answered it right, now or before: the right answer and the reason are shown.
        is_wrong: what she has just answered is not right; she reads the reason and tries again.
    """

    name: str
    text: str
    options: tuple[Option, ...]
    why: str
    is_answered: bool
    is_wrong: bool


def field_name(place: int) -> str:
    """Return the name under which the answer to a question is sent."""
    return f"question-{place + 1}"


def questions_of(part: Part, chosen: Mapping[int, int], right: Mapping[int, bool]) -> list[Question]:
    """Prepare a part's questions.

    Args:
        part: of her training.
        chosen: what she has just answered, by the question's place.
        right: of what she has just answered, whether it is right.
    """
    return [
        Question(
            name=field_name(place),
            text=one["text"],
            options=tuple(
                Option(at, answer, at == one["right"], chosen.get(place) == at)
                for at, answer in enumerate(one["answers"])
            ),
            why=one["why"],
            is_answered=part.done is not None or part.right[place] or right.get(place, False),
            is_wrong=right.get(place) is False,
        )
        for place, one in enumerate(part.text.questions)
    ]
