"""Where staff are signed in: ending the browser in hand is signing out, and no error."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import user_of
from mentornet.accounts.models import SignInSession
from mentornet.divisions.staff import Staff
from signing import enter

pytestmark = pytest.mark.django_db


def test_ending_this_very_session_is_signing_out(client: Client, coordinator: Staff) -> None:
    enter(client, user_of(coordinator))
    own = SignInSession.objects.get(session_key=client.session.session_key)
    answer = client.post(reverse("desk:session_end", args=[own.pk]))
    assert answer.headers["Location"] == reverse("account_login")
    assert "_auth_user_id" not in client.session
    assert not SignInSession.objects.exists()
