"""What nobody is matched by, in many phrasings and in the product's languages; and what is none of it."""

from __future__ import annotations

import pytest

from reference.barred import GROUNDS, barred_ground

BARRED = {
    "ethnicity": (
        *(
            "Ethnicity",
            "ethnic background",
            "Race",
            "Country of origin",
            "Nationality",
            "From Syria",
            "Kurdish",
            "SKIN COLOUR",
        ),
        *(
            "Non-Western",
            "Tribe",
            "Born abroad",
            "white",
            "Immigrant background",
            "E-t-h-n-i-c",
            "ethn1city",
            "Afghanistan",
        ),
        *(
            "Etnicitet",
            "etnisk baggrund",
            "Herkomst",
            "Oprindelsesland",
            "Fra Syrien",
            "Hudfarve",
            "indvandrerbaggrund",
            "Hjemland",
        ),
        *("Етнічна належність", "національність", "колір шкіри", "з Сирії", "сирійка"),
        *("العرق", "أصلها", "القومية", "الجنسية", "من العراق", "لون البشرة", "قبيلة"),
        *("قومیت", "نژاد", "ملیت", "رنگ پوست", "زادگاه"),
    ),
    "religion": (
        *(
            "Religion",
            "religious belief",
            "Faith",
            "Muslim",
            "Goes to church",
            "wears a headscarf",
            "r e l i g i o n",
            "Rel1gion",
        ),
        *(
            "relіgion",
            "Religiøsitet",
            "Tro",
            "Trosretning",
            "Kristen",
            "Går i moské",
            "bærer tørklæde",
            "kirkegænger",
            "Islam",
        ),
        *("релігія", "Віра", "віросповідання", "ходить до церкви", "мусульманка"),
        *("الدين", "الديانة", "مسلمة", "ترتدي الحجاب", "تذهب إلى الكنيسة", "المذهب"),
        *("دین", "مذهب", "مسلمان", "حجاب دارد", "نماز می‌خواند"),
    ),
    "health": (
        *(
            "Health",
            "Illness",
            "Has a diagnosis",
            "Disability",
            "Pregnant",
            "mental state",
            "PTSD",
            "wheelchair user",
            "h e a l t h",
        ),
        *(
            "Helbred",
            "Sygdom",
            "Kronisk syg",
            "Handicap",
            "Gravid",
            "Psykisk sårbar",
            "sundhedstilstand",
            "Diagnose",
            "Misbrug",
        ),
        *("Здоров’я", "хвороба", "інвалідність", "вагітна", "діагноз"),
        *("الصحة", "مرض مزمن", "إعاقة", "الحالة النفسية", "حامل مرض", "مريضة"),
        *("سلامتی", "بیماری", "معلولیت", "باردار", "افسردگی"),
    ),
    "residence": (
        *(
            "Ground of residence",
            "Refugee",
            "Residence permit",
            "Asylum",
            "Visa type",
            "Family reunification",
            "Citizenship",
        ),
        *(
            "Opholdsgrundlag",
            "Flygtningestatus",
            "asylansøger",
            "Familiesammenført",
            "Statsborgerskab",
            "Permanent ophold",
            "Visum",
        ),
        *("біженка", "дозвіл на проживання", "громадянство", "тимчасовий захист", "підстава перебування"),
        *("لاجئة", "الإقامة", "تأشيرة", "لم الشمل", "اللجوء"),
        *("پناهنده", "اقامت", "ویزا", "الحاق خانواده"),
    ),
}
HARMLESS = (
    *("Has children at home", "Works shifts", "Driving licence"),
    *("How many hours she can travel", "Likes to walk", "Has led others"),
    *("Knows the public sector", "Digital skills", "Speaks in public"),
    *("Looks after animals", "Trace", "Embrace", "Graceful"),
    *("Har børn", "Arbejder om natten", "Kørekort"),
    *("Trofast", "Betroet med nøgler", "Rejser gerne", "Bor i Christianshavn"),
    *("Sygeplejerskens vagtplan", "Erfaring som leder", "Passer dyr", "Iværksætter", "Forretningssans", "Strikker"),
    *("Довіра", "Кількість дітей", "Працює вночі", "Водійські права"),
    *("مدينة", "عدد الأطفال", "رخصة القيادة", "صحيح", "تعمل في المساء"),
    *("گواهینامه رانندگی", "تعداد فرزندان", "شب‌ها کار می‌کند"),
)  # fmt: skip


@pytest.mark.parametrize(("ground", "text"), [(ground, text) for ground in GROUNDS for text in BARRED[ground]])
def test_what_nobody_is_matched_by_is_recognised(ground: str, text: str) -> None:
    # Where she comes from, and on what ground she may stay, are often one word.
    alike = {"ethnicity", "residence"}
    assert barred_ground(text) in (alike if ground in alike else {ground})


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_names_are_let_through(text: str) -> None:
    assert barred_ground(text) is None


@pytest.mark.parametrize("text", ["Skin", "Which food she eats on Fridays", "Comes from the same place as I", "Sund"])
def test_a_list_of_words_is_a_fence_and_no_wall(text: str) -> None:
    # Told in docs/how-to/add-a-criterion.md: who means to get round it can. This test keeps the document honest.
    assert barred_ground(text) is None


def test_nothing_is_nothing() -> None:
    assert barred_ground("") is None
    assert barred_ground(" - ") is None
