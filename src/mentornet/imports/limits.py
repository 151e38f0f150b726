"""How large a spreadsheet may be on this installation."""

from __future__ import annotations

from django.conf import settings

from reference.sheets import Limits


def spreadsheet_limits() -> Limits:
    """Return the installation's limits; the usual ones where it sets none."""
    installation = getattr(settings, "INSTALLATION", None)
    limits = getattr(installation, "limits", None)
    return limits if isinstance(limits, Limits) else Limits()
