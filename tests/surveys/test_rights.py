"""Her copy holds what she answered, and nothing of the other one; erased, her answers are gone and the counts stay."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_django import Settings

from factories.django_rows import AT, TODAY
from mentornet.divisions.staff import Staff
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.privacy.enums import Reason
from mentornet.privacy.services import erase
from mentornet.privacy.services.copying import make_copy
from mentornet.surveys.models import AnonymousAnswer, Ask, Questionnaire
from mentornet.surveys.services import answer, ask_by_hand
from partnerships.sides import acting, person_of
from surveys.conftest import MakePair

pytestmark = pytest.mark.django_db(transaction=True)
WORDS: Final = {"key": "words", "kind": "text", "texts": {"en": "What could we do better?"}}


@pytest.fixture
def answered(make_pair: MakePair, national_lead: Staff) -> Partnership:
    """A pair whose two have written something, with a name and without one."""
    pair = make_pair(TODAY - timedelta(days=60))
    for key, is_anonymous in (("named", False), ("nameless", True)):
        asked = Questionnaire.objects.create(key=key, aim="free", is_anonymous=is_anonymous, created_at=AT)
        asked.versions.create(
            number=1, title={"en": key}, questions=[WORDS], created_by="system:tests", reason="x", created_at=AT
        )
        ask_by_hand(by=national_lead, questionnaire=asked)
        for side in Role:
            ask = Ask.objects.select_related("partnership").get(questionnaire=asked, side=side)
            answer(by=acting(pair, side), ask=ask, question="words", given=[f"kanarie{key}{side}"])
    return pair


def copied(pair: Partnership, side: str) -> str:
    archive = make_copy(by=acting(pair, side), person=person_of(pair, side), language="en")
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        data: Any = json.loads(files.read("data.json"))
    return json.dumps(data)


def test_copy_holds_what_she_answered_and_nothing_of_the_other(answered: Partnership) -> None:
    told = copied(answered, "mentee")
    assert "kanarienamedmentee" in told
    for other in ("kanarienamedmentor", "kanarienamelessmentee", "kanarienamelessmentor"):
        assert other not in told


def test_erased_her_words_are_gone_and_that_she_was_asked_is_counted(
    answered: Partnership, national_lead: Staff, tmp_path: Path, settings: Settings
) -> None:
    settings.DATA_FOLDER = tmp_path
    before = set(Ask.objects.filter(side="mentee").values_list("pk", flat=True))
    erase(by=national_lead, person=person_of(answered, "mentee"), reason=Reason.values[0])
    hers = Ask.objects.filter(side="mentee")
    assert [ask.answers for ask in hers] == [None, None]
    assert before.isdisjoint(ask.pk for ask in hers)
    assert hers.filter(answered_at__isnull=False).count() == 2
    # The other one's stand, and what leads to nobody leads to nobody still.
    assert Ask.objects.get(side="mentor", questionnaire__key="named").answers == {"words": "kanarienamedmentor"}
    assert AnonymousAnswer.objects.count() == 2
