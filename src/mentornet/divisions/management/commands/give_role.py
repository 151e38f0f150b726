"""Give somebody a role from the command line: nobody can do it on the desk before the first administrator is there."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.accounts.services.second_factors import forget_second_factor
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError
from mentornet.divisions.models import Division, Role
from mentornet.divisions.services import give_role, open_division, set_password


class Command(BaseCommand):
    """Gives a role to a user, made if she is not there; her password is asked for, or read from standard input."""

    help = (
        "Give somebody a role. A new user's password is asked for; she sets up her second factor at her first sign-in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("email", help="she signs in with it")
        parser.add_argument("--name", help="her name; not needed with --forget-second-step")
        parser.add_argument(
            "--role", choices=Role.values, default=Role.ADMINISTRATOR.value, help="administrator without it"
        )
        parser.add_argument(
            "--division", help="a coordinator's or a division lead's; opened today if there is none of that name"
        )
        parser.add_argument(
            "--forget-second-step",
            action="store_true",
            help="gives no role: she has lost her telephone and her recovery codes, is signed out everywhere, and sets "
            "up another second step at her next sign-in, for which her password is enough; make sure that it is she "
            "who asks, and let her choose a new password first if somebody else may know it",
        )

    def handle(
        self,
        *,
        email: str,
        role: str,
        name: str | None = None,
        division: str | None = None,
        forget_second_step: bool = False,
        **_: Any,
    ) -> None:
        """Give the role, or forget a second step.

        Raises:
            CommandError: says what stands in the way.
        """
        by = System("staff", timezone.now())
        if forget_second_step:
            self.stdout.write(_forget(by, email))
            return
        if name is None:
            raise CommandError("Name her too: --name")
        is_new = not User.objects.filter(email__iexact=email).exists()
        password = _password() if is_new else ""
        try:
            place = None
            if division is not None:
                place = Division.objects.filter(name__iexact=division).first() or open_division(
                    by=by, facts={"name": division, "opened_on": by.today}
                )
            given = give_role(by=by, email=email, name=name, role=role, division=place, since=by.today)
            if is_new:
                set_password(by=by, user=given.user, password=password)
        except (RefusedError, ValidationError) as error:
            raise CommandError(
                " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            ) from error
        self.stdout.write(f"{given.user.name} can sign in as {given.get_role_display()}.")


def _forget(by: System, email: str) -> str:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError("Nobody signs in with that address.")
    if not forget_second_factor(by=by, user=user):
        return f"{user.name} has no second step. She is signed out everywhere, and sets one up at her next sign-in."
    return f"{user.name} is signed out everywhere. She sets up her second step anew at her next sign-in."


def _password() -> str:
    """Ask twice at a terminal; elsewhere read one line."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass("Her password (12 signs or more): ")
        if getpass.getpass("The same again: ") != password:
            raise CommandError("The two are not the same; nothing was written.")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
