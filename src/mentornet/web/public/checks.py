"""What the public site needs that an installation may lack."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning

from mentornet.web.public.handbook.printing import missing


@register()
def pdf_can_be_made(**_: Any) -> list[CheckMessage]:
    """Warn where the handbook can be printed from the browser alone."""
    lacking = missing()
    if not lacking:
        return []
    return [
        CheckWarning(
            f"{lacking} is missing: the handbook is offered as a page to print, not as a PDF.",
            hint="Install the program with the extra “pdf”, and the system’s Pango (on Debian: libpango-1.0-0 "
            "libpangoft2-1.0-0 libharfbuzz-subset0).",
            id="mentornet.public.W001",
        )
    ]
