"""What went with a no, and with an early end: counted by criterion, for one programme in the reader's divisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.divisions.staff import Staff
from mentornet.followup.courses import course_of, ended_early
from mentornet.matching.learned import (
    FEWEST,
    NEEDED,
    Case,
    Cell,
    Fit,
    Hint,
    Learned,
    answered,
    begun,
    busiest,
    learned_from,
    own_criteria,
    reasons_given,
    since,
    values_of,
    weights_of,
)
from mentornet.matching.reasons import CRITERION_NAMES
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.programmes.queries import current_version, programmes_in
from mentornet.web.access import DeskRequest, Policy, open_to
from reference.customs import Custom

_HINTS: Final[Mapping[Hint, tuple[str | Promise, str]]] = {
    Hint.MORE: (gettext_lazy("more often where they fit less"), "warn"),
    Hint.FEWER: (gettext_lazy("less often where they fit less"), "info"),
    Hint.UNCLEAR: (gettext_lazy("may be chance"), "quiet"),
    Hint.TOO_FEW: (gettext_lazy("too few to tell"), "quiet"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion, as the page shows it.

    Attributes:
        weight: in the programme as it is now, in hundredths.
        less, well: ``None`` where there are too few.
        band: between which the difference lies, in words; empty where it is not told.
    """

    label: str | Promise
    weight: int
    less: Cell | None
    well: Cell | None
    hint: str | Promise
    tone: str
    band: str


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of outcome.

    Attributes:
        base: what was counted, in words.
        hinted: the criteria that stand out, in words; empty where none does.
    """

    key: str
    title: str
    base: str
    rows: list[Row]
    hinted: list[str]
    is_too_early: bool


def _names(own: Collection[Custom]) -> dict[str, str | Promise]:
    """Return what each criterion is called."""
    return {**CRITERION_NAMES, **{custom.column: custom.text(reference_language()) for custom in own}}


def _rows(learned: Learned, weights: Mapping[str, float], names: Mapping[str, str | Promise]) -> list[Row]:
    rows = []
    for line in learned.lines:
        words, tone = _HINTS[line.hint]
        told = line.hint is not Hint.TOO_FEW
        rows.append(
            Row(
                label=names[line.criterion],
                weight=round(100 * weights[line.criterion]),
                less=line.cells[Fit.LESS],
                well=line.cells[Fit.WELL],
                hint=words,
                tone=tone,
                band=_("%(low)s to %(high)s of 100") % {"low": line.low, "high": line.high} if told else "",
            )
        )
    return rows


def _hinted(learned: Learned, names: Mapping[str, str | Promise]) -> list[str]:
    return [str(names[line.criterion]) for line in learned.lines if line.hint is Hint.MORE]


def _parts(by: Staff, programme: Programme, version: ProgrammeVersion) -> list[Part]:
    weights, own = weights_of(version), own_criteria(version)
    names = _names(own)
    noes = learned_from(answered(by, programme.pk, own), own)
    ended = begun(by, programme.pk)
    early = [(proposal, ended_early(course_of(one))) for proposal in ended if (one := proposal.partnership) is not None]
    ends = learned_from(
        [Case(values_of(proposal.bars, own), is_early) for proposal, is_early in early if is_early is not None], own
    )
    said = _("%(happened)s of %(count)s proposals that were answered came to a no.")
    closed = _("Of %(count)s partnerships that have ended, %(happened)s ended before their time.")
    return [
        Part(
            key,
            title,
            words % {"happened": one.happened, "count": one.count},
            _rows(one, weights, names),
            _hinted(one, names),
            not one.lines,
        )
        for key, title, words, one in (
            ("noes", _("What went with a no"), said, noes),
            ("ends", _("What went with an early end"), closed, ends),
        )
    ]


@open_to(Policy.CASEWORK)
def learned(request: DeskRequest) -> HttpResponse:
    """Show how often a no, and an early end, went with each criterion, and that this is a hint and no proof."""
    by = request.actor
    programmes = list(programmes_in(by.casework))
    asked = request.GET.get("programme", "") or str(busiest(by))
    programme = next((one for one in programmes if str(one.pk) == asked), programmes[0] if programmes else None)
    context: dict[str, object] = {"programmes": programmes, "programme": programme, "needed": NEEDED, "fewest": FEWEST}
    if programme is not None:
        version = current_version(programme.pk)
        context |= {
            "version": version,
            "parts": _parts(by, programme, version),
            "reasons": reasons_given(by, programme.pk),
            "since": since(by.today),
        }
    return render(request, "desk/learned/learned.html", context)
