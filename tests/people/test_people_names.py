"""What somebody writes is her name, or another one."""

from __future__ import annotations

import pytest

from mentornet.people.names import is_name


@pytest.mark.parametrize(
    ("typed", "first_name", "last_name"),
    [
        ("Amina Yusuf", "Amina", "Yusuf"),
        ("  amina   YUSUF ", "Amina", "Yusuf"),
        ("Yusuf, Amina", "Amina", "Yusuf"),
        ("Amína Yusûf", "Amina", "Yusuf"),
        ("Amina Khadija Yusuf", "Amina", "Yusuf"),
        ("Amina Yusuf", "Amina Khadija", "Yusuf Haddad"),
        ("Karen Lund Holm", "Karen", "Lund-Holm"),
        ("Soren Aagard", "Søren", "Ågård"),
        ("Soeren Aagaard", "Søren", "Ågård"),
        ("Amina", "Amina", ""),
        ("أمينة يوسف", "أمينة", "يوسف"),
        ("امينه يوسف", "أمينة", "يوسف"),
        ("عبدالله ليلى", "ليلى", "عبد الله"),
        ("لیلی کریمی", "ليلى", "كريمي"),
        ("Ольга Коваленко", "Ольга", "Коваленко"),
        ("олена григорівна андріиченко", "Олена Григорівна", "Андрійченко"),
        ("Natalia OBrien", "Natalia", "O’Brien"),
        ("3", "3", ""),
    ],
)
def test_her_name_is_hers_however_she_writes_it(typed: str, first_name: str, last_name: str) -> None:
    assert is_name(typed, first_name=first_name, last_name=last_name)


@pytest.mark.parametrize(
    ("typed", "first_name", "last_name"),
    [
        ("", "Amina", "Yusuf"),
        ("AY", "Amina", "Yusuf"),
        ("Amina", "Amina", "Yusuf"),
        ("Yusuf", "Amina", "Yusuf"),
        ("Amina Haddad", "Amina", "Yusuf"),
        ("Amina Khadija", "Amina Khadija", "Yusuf"),
        ("Ами", "Amina", ""),
        ("أمينة يوسف", "Amina", "Yusuf"),
        ("Amina Yusuf", "أمينة", "يوسف"),
        ("", "3", ""),
    ],
)
def test_another_name_is_not_hers(typed: str, first_name: str, last_name: str) -> None:
    assert not is_name(typed, first_name=first_name, last_name=last_name)
