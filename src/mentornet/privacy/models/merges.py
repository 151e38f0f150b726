"""Two rows that are one woman, and two women who look like one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.people.models import Person


class Merge(Record):
    """Somebody who stood here twice stands here once, from ``created_at`` on.

    Attributes:
        person: the one who was kept.
        gone_id: the key of the other row, which is no more: older backups and the audit still name it.
        gone_user_id: the key of the other one's user, where that went as well.
        undo_until: the last day on which it can be undone; what is kept for that is emptied after it.
        steps: what was done, in its order, as :mod:`mentornet.privacy.journal` writes it; empty when nothing is to be
            undone any more.
        undone_at: when it was undone; nothing while the two are one.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges", verbose_name=_("kept"))
    gone_id = models.UUIDField(_("the other row"))
    gone_user_id = models.UUIDField(_("the other sign-in"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    merged_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author’s name"), max_length=150)
    undo_until = models.DateField(_("can be undone until"))
    steps = models.JSONField(default=list, blank=True, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.CharField(_("undone by"), max_length=60, blank=True)
    undone_name = models.CharField(_("undone by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("merge of two rows")
        verbose_name_plural = _("merges of two rows")
        constraints = [
            models.CheckConstraint(name="privacy_merge_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="privacy_merge_undone",
                condition=Q(undone_at__isnull=True, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
            ),
            # A row goes once; it may go again when that was undone.
            models.UniqueConstraint(name="privacy_merge_once", fields=["gone_id"], condition=Q(undone_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"merge into {self.person_id}"

    @property
    def stands(self) -> bool:
        """The two are one."""
        return self.undone_at is None


class NotTheSame(Record):
    """Two who look like one, and are two women: somebody has looked, and nobody is asked again.

    Attributes:
        one, other: the lesser key first, so that a pair stands once.
    """

    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("one"))
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("the other"))
    noted_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author’s name"), max_length=150)

    class Meta:
        verbose_name = _("two who are not one")
        verbose_name_plural = _("two who are not one")
        constraints = [
            models.UniqueConstraint(name="privacy_notthesame_once", fields=["one", "other"]),
            models.CheckConstraint(name="privacy_notthesame_order", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id}"
