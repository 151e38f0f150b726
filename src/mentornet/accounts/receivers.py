"""Second factors are sealed for the row that they lie in, and checked against it wherever they are read.

allauth seals and opens single texts without saying whose they are. So a row's secrets are sealed for it when it is
first written, and one that was sealed for another row never gets further than here.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.signals import post_init, pre_save
from django.dispatch import receiver

from mentornet.accounts.sealing import (
    NOBODYS,
    CannotOpenError,
    OtherRowError,
    is_sealed_for_a_row,
    opened,
    opened_for,
    owner_of,
    seal_for,
    with_secrets,
)


@receiver(pre_save, sender=Authenticator, dispatch_uid="seal-for-row")
def seal_for_row(instance: Authenticator, **_: Any) -> None:
    """Seal the secrets of a new row for it.

    Only of a new one: what lies in an old row for no row was put there past the program, and stays unopened.
    """
    if instance.pk is not None:
        return
    owner = owner_of(instance.user_id, instance.type)
    instance.data = with_secrets(
        instance.data, lambda text: text if is_sealed_for_a_row(text) else seal_for(owner, opened(text))
    )


@receiver(post_init, sender=Authenticator, dispatch_uid="check-row-of-seal")
def check_row(instance: Authenticator, **_: Any) -> None:
    """Forget in memory what was sealed for another row, such as one copied into this one."""
    if "data" in instance.get_deferred_fields() or not instance.data:
        return
    owner = owner_of(instance.user_id, instance.type)
    instance.data = with_secrets(instance.data, lambda text: NOBODYS if _is_of_another_row(owner, text) else text)


def _is_of_another_row(owner: str, text: str) -> bool:
    try:
        opened_for(owner, text)
    except OtherRowError:
        return True
    except CannotOpenError:
        # It stays as it is, for the day on which the secret key is found again. Until then nothing opens it.
        return False
    return False
