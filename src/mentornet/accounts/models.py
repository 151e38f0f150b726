"""Users: who signs in, by what. What somebody may do stands in ``divisions``."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Door, Purpose
from mentornet.common.models import Record


class UserManager(BaseUserManager["User"]):
    """Makes users."""

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> User:
        """Make a user; without a password she signs in by a code alone, or not until she has set one."""
        user = self.model(email=self.normalize_email(email).lower() or None, **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by her e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who signs in: staff by e-mail address; participants by a code to that or to a telephone.

    Attributes:
        email, phone: at least one of the two; staff always have the first. A participant's follow what stands of her
            as a person, whenever she signs in.
        is_sealed: a protected person's: neither address nor number stands here, and the name is an alias.
        sessions_ended_at: when all her sessions were last ended; those begun since are none of them.
        reading_asked_at: when she was last asked for her second factor since she had opened unusually many people's
            pages; a session in which it has not been given since shows none.
        reading_paused_at: since when she is shown nobody at all, until somebody else lets her on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=10, default="da")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_sealed = models.BooleanField(_("is sealed"), default=False, editable=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)
    sessions_ended_at = models.DateTimeField(_("sessions ended"), null=True, blank=True, editable=False)
    reading_asked_at = models.DateTimeField(_("asked for the code again"), null=True, blank=True, editable=False)
    reading_paused_at = models.DateTimeField(_("reading paused"), null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email"),
            models.CheckConstraint(
                name="accounts_user_reachable",
                condition=(Q(email__isnull=False) & ~Q(email="")) | ~Q(phone="") | Q(is_sealed=True),
                violation_error_message=_("Give an e-mail address or a telephone number."),
            ),
            models.CheckConstraint(
                name="accounts_user_sealed",
                condition=Q(is_sealed=False) | Q(email__isnull=True, phone=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Return what a session must know of her to count as hers.

        Django asks at each request. So a session ends here with the row that it was opened by, wherever it is kept,
        also one that is being opened at the same moment.
        """
        return self._since_ended(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return the same under former secret keys of the installation."""
        return map(self._since_ended, super().get_session_auth_fallback_hash())

    def _since_ended(self, known: str) -> str:
        if self.sessions_ended_at is None:
            return known
        # What is known is made with the secret key already, the present one or a former one.
        return hashlib.sha256(f"{known} {self.sessions_ended_at.timestamp()}".encode()).hexdigest()


class PersonalLink(Record):
    """An address that was sent to one person and opens one thing. The token itself is kept nowhere.

    Attributes:
        subject: what it opens, and for whom, such as ``<proposal>:<person>``.
        token_hash: SHA-256 of the token. The token is 256 random bits, so nothing is gained by hashing it slowly.
        person_key: the person to whom it was sent; empty where nobody is known yet.
        first_opened_at: when it was first asked for, by herself or by her mail's scanner.
    """

    purpose = models.CharField(_("for"), max_length=12, choices=Purpose.choices)
    subject = models.CharField(_("opens"), max_length=100)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    person_key = models.CharField(_("of"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    expires_at = models.DateTimeField(_("until"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    first_opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        constraints = [
            models.CheckConstraint(name="accounts_personallink_purpose", condition=Q(purpose__in=Purpose.values)),
        ]
        indexes = [
            models.Index(name="accounts_link_subject", fields=["purpose", "subject"]),
            models.Index(name="accounts_link_person", fields=["person_key"]),
            models.Index(name="accounts_link_expiry", fields=["expires_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject}"

    def is_open(self, at: datetime) -> bool:
        """Tell whether it opens what it is for."""
        return self.closed_at is None and at < self.expires_at


class OneTimeCode(Record):
    """A question that only whoever reads her letters can answer: six digits, for ten minutes, once.

    The digits are kept nowhere: a keyed hash of the row's own key and ``salt`` gives them, so that a copy of the
    database alone, in which a hash of six digits would be guessed at once, tells nothing.

    Attributes:
        subject: what it opens, as the link's; empty for signing in.
        recipient: the key to which the letter with the code goes; empty where nobody is known by what was typed. No
            answer opens such a row.
        attempts: answers that were looked at.
        used_at: when the right answer was given.
    """

    purpose = models.CharField(_("for"), max_length=12, choices=Purpose.choices)
    subject = models.CharField(_("opens"), max_length=100, blank=True)
    recipient = models.CharField(_("to"), max_length=60, blank=True)
    salt = models.CharField(max_length=32, editable=False)
    expires_at = models.DateTimeField(_("until"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        constraints = [
            models.CheckConstraint(name="accounts_onetimecode_purpose", condition=Q(purpose__in=Purpose.values)),
        ]
        indexes = [
            models.Index(name="accounts_code_recipient", fields=["recipient", "created_at"]),
            models.Index(name="accounts_code_expiry", fields=["expires_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class SignInSession(Record):
    """One signed-in browser, for its owner's list.

    Attributes:
        session_key: the session's own key, by which it is ended; Django's table keeps the same.
        seen_at: when it was last used, to a few minutes.
        browser: what to know it by, such as ``Firefox, Android``. Neither an address nor the browser's full words.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_sessions")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    door = models.CharField(_("signed in"), max_length=6, choices=Door.choices)
    seen_at = models.DateTimeField(_("last used"))
    browser = models.CharField(_("browser"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("signed-in browser")
        verbose_name_plural = _("signed-in browsers")
        constraints = [
            models.CheckConstraint(name="accounts_signinsession_door", condition=Q(door__in=Door.values)),
        ]
        indexes = [models.Index(name="accounts_session_seen", fields=["seen_at"])]

    def __str__(self) -> str:
        return f"{self.user_id} {self.door}"


class Opening(models.Model):
    """That a member of the staff has opened something about somebody: counted for an hour, kept for a day.

    Attributes:
        reader_id: the user.
        opened: the key that stood in the address, of a person, an application, a pair or whatever else is about her.
        at: when it was last opened.
        subject: the person whom it is about, so that her several pages count once; empty until it was looked at, and
            where it is about nobody, or about two.
        is_own: it is about somebody who is the reader's own case, and does not count.
        is_looked_at: the two before say how it is.
    """

    reader_id = models.UUIDField(_("reader"))
    opened = models.UUIDField(_("opened"))
    at = models.DateTimeField(_("when"))
    subject = models.UUIDField(_("about"), null=True, blank=True)
    is_own = models.BooleanField(_("own case"), default=False)
    is_looked_at = models.BooleanField(_("looked at"), default=False)

    class Meta:
        verbose_name = _("opened page")
        verbose_name_plural = _("opened pages")
        constraints = [models.UniqueConstraint(name="accounts_opening_once", fields=["reader_id", "opened"])]
        indexes = [
            models.Index(name="accounts_opening_lately", fields=["reader_id", "at"]),
            models.Index(name="accounts_opening_old", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.opened}"
