"""How a participant comes in: by a code to what stands of her, and as the user who is made of her at that moment.

Whether somebody is known is told by nothing that a visitor sees, nor by how long it takes. Nobody comes in by an
address that several people have given: it would be somebody's choice whose life is shown.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode, User
from mentornet.accounts.queries import user_of_email
from mentornet.accounts.services.codes import AskedTooOftenError, ask_code, check_code
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import StaffRole
from mentornet.messaging.services import queue_letter
from mentornet.people.enums import ContactWay
from mentornet.people.known_by import digits_of, is_reached_at, known_by
from mentornet.people.models import Person
from mentornet.people.recipients import PREFIX, person_key

_BY_EMAIL: Final = "email"
_BY_PHONE: Final = "phone"
_MOST_SHARING: Final = 20


def ask_to_sign_in(*, by: Actor, typed: str) -> OneTimeCode:
    """Ask whoever is known by an e-mail address or a telephone number for a code; also when nobody is.

    Nobody is meant by what two people share, or by an account that is closed.
    """
    person = sole_person(typed)
    # Nothing is written to whoever wants only a call: it would stand on Today as a letter that could not leave.
    if person is not None and person.contact_way != ContactWay.CALL:
        way = _BY_EMAIL if "@" in typed else _BY_PHONE
        try:
            return ask_code(
                by=by, purpose=Purpose.SIGN_IN, subject=f"{way}:{person.pk}", recipient=person_key(person.pk)
            )
        except AskedTooOftenError:
            # Said to nobody: it would tell that she is known.
            pass
    _write_for_nobody(by)
    return ask_code(by=by, purpose=Purpose.SIGN_IN, subject="", recipient="")


@beyond_division(reason="whose an address is, is asked of all who may have given it")
def sole_person(typed: str) -> Person | None:
    """Return the one person who is known by an address or a number, if she may come in.

    Of several the one to whom letters go there: whoever only names somebody else's address, which nobody has asked her
    to confirm, does not keep the other out. A protected one comes before the others: her address was hers before it
    was sealed, and she shall not be kept out by whoever writes to us in her name.
    """
    found = list(known_by(typed).select_related("user", "identity").order_by()[:_MOST_SHARING])
    if len(found) > 1:
        found = [person for person in found if _is_written_to_at(person, typed)]
        found = [person for person in found if person.is_protected] or found
    if len(found) != 1 or (found[0].user is not None and not found[0].user.is_active):
        return None
    return found[0]


def _is_written_to_at(person: Person, typed: str) -> bool:
    if "@" in typed:
        return person.contact_way in {"", ContactWay.EMAIL}
    return person.contact_way == ContactWay.TEXT or (person.contact_way == "" and not is_reached_at(person, email=True))


def _write_for_nobody(by: Actor) -> None:
    """Do the work of writing a letter and take it back, so that an unknown address takes as long as a known one."""
    with transaction.atomic():
        queue_letter(
            by=by,
            recipient=f"{PREFIX}:{uuid4()}",
            event="sign_in_code",
            values={"code": str(uuid4())},
            about_id=None,
            division_id=None,
        )
        transaction.set_rollback(True)


@transaction.atomic
def come_in(*, by: Actor, challenge: OneTimeCode, code: str) -> User | None:
    """Return the user who has shown by a code that she reads her letters; ``None`` when it does not fit."""
    if challenge.purpose != Purpose.SIGN_IN or not check_code(by=by, challenge=challenge, code=code):
        return None
    way, _, person_id = challenge.subject.partition(":")
    return user_for(by=by, person_id=UUID(person_id), reads_email=way == _BY_EMAIL)


@transaction.atomic
def user_for(*, by: Actor, person_id: UUID, reads_email: bool) -> User | None:
    """Return the user of somebody who has shown who she is, and make her one if there is none.

    A user who has her e-mail address already, such as one of the staff, becomes hers only when the code went to that
    very address: whoever reads that mail could have had a new password sent, too.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        return None
    if person.user_id is not None:
        user = User.objects.get(pk=person.user_id)
        if not user.is_active:
            return None
        follow(user, person)
        return user
    return _first_user(by, person, reads_email=reads_email)


def _first_user(by: Actor, person: Person, *, reads_email: bool) -> User | None:
    if person.is_protected:
        user = User.objects.create_user(None, name=person.name, language=person.language, is_sealed=True)
        return _linked(by, person, user, is_new=True)
    taken = user_of_email(person.email) if person.email else None
    if taken is not None and _reads_mail_of(taken, person, reads_email=reads_email):
        return _linked(by, person, taken, is_new=False)
    _let_go(taken)
    free = person.email if person.email and user_of_email(person.email) is None else None
    phone = digits_of(person.phone)
    if not free and not phone:
        return None
    user = User.objects.create_user(free, name=person.name, phone=phone, language=person.language)
    return _linked(by, person, user, is_new=True)


def _linked(by: Actor, person: Person, user: User, *, is_new: bool) -> User:
    if is_new:
        record(by=by, act="accounts.make_user", of=user)
    person.user = user
    person.save(update_fields=["user"])
    record(by=by, act="people.link_user", of=person)
    return user


def _reads_mail_of(user: User, person: Person, *, reads_email: bool) -> bool:
    goes_by_mail = person.contact_way in {"", ContactWay.EMAIL}
    return reads_email and goes_by_mail and user.is_active and not Person.objects.filter(user=user).exists()


def works_here(user: User) -> bool:
    """Tell whether a user has, or has had, a role of the staff: how she signs in is not a participant's to change."""
    return StaffRole.objects.filter(user=user).exists()


def _let_go(user: User | None) -> None:
    """Free an address that a participant's user still has, although it stands of her as a person no more."""
    before = None if user is None else Person.objects.filter(user=user).first()
    if user is not None and before is not None:
        follow(user, before)


def follow(user: User, person: Person) -> None:
    """Let a participant's user have the name and the addresses that stand of her as a person, as far as they are free.

    Not one of the staff's: those are theirs.
    """
    if works_here(user):
        return
    if person.is_protected:
        # Her addresses lie with her sealed identity alone.
        sealed = (None, "", person.name, True)
        if (user.email, user.phone, user.name, user.is_sealed) != sealed:
            user.email, user.phone, user.name, user.is_sealed = sealed
            user.save(update_fields=["email", "phone", "name", "is_sealed"])
        return
    email = person.email.lower() or None
    if email is not None and User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        email = None
    phone = digits_of(person.phone)
    is_sealed = not email and not phone and user.is_sealed
    stands = (user.email, user.phone, user.name, user.is_sealed)
    if (not email and not phone and not is_sealed) or stands == (email, phone, person.name, is_sealed):
        return
    user.email, user.phone, user.name, user.is_sealed = email, phone, person.name, is_sealed
    user.save(update_fields=["email", "phone", "name", "is_sealed"])
