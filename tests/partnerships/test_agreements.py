"""The agreement: the texts that ship, what the two fill in, and which words each has signed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import AT
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Letter
from mentornet.partnerships import services
from mentornet.partnerships.models import Agreement, AgreementSignature, AgreementTemplate, Partnership
from mentornet.partnerships.queries import current_agreement, is_built_on, newest_templates
from mentornet.partnerships.validators import CHOICES, SECTIONS, WRITTEN, check_wording
from mentornet.partnerships.wording import as_plain_text, filled_in, shipped_wordings, text_hash
from mentornet.people.enums import Role
from mentornet.people.recipients import person_key
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.sides import TERMS, acting

LANGUAGES = ("ar", "da", "en", "fa", "uk")
SHIPPING = System("shipped", AT)


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    services.install_agreement_texts(by=SHIPPING)
    return make_couple(coordinator, division, programme, matched_on=coordinator.today - timedelta(days=5))


def fill(pair: Partnership, side: str = "mentee", seen: int = 0, **changed: Any) -> Agreement:
    return services.fill_in(by=acting(pair, side), partnership=pair, terms=TERMS | changed, seen=seen)


def sign(pair: Partnership, agreement: Agreement, side: str, language: str = "da") -> AgreementSignature:
    by = acting(pair, side)
    return services.sign(by=by, agreement=agreement, name=by.name, language=language)


# The texts that ship --------------------------------------------------------------------------------------------------


def test_shipped_texts_are_complete_and_stand_beside_each_other() -> None:
    shipped = {one.language: one for one in shipped_wordings()}
    assert tuple(shipped) == LANGUAGES
    assert {code for code, one in shipped.items() if one.is_draft} == {"fa", "uk"}
    shapes = set()
    for one in shipped.values():
        check_wording(one.wording)
        shapes.add(
            tuple(
                (section["key"], tuple(tuple(re.findall(r"\{(\w+)\}", words)) for words in section["paragraphs"]))
                for section in one.wording["sections"]
            )
        )
    # The same placeholders in the same paragraphs, in every language.
    assert len(shapes) == 1
    used = {name for section in shapes.pop() for names in section[1] for name in names}
    assert used == {*CHOICES, *WRITTEN, "mentee", "mentor"}


def test_text_names_no_network_and_no_contract() -> None:
    for one in shipped_wordings():
        text = as_plain_text(filled_in(one.wording, TERMS, mentee="A", mentor="B"))
        assert "{" not in text
        assert "Mentornet" not in text


@pytest.mark.parametrize("place", ["", "The library"])
@pytest.mark.parametrize("extra", ["", "We drink coffee."])
def test_paragraphs_of_all_languages_stay_beside_each_other(place: str, extra: str) -> None:
    terms = TERMS | {"place": place, "extra": extra}
    texts = [filled_in(one.wording, terms, mentee="A", mentor="B") for one in shipped_wordings()]
    shapes = {tuple((one["key"], len(one["paragraphs"])) for one in text["sections"]) for text in texts}
    assert len(shapes) == 1
    keys = [key for key, _count in shapes.pop()]
    assert ("extra" in keys) is bool(extra)
    assert keys == [key for key in SECTIONS if key in keys]


def test_braces_in_what_somebody_writes_are_left_alone() -> None:
    danish = next(one for one in shipped_wordings() if one.language == "da")
    text = filled_in(danish.wording, TERMS | {"goals": "{mentor} and {unknown}"}, mentee="A", mentor="B")
    assert "{mentor} and {unknown}" in as_plain_text(text)


@pytest.mark.parametrize("spoilt", [{"title": ""}, {"sections": []}, {"months": {"3": "x"}}, {"join": ""}])
def test_incomplete_text_is_refused(spoilt: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        check_wording(shipped_wordings()[0].wording | spoilt)


@pytest.mark.django_db
def test_texts_are_brought_in_once_and_anew_when_they_change() -> None:
    assert services.install_agreement_texts(by=SHIPPING) == len(LANGUAGES)
    assert services.install_agreement_texts(by=SHIPPING) == 0
    AgreementTemplate.objects.filter(language="uk").update(is_draft=False)
    assert services.install_agreement_texts(by=SHIPPING) == len(LANGUAGES)
    assert {one.number for one in newest_templates().values()} == {2}


@pytest.mark.django_db
def test_only_the_program_brings_texts_in(national_lead: Staff) -> None:
    with pytest.raises(NotAllowedError):
        services.install_agreement_texts(by=national_lead)  # type: ignore[arg-type]


# Filling in and signing -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_both_sign_and_once_they_have_met_it_is_active(pair: Partnership) -> None:
    agreement = fill(pair)
    assert set(agreement.texts) == set(LANGUAGES)
    sign(pair, agreement, "mentee", "ar")
    assert not Partnership.objects.filter(agreement_on__isnull=False).exists()
    sign(pair, agreement, "mentor")
    pair.refresh_from_db()
    assert (pair.agreement_on, pair.state) == (AT.date(), "matched")
    assert pair.agreed_until is not None
    assert 180 <= (pair.agreed_until - AT.date()).days <= 185
    services.tell_meeting(by=acting(pair, "mentor"), partnership=pair, on=AT.date())
    pair.refresh_from_db()
    assert pair.state == "active"
    acts = list(Entry.objects.filter(object_id=str(pair.pk)).order_by("pk").values_list("act", flat=True))
    assert acts == [
        "partnerships.open", "partnerships.fill_in_agreement", "partnerships.sign_one", "partnerships.sign_one",
        "partnerships.sign", "partnerships.meet", "partnerships.begin",
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_hash_proves_which_words_were_signed(pair: Partnership) -> None:
    agreement = fill(pair)
    arabic, danish = sign(pair, agreement, "mentee", "ar"), sign(pair, agreement, "mentor")
    kept = Agreement.objects.get(pk=agreement.pk)
    assert arabic.text_hash == text_hash(kept.texts["ar"])
    assert danish.text_hash == text_hash(kept.texts["da"]) != arabic.text_hash
    assert "I want a CV in Danish." in as_plain_text(kept.texts["ar"])
    # The control: one sign changed, and the hash no longer fits.
    kept.texts["da"]["sections"][0]["paragraphs"][0] += "."
    assert danish.text_hash != text_hash(kept.texts["da"])


@pytest.mark.django_db
def test_later_texts_leave_what_was_signed_as_it_was(pair: Partnership) -> None:
    agreement = fill(pair)
    signature = sign(pair, agreement, "mentee")
    AgreementTemplate.objects.filter(language="da").update(wording={"title": "Another"})
    services.install_agreement_texts(by=SHIPPING)
    kept = Agreement.objects.get(pk=agreement.pk)
    assert (kept.template_number, signature.text_hash) == (1, text_hash(kept.texts["da"]))
    assert fill(pair, seen=1, months="12").template_number == 2


@pytest.mark.django_db
def test_a_change_asks_both_to_sign_anew_and_the_earlier_one_holds_until_then(pair: Partnership) -> None:
    first = fill(pair)
    for side in Role:
        sign(pair, first, side)
    pair.refresh_from_db()
    signed_on = pair.agreement_on
    second = fill(pair, "mentor", seen=1, months="12")
    first.refresh_from_db()
    assert first.superseded_at == AT
    assert (second.number, second.side, second.signatures.count()) == (2, "mentor", 0)
    pair.refresh_from_db()
    assert pair.agreement_on == signed_on
    with pytest.raises(ChangedMeanwhileError):
        sign(pair, first, "mentee")
    until = pair.agreed_until
    for side in Role:
        sign(pair, second, side)
    pair.refresh_from_db()
    assert pair.agreed_until is not None
    assert until is not None
    assert pair.agreed_until > until


@pytest.mark.django_db
def test_who_began_from_an_earlier_version_is_told(pair: Partnership) -> None:
    fill(pair)
    with pytest.raises(ChangedMeanwhileError, match="just changed"):
        fill(pair, "mentor", seen=0, months="9")
    # The same words again are no change, whoever sends them.
    assert fill(pair, "mentor", seen=0).number == 1
    assert Agreement.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [({"goals": " "}, "goals"), ({"ways": []}, "ways"), ({"months": "7"}, "months"), ({"extra": "x" * 1_001}, "extra")],
)
def test_terms_that_cannot_be_are_refused(pair: Partnership, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        fill(pair, **changed)
    assert set(refusal.value.message_dict) == {field}
    assert not Agreement.objects.exists()


@pytest.mark.django_db
def test_the_other_is_written_to_and_the_letter_holds_only_the_links_name(pair: Partnership) -> None:
    fill(pair, "mentee")
    letter = Letter.objects.get(event="agreement_ready")
    mentor = pair.mentor.person_id
    assert letter.recipient == person_key(mentor)
    assert letter.values == {"link": f"partnership:{pair.pk}:{mentor}"}


@pytest.mark.django_db
def test_signing_twice_is_once(pair: Partnership) -> None:
    agreement = fill(pair)
    one = sign(pair, agreement, "mentee")
    assert sign(pair, agreement, "mentee", "en").pk == one.pk
    assert AgreementSignature.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "  "])
def test_signing_needs_a_name(pair: Partnership, name: str) -> None:
    agreement = fill(pair)
    with pytest.raises(ValidationError):
        services.sign(by=acting(pair, "mentee"), agreement=agreement, name=name, language="da")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["AY", "Amina", "Yusuf", "Karen Lund", "أمينة يوسف"])
def test_another_name_than_hers_signs_nothing(pair: Partnership, name: str) -> None:
    agreement = fill(pair)
    with pytest.raises(ValidationError, match="We know you by another name: Amina Yusuf"):
        services.sign(by=acting(pair, "mentee"), agreement=agreement, name=name, language="da")
    assert not AgreementSignature.objects.exists()


@pytest.mark.django_db
def test_her_name_is_kept_as_she_wrote_it(pair: Partnership) -> None:
    agreement = fill(pair)
    services.sign(by=acting(pair, "mentee"), agreement=agreement, name="yusuf  amína", language="da")
    assert AgreementSignature.objects.get().name == "yusuf amína"


@pytest.mark.django_db
def test_paper_is_noted_by_staff_and_counts(pair: Partnership, coordinator: Staff) -> None:
    agreement = fill(pair)
    sign(pair, agreement, "mentor")
    noted = services.note_paper_signature(
        by=coordinator, agreement=agreement, side="mentee", on=coordinator.today, name="Amina Yusuf", language="ar"
    )
    assert (noted.how, noted.noted_by) == ("paper", coordinator.key)
    pair.refresh_from_db()
    assert pair.agreement_on == coordinator.today


@pytest.mark.django_db
def test_nobody_else_fills_in_or_signs(
    pair: Partnership, coordinator: Staff, other_coordinator: Staff, division: Division, programme: Programme
) -> None:
    agreement = fill(pair)
    strangers = make_couple(coordinator, division, programme, names=("Zahra", "Else"))
    for by in (acting(strangers, "mentee"), acting(strangers, "mentor"), coordinator):
        with pytest.raises(NotAllowedError):
            services.fill_in(by=by, partnership=pair, terms=TERMS | {"months": "9"}, seen=1)  # type: ignore[arg-type]
        with pytest.raises(NotAllowedError):
            services.sign(by=by, agreement=agreement, name="X", language="da")  # type: ignore[arg-type]
    for by in (acting(pair, "mentee"), other_coordinator):
        with pytest.raises(NotAllowedError):
            services.note_paper_signature(by=by, agreement=agreement, side="mentor", on=AT.date(), name="X")
    assert not AgreementSignature.objects.exists()


@pytest.mark.django_db
def test_nothing_is_signed_once_it_has_ended(pair: Partnership, coordinator: Staff) -> None:
    agreement = fill(pair)
    services.close_partnership(by=coordinator, partnership=pair, on=coordinator.today, reason="agreed")
    with pytest.raises(NotAllowedError, match="ended"):
        sign(pair, agreement, "mentee")


@pytest.mark.django_db
def test_a_partnership_with_an_agreement_is_not_taken_back(pair: Partnership, coordinator: Staff) -> None:
    assert not is_built_on(pair)
    fill(pair)
    assert is_built_on(pair)
    with pytest.raises(NotAllowedError):
        services.take_opening_back(by=coordinator, partnership=pair)
    assert current_agreement(pair) is not None
