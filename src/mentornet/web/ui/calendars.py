"""Calendar files to be saved or opened."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from mentornet.common.appointments import TYPE, Appointment, calendar_of


def calendar_file(appointments: Iterable[Appointment], *, name: str = "appointment.ics") -> HttpResponse:
    """Answer with a calendar file under a name that says nothing either."""
    response = HttpResponse(calendar_of(appointments), content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
