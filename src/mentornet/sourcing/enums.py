"""How a search and whoever is asked in it stand, what she answers, and how an expert stands to us."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions
from mentornet.sourcing.replies import HELPS, LegalBasis, Reply

__all__ = [
    "EMPTIED",
    "HELPS",
    "PROSPECT_STEPS",
    "SEARCH_STEPS",
    "AskingState",
    "ClosedBecause",
    "LegalBasis",
    "ProspectState",
    "Reply",
    "SearchState",
]


class SearchState(models.TextChoices):
    """How a search stands."""

    DRAFT = "draft", pgettext_lazy("search", "not sent yet")
    OPEN = "open", pgettext_lazy("search", "sent")
    CLOSED = "closed", pgettext_lazy("search", "closed")


SEARCH_STEPS: Final = Transitions(
    {
        SearchState.DRAFT: (SearchState.OPEN,),
        SearchState.OPEN: (SearchState.CLOSED,),
        SearchState.CLOSED: (SearchState.OPEN,),
    }
)
"""A search that nobody has sent is thrown away, and leaves nothing; one that was closed too soon is opened again."""


class ClosedBecause(models.TextChoices):
    """Why a search is closed."""

    FOUND = "found", pgettext_lazy("search", "somebody was found")
    MATCHED = "matched", pgettext_lazy("search", "she no longer waits")
    GIVEN_UP = "given_up", pgettext_lazy("search", "nobody was found")


class AskingState(models.TextChoices):
    """How it stands with one who was asked."""

    ASKED = "asked", pgettext_lazy("asked in a search", "asked")
    ANSWERED = "answered", pgettext_lazy("asked in a search", "has answered")
    SILENT = "silent", pgettext_lazy("asked in a search", "has not answered")


class ProspectState(models.TextChoices):
    """How an expert stands to us."""

    NEW = "new", pgettext_lazy("expert", "not written to")
    TOLD = "told", pgettext_lazy("expert", "has been told about us")
    WILLING = "willing", pgettext_lazy("expert", "may be asked")
    OUT = "out", pgettext_lazy("expert", "has said no")
    GONE = "gone", pgettext_lazy("expert", "deleted, her time was over")


EMPTIED: Final = (ProspectState.OUT, ProspectState.GONE)
"""Nothing is kept of her but that there was somebody: the row counts, and nothing more."""
PROSPECT_STEPS: Final = Transitions(
    {
        ProspectState.NEW: (ProspectState.TOLD, ProspectState.OUT, ProspectState.GONE),
        ProspectState.TOLD: (ProspectState.WILLING, ProspectState.OUT, ProspectState.GONE),
        ProspectState.WILLING: (ProspectState.OUT, ProspectState.GONE),
        ProspectState.OUT: (),
        ProspectState.GONE: (),
    }
)
