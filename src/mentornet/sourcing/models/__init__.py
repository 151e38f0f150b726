"""Searches and who is asked in them; experts, the lists they came with, and who has said no."""

from __future__ import annotations

from mentornet.sourcing.models.prospects import OptOut, OptOutKey, Prospect, ProspectList
from mentornet.sourcing.models.searches import Asking, Found, Search

__all__ = ["Asking", "Found", "OptOut", "OptOutKey", "Prospect", "ProspectList", "Search"]
