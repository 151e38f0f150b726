"""What the two can do next, on the first page of each; and where links to their page lead."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.common.moments import when_words
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import side_of
from mentornet.people.enums import Role
from mentornet.web.links import register_page
from mentornet.web.portal.partnership.pages import partner_of
from mentornet.web.portal.partnership.shown import agreement_state
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, Step, register, register_section


def next_step(standing: Standing) -> Step | None:
    """Return what waits for her in a partnership that runs: an agreement to sign, or a meeting to tell of."""
    return next((step for pair in standing.pairs if (step := _step_in(standing, pair)) is not None), None)


def _step_in(standing: Standing, pair: Partnership) -> Step | None:
    side = side_of(standing.by.person_id, pair)
    assert side is not None
    if pair.state in {PartnershipState.PAUSED, PartnershipState.CLOSING}:
        return None
    partner = partner_of(pair, side)
    name = {"name": partner.first_name}
    agreement = standing.agreements.get(pair.pk)
    state = agreement_state(agreement, pair, side, partner)
    if state.waits:
        return Step(
            title=_("Your agreement with %(name)s") % name,
            words=state.words,
            url=reverse("portal:agreement" if agreement else "portal:agreement_fill", args=[pair.pk]),
            button=_("Open the agreement"),
            warm=pair.agreement_on is None,
        )
    planned, _next = standing.planned.get(pair.pk, (None, None))
    if planned is not None and not _has_told(standing, pair, side, timezone.localtime(planned).date()):
        return Step(
            title=_("Have you met %(name)s?") % name,
            words=_("You had planned to meet. Tell us with one tap, also if you did not."),
            url=reverse("portal:meetings", args=[pair.pk]),
            button=_("Tell about the meeting"),
        )
    return None


def _has_told(standing: Standing, pair: Partnership, side: Role, on: date) -> bool:
    told = standing.told.get((pair.pk, side))
    return told is not None and told >= on


def section(standing: Standing) -> Section | None:
    """Return the partnerships that run, for her first page."""
    rows = []
    for pair in standing.pairs:
        side = side_of(standing.by.person_id, pair)
        assert side is not None
        _last, planned = standing.planned.get(pair.pk, (None, None))
        partner = partner_of(pair, side)
        # Of an ending that has begun no more than the first name, whatever its reason.
        name = partner.first_name if pair.state == PartnershipState.CLOSING else partner.name
        rows.append({"pair": pair, "name": name, "when": when_words(planned) if planned else ""})
    if not rows:
        return None
    return Section(title=_("The two of you"), template="portal/partnership/_home.html", context={"rows": rows})


register(30, next_step)
register_section(20, section)
register_page(Purpose.PARTNERSHIP, "portal:partnership", "partnership_id")
register_page(Purpose.AFTERWARDS, "portal:afterwards", "afterwards_id")
