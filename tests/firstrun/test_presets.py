"""Programmes to begin with: whole in every language, usable as they are, and begun once by whoever sets things up."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError

from conftest import MakeStaff
from factories.django_rows import make_programme
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.matching.policy import policy_of
from mentornet.programmes.models import SETTINGS, Programme
from mentornet.programmes.presets import JOB_AND_LANGUAGE, PRESETS, Preset
from mentornet.programmes.queries import current_version
from mentornet.programmes.services import start_from_preset
from pairing.policy import DEFAULT_NEUTRAL, DEFAULT_WEIGHTS

ALL: Final = [pytest.param(preset, id=preset.slug) for preset in PRESETS.values()]
LETTERS: Final = {"da": "æøå", "ar": "ة", "fa": "پچگ", "uk": "їіє"}
"""Some that stand in each language's texts, and not in another one's."""


def begin(by: Staff, preset: Preset, name: str = "Broen") -> Programme:
    return start_from_preset(by=by, preset=preset, name=name, author_name=by.name)


@pytest.mark.parametrize("preset", ALL)
def test_texts_are_there_in_every_language(preset: Preset) -> None:
    texts = preset.settings["eligibility"]
    assert set(texts) == {code for code, _name in django_settings.LANGUAGES if code != "xb"}
    assert set(preset.names) == {"da", "en"}
    for code, text in texts.items():
        # Both sides: who can get a mentor, and who can become one.
        assert len(text.split("\n\n")) == 2
        assert all(120 < len(part) < 420 for part in text.split("\n\n"))
        assert all(part.rstrip()[-1] in ".!" for part in text.split("\n\n"))
        for other, letters in LETTERS.items():
            assert any(one in text for one in letters) is (other == code)
        assert "  " not in text


@pytest.mark.django_db
@pytest.mark.parametrize("preset", ALL)
def test_preset_is_a_policy_as_it_is(preset: Preset, administrator: Staff, division: Division) -> None:
    programme = begin(administrator, preset)
    version = current_version(programme.pk)
    assert (version.number, programme.division) == (1, None)
    assert {name: getattr(version, name) for name in SETTINGS if name in preset.settings} == dict(preset.settings)
    assert sum(preset.settings["weights"].values()) == 100
    assert policy_of(version).floor == int(preset.settings["floor"] * 10_000)
    assert str(preset.title) in version.reason
    assert Entry.objects.get(act="programmes.change").object_id == str(programme.pk)


def test_first_one_is_what_the_definitions_name() -> None:
    weights = {name: share / 100 for name, share in JOB_AND_LANGUAGE.settings["weights"].items()}
    assert weights == {str(criterion): weight for criterion, weight in DEFAULT_WEIGHTS.items()}
    assert JOB_AND_LANGUAGE.settings["neutral"] == {str(one): value for one, value in DEFAULT_NEUTRAL.items()}
    assert JOB_AND_LANGUAGE.settings["floor"] == Decimal("0.35")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DIVISION_LEAD])
def test_others_begin_none(role: Role, make_staff: MakeStaff, division: Division) -> None:
    with pytest.raises(NotAllowedError):
        begin(make_staff(role, division), JOB_AND_LANGUAGE)
    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_second_one_is_the_national_lead_s_in_the_set_up(administrator: Staff, national_lead: Staff) -> None:
    make_programme("Job og sprog")
    for by in (administrator, national_lead):
        with pytest.raises(NotAllowedError, match="There is a programme already"):
            begin(by, JOB_AND_LANGUAGE)


@pytest.mark.django_db
def test_name_is_needed(administrator: Staff) -> None:
    with pytest.raises(ValidationError):
        begin(administrator, JOB_AND_LANGUAGE, name="")
    assert not Programme.objects.exists()
