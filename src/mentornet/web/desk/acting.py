"""From a form to a service and back: what all front ends share (:mod:`mentornet.web.ui.acting`)."""

from __future__ import annotations

from mentornet.web.ui.acting import attempt, posted

__all__ = ["attempt", "posted"]
