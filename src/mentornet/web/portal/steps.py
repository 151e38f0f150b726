"""The one next step on a participant's first page, and what else stands there: each area registers its own.

An area has a module ``steps`` that calls these, and stands in :data:`mentornet.web.portal.apps.STEPS`::

    register(20, next_step)            # the first step found, in this order, is the one that is shown
    register_section(50, section)      # every section found is shown, in this order
    register_page(Purpose.PROPOSAL, "portal:proposal", "proposal_id")   # of mentornet.web.links
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from mentornet.web.portal.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What she can do next.

    Attributes:
        title: a heading: what it is about.
        words: one or two sentences.
        url: where it is done.
        button: what its button says.
        warm: it is good news, and looks like it.
    """

    title: str
    words: str
    url: str
    button: str
    warm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of her first page.

    Attributes:
        template: of the area, given ``section`` and its ``context``.
    """

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


NextStep = Callable[[Standing], Step | None]
MakeSection = Callable[[Standing], Section | None]

_STEPS: Final[list[tuple[int, NextStep]]] = []
_SECTIONS: Final[list[tuple[int, MakeSection]]] = []


def register(order: int, function: NextStep) -> None:
    """Register what may be the next step; the lowest order is asked first."""
    _STEPS.append((order, function))
    _STEPS.sort(key=lambda one: one[0])


def register_section(order: int, function: MakeSection) -> None:
    """Register a part of the first page; the lowest order stands first."""
    _SECTIONS.append((order, function))
    _SECTIONS.sort(key=lambda one: one[0])


def next_step(standing: Standing) -> Step | None:
    """Return the one next step; ``None`` when nothing waits for her."""
    return next((step for _order, ask in _STEPS if (step := ask(standing)) is not None), None)


def sections(standing: Standing) -> list[Section]:
    """Return the parts of her first page."""
    return [section for _order, make in _SECTIONS if (section := make(standing)) is not None]
