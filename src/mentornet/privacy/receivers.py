"""What happens around migrations: policies are lifted before the first change, and laid anew after the last."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

from mentornet.privacy.policies import lay, lift

_APP = "privacy"


# Both signals come once for each app, before and after all changes: one of them is enough.
@receiver(pre_migrate, dispatch_uid="lift-policies")
def lift_policies(sender: Any, using: str, plan: Any = None, **_: Any) -> None:
    """Lift the policies where something is about to change."""
    if sender.label == _APP and plan:
        lift(connections[using])


@receiver(post_migrate, dispatch_uid="lay-policies")
def lay_policies(sender: Any, using: str, **_: Any) -> None:
    """Lay the policies, unless they lie there."""
    if sender.label == _APP:
        lay(connections[using])
