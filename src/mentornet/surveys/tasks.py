"""What comes round by itself, and what is asked for by name."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.common.jobs import every, register_job
from mentornet.divisions.queries import staff_member
from mentornet.surveys.by_hand import BY_HAND
from mentornet.surveys.models import Questionnaire
from mentornet.surveys.services import ask_both_sides, ask_by_hand

A_DAY: Final = 24 * 60

every(name="ask both sides", minutes=A_DAY, slow=True)(ask_both_sides)


@register_job(BY_HAND)
def ask_them(*, questionnaire_id: str, user_id: str, on: str) -> int:
    """Ask the pairs of somebody's divisions, as she may at this moment. Done again, it asks nobody twice."""
    by = staff_member(User.objects.get(pk=user_id), timezone.now())
    questionnaire = Questionnaire.objects.get(pk=questionnaire_id)
    return ask_by_hand(by=by, questionnaire=questionnaire, on=date.fromisoformat(on))
