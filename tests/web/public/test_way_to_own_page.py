"""From the public site, and from the staff's door, to the participants' own."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["da", "en", "ar", "fa", "uk"])
def test_every_page_of_the_site_leads_to_ones_own_page(client: Client, language: str) -> None:
    page = client.get(f"/{language}/mentor/").content.decode()
    link = f'href="{reverse("portal:sign_in")}"'
    head, _main, foot = page.partition("<main")
    assert link in head
    assert link in foot.partition("<footer")[2]


def test_staffs_door_shows_the_other_one(client: Client) -> None:
    page = client.get(reverse("account_login"), headers={"accept-language": "en"}).content.decode()
    assert f'href="{reverse("portal:sign_in")}"' in page
    assert "need no sign-in" not in page
