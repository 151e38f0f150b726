"""The officer's own page: what waits, and where everything stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from mentornet.common.row_scope import EVERYTHING, within
from mentornet.divisions.rules import seen_by
from mentornet.privacy.assessing import standing_of_assessment
from mentornet.privacy.register import chain_standing, nights, open_breaches, request_clocks
from mentornet.privacy.rules import holds
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.data_protection.shown import breach_rows
from mentornet.web.ui.context import address


@open_to(Policy.DATA_PROTECTION)
def start(request: DeskRequest) -> HttpResponse:
    """Show what waits for whoever oversees data."""
    by = request.actor
    with within(EVERYTHING):
        clocks = request_clocks(by)
        held = holds(by.today).filter(seen_by(by, "person")).count()
    return render(
        request,
        "desk/data_protection/start.html",
        {
            "clocks": clocks,
            "requests_url": address("desk:requests"),
            "disclosures_url": address("desk:disclosures"),
            "breaches": breach_rows(open_breaches(by), by.at),
            "night": nights().filter(finished_at__isnull=False).first(),
            "held": held,
            "chain": chain_standing(),
            "assessment": standing_of_assessment(),
        },
    )
