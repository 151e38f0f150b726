"""What a chapter's and a module's parts must look like."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_SITUATION: Final = 200
QUESTION_PARTS: Final = {"text": str, "answers": list, "right": int, "why": str}


def check_situations(situations: Any) -> None:
    """Refuse anything but a list of short sentences.

    Raises:
        ValidationError: something else.
    """
    if not isinstance(situations, list) or not all(
        isinstance(one, str) and 0 < len(one) <= LONGEST_SITUATION for one in situations
    ):
        raise ValidationError(
            _("Write each situation in at most %(most)s signs."), params={"most": LONGEST_SITUATION}, code="situations"
        )


def check_questions(questions: Any) -> None:
    """Refuse questions that cannot be asked: each has a text, two answers or more, one right, and says why.

    Raises:
        ValidationError: something else.
    """
    if not isinstance(questions, list) or not all(map(_can_be_asked, questions)):
        raise ValidationError(
            _("Each question needs a text, at least two answers, the number of the right one, and why."),
            code="questions",
        )


def _can_be_asked(question: Any) -> bool:
    if not isinstance(question, dict) or question.keys() != QUESTION_PARTS.keys():
        return False
    if not all(isinstance(question[name], kind) and question[name] != "" for name, kind in QUESTION_PARTS.items()):
        return False
    answers, right = question["answers"], question["right"]
    # True and False are whole numbers to Python, and no answer's place.
    is_place = not isinstance(right, bool) and 0 <= right < len(answers)
    return is_place and len(answers) > 1 and all(isinstance(one, str) and one for one in answers)
