"""Names for what fixtures hand to tests."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from pytest_django import DjangoAssertNumQueries as CountQueries

from mentornet.divisions.staff import Staff

__all__ = ["CountQueries", "SignIn"]

SignIn = Callable[[Client, Staff], Client]
"""Signs a staff member in, her second factor set up."""
