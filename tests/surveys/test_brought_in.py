"""The questionnaires that come with the program: brought in at the first start, whatever languages the network uses."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from factories.django_rows import AT
from mentornet.common.actors import System
from mentornet.surveys.models import QuestionnaireVersion
from mentornet.surveys.services import install_questionnaires
from mentornet.surveys.shipped import shipped_questionnaires
from mentornet.surveys.validators import check_texts


@pytest.mark.django_db
@override_settings(LANGUAGES=[("da", "Danish"), ("en", "English"), ("uk", "Ukrainian")])
def test_a_network_of_fewer_languages_has_them_whole() -> None:
    by = System("shipped", AT)
    assert install_questionnaires(by=by) == len(list(shipped_questionnaires()))
    # What is in other languages stays: the network may use them later.
    assert {"ar", "fa"} <= set(QuestionnaireVersion.objects.latest("created_at").title)
    assert install_questionnaires(by=by) == 0


@pytest.mark.parametrize("value", [{}, [], {"": "Yes"}, {"klingon": "HIja'"}, {"en": " "}, {"en": 3}])
def test_words_in_no_language_are_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        check_texts(value)
