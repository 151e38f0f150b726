"""Who may hand out a copy of what is kept of somebody, and who may erase her."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.common.moments import day_words
from mentornet.divisions.staff import Staff
from mentornet.matching.models import Proposal
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import RevealKind
from mentornet.people.models import Avoidance, Person, Reveal
from mentornet.people.participants import Participant
from mentornet.people.queries import COPY_WAITS, recently_written
from mentornet.privacy.models import RetentionHold

_ASK_HIGHER: Final = _("This reaches further than the divisions that you lead. Ask the national lead.")
_ASK_BESIDE: Final = _("Ask whoever leads your division: she can do this.")


def may_copy(by: Actor, person: Person, known_in: Collection[UUID]) -> Answer:
    """Her own copy: herself; and whoever leads every division that knows her, since it tells of all of them.

    Where the office has written anew how she is reached, whoever reads what is sent there could take it in her name, by
    an address of her own. So it waits: two weeks, in which she is told where she was reached before; and of a protected
    person, of whom it tells who she is, until a second one has said yes.

    It names the other one of each pair. A lead who must not see one of them has another lead make it: without them it
    would not be all that is kept.
    """
    if isinstance(by, Participant) and by.person_id == person.pk:
        return _may_take_her_own(by, person)
    if person.is_protected and second_word(by, person, RevealKind.COPY) is None:
        # It tells who she is.
        return denied(_("She is protected. A second person must say yes to a copy first: ask for it on her page."))
    may = _may_lead_all(by, known_in)
    if may and isinstance(by, Staff) and _is_shared_with_hidden(by, person):
        # Said as where another division knows her: that somebody is hidden is told nobody.
        return denied(_ASK_HIGHER if not by.is_national_lead else _ASK_BESIDE)
    return may


def _may_take_her_own(by: Participant, person: Person) -> Answer:
    if person.is_protected:
        if person.identity.reach_written_at is None:
            return ALLOWED
        return denied(
            _(
                "We have written down a new way to reach you. Two people at the office must say yes before you "
                "get your copy. Call us, and we do it together."
            )
        )
    written_at = recently_written(person.pk, by.at)
    if written_at is None:
        return ALLOWED
    return denied(
        gettext(
            "The office has written down a new address or number for you. You can take your copy from %(day)s. This "
            "protects you: nobody else shall take it in your name. If you need it now, call us."
        )
        % {"day": day_words(timezone.localdate(written_at + COPY_WAITS))}
    )


def may_erase(by: Actor, person: Person, known_in: Collection[UUID]) -> Answer:
    """Whoever leads every division that knows her: it reaches into all of them, and cannot be taken back.

    A protected person only with a second one's word for this very act. Nobody as long as she is held back, also where
    she has asked for it herself: what is needed for a legal claim is kept (Article 17(3)(e)), and her wish waits.
    """
    if isinstance(by, System):
        return ALLOWED
    if not (free := is_not_held(by, person)):
        return free
    if person.is_protected and second_word(by, person, RevealKind.ERASE) is None:
        return denied(_("She is protected. A second person must say yes to the erasure first: ask for it on her page."))
    return _may_lead_all(by, known_in)


def holds(today: date) -> QuerySet[RetentionHold]:
    """Return the holds that stand on a day."""
    return RetentionHold.objects.filter(lifted_at__isnull=True, until__gte=today)


def is_not_held(by: Actor, person: Person) -> Answer:
    """Tell whether nobody holds somebody back today, and who does."""
    hold = holds(by.today).filter(person_id=person.pk).first()
    if hold is None:
        return ALLOWED
    return denied(
        gettext(
            "%(name)s holds her back until %(day)s. Lift the hold first, on her page. Until then also her own wish to "
            "be forgotten waits."
        )
        % {"name": hold.author_name, "day": day_words(hold.until)}
    )


def second_word(by: Actor, person: Person, kind: RevealKind) -> Reveal | None:
    """Return what a second person has said yes to for the actor, for this very act, and is neither over nor used."""
    if not isinstance(by, Staff):
        return None
    said = Reveal.objects.filter(person=person, kind=kind, is_approved=True, asked_by=by.user_id, used_at__isnull=True)
    return said.filter(expires_at__gt=by.at).order_by("expires_at").first()


def _may_lead_all(by: Actor, known_in: Collection[UUID]) -> Answer:
    if isinstance(by, Staff) and (by.is_national_lead or (known_in and by.leads.issuperset(known_in))):
        return ALLOWED
    if isinstance(by, Staff) and by.leads:
        return denied(_ASK_HIGHER)
    return denied(_ASK_BESIDE)


def _is_shared_with_hidden(by: Staff, person: Person) -> bool:
    """Tell whether anything that is kept of somebody is about somebody else, too, whom the actor must not see."""
    if not by.hidden:
        return False
    both = Q(mentee__person=person, mentor__person__in=by.hidden) | Q(
        mentor__person=person, mentee__person__in=by.hidden
    )
    apart = Q(person=person, other__in=by.hidden) | Q(other=person, person__in=by.hidden)
    return (
        person.pk in by.hidden
        or Partnership.objects.filter(both).exists()
        or Proposal.objects.filter(both).exists()
        or Avoidance.objects.filter(apart).exists()
    )
