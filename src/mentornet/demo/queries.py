"""Whether this database is a demonstration, and who can be looked over the shoulder in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from mentornet.accounts.models import User
from mentornet.demo.models import DemoNetwork
from mentornet.divisions.models import Role, StaffRole
from mentornet.intake.queries import waiting_mentees
from mentornet.messaging.models import Letter
from mentornet.people.models import Person


@dataclass(frozen=True, slots=True)
class SignInChoice:
    """Somebody of the staff whom a visitor may be by one click.

    Attributes:
        held: her roles.
        works_in: the names of the divisions in which she works; none for the national ones.
    """

    user: User
    held: tuple[Role, ...]
    works_in: tuple[str, ...]

    @property
    def roles(self) -> str:
        """Her roles in words."""
        return ", ".join(str(role.label) for role in self.held)

    @property
    def divisions(self) -> str:
        """Her divisions in words."""
        return ", ".join(self.works_in)


def demo_network() -> DemoNetwork | None:
    """Return the mark of a demonstration, if the database is one."""
    return DemoNetwork.objects.first()


def is_demo_database() -> bool:
    """Tell whether everybody in this database is made up."""
    return DemoNetwork.objects.exists()


def holds_real_data() -> bool:
    """Tell whether there are people, or staff, who are not the demo's."""
    return not is_demo_database() and (Person.objects.exists() or User.objects.exists())


def needs_reload(today: date) -> bool:
    """Tell whether the demo network is missing, or was loaded for another day: its dates would be stale."""
    network = demo_network()
    return network is None or network.loaded_on != today


def letters_of_demo() -> QuerySet[Letter]:
    """Return all letters, newest first: nobody here exists, so anybody may read them. Of real people, none."""
    letters = Letter.objects.order_by("-created_at", "-id")
    return letters if is_demo_database() else letters.none()


def sign_in_choices() -> list[SignInChoice]:
    """Return one or two of the staff for each role; a coordinator where the waiting list is longest comes first.

    Three queries, however many staff there are; nobody, unless the database is a demonstration.
    """
    network = demo_network()
    if network is None:
        return []
    today = network.loaded_on
    held = list(
        StaffRole.objects.filter(Q(until__isnull=True) | Q(until__gt=today), since__lte=today, user__is_active=True)
        .select_related("user", "division")
        .order_by("created_at", "pk")
    )
    divisions = {role.division_id for role in held if role.division_id is not None}
    waiting: dict[UUID | None, int] = dict(
        waiting_mentees(divisions)
        .order_by()
        .select_related(None)
        .values_list("division_id")
        .annotate(number=Count("pk"))
    )
    by_user: dict[UUID, list[StaffRole]] = {}
    for role in held:
        by_user.setdefault(role.user_id, []).append(role)

    def length(role: StaffRole) -> tuple[int, str]:
        return -waiting.get(role.division_id, 0), role.user.name

    chosen: list[UUID] = []
    for wanted, most in (
        (Role.COORDINATOR, 2),
        (Role.DIVISION_LEAD, 1),
        (Role.NATIONAL_LEAD, 1),
        (Role.ADMINISTRATOR, 1),
    ):
        found = sorted((role for role in held if role.role == wanted), key=length)
        seen: set[UUID | None] = set()
        for role in found:
            # The second coordinator is of another division than the first.
            if len(seen) < most and role.division_id not in seen and role.user_id not in chosen:
                seen.add(role.division_id)
                chosen.append(role.user_id)
    return [
        SignInChoice(
            user=by_user[user_id][0].user,
            held=tuple(dict.fromkeys(Role(role.role) for role in by_user[user_id])),
            works_in=tuple(role.division.name for role in by_user[user_id] if role.division is not None),
        )
        for user_id in chosen
    ]
