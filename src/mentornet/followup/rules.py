"""Who reads a concern, and who may do what with it.

Narrower than casework: a concern is read by whoever it is for, and never by whoever it is about.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.common.actors import Actor, user_key
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.queries import blind_to, is_hidden_from, national_leads
from mentornet.divisions.rules import may_see, seen_by
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import ABOUT_A_PARTNER, CONCERN_STEPS, Addressee, ConcernState
from mentornet.followup.models import Concern
from mentornet.partnerships.models import Partnership


def readable(by: Actor) -> Q:
    """Return which concerns somebody reads: the condition of :func:`may_read` for many."""
    if not isinstance(by, Staff):
        return Q(pk__in=[])
    # Whom it is about may have hidden herself: only from whom the one is hidden who has told it counts here.
    kept = ~_kept_from(by.user_id) & seen_by(by, "raised_by")
    if by.is_national_lead:
        return kept
    elsewhere = Q(pk__in=[])
    if by.leads:
        elsewhere = Q(addressee=Addressee.NATIONAL_LEAD) & ~Q(division_id__in=by.casework)
        for user_id in national_leads(by.today):
            elsewhere &= _kept_from(user_id) | Q(is_hidden_from(Value(user_id), OuterRef("raised_by_id")))
    mine = Q(coordinator_id=by.user_id, division_id__in=by.casework)
    # A case whose coordinator must not see her is everybody's, lest nobody reads it.
    is_nobodys = Q(coordinator__isnull=True) | Q(is_hidden_from(OuterRef("coordinator_id"), OuterRef("raised_by_id")))
    nobodys = is_nobodys & Q(division_id__in=by.casework)
    hers = Q(addressee=Addressee.COORDINATOR) & (mine | nobodys | Q(division_id__in=by.leads))
    return kept & (hers | elsewhere)


def may_read(by: Actor, concern: Concern) -> Answer:
    """Whoever it is for: her coordinator and the division's lead, or the national lead alone; never whom it is about.

    A concern for the office is everybody's there only while the case is nobody's in particular. One for the national
    lead that no national lead may read, since it is about the only one, or whoever tells it is hidden from her, is
    read by who leads another division.

    Hidden from somebody counts only whoever tells it: else whom it is about could leave it without a reader.
    """
    no = denied(_("This is not for you to read."))
    if not isinstance(by, Staff) or _is_kept_from(by.user_id, concern) or not may_see(by, concern.raised_by_id):
        return no
    if by.is_national_lead:
        return ALLOWED
    if concern.addressee == Addressee.NATIONAL_LEAD:
        is_elsewhere = bool(by.leads) and concern.division_id not in by.casework
        return ALLOWED if is_elsewhere and _has_no_national_reader(concern, by.today) else no
    if concern.addressee != Addressee.COORDINATOR or concern.division_id not in by.casework:
        return no
    is_hers = concern.coordinator_id in {None, by.user_id}
    if is_hers or concern.division_id in by.leads:
        return ALLOWED
    return ALLOWED if concern.coordinator_id in blind_to(concern.raised_by_id) else no


def _has_no_national_reader(concern: Concern, on: date) -> bool:
    leads = national_leads(on)
    blind = blind_to(concern.raised_by_id) if leads else set()
    return all(user_id in blind or _is_kept_from(user_id, concern) for user_id in leads)


def _kept_from(user_id: UUID) -> Q:
    """Return which concerns a user never reads: the condition of :func:`_is_kept_from` for many."""
    among = Exists(_with_her_among_the_two(OuterRef("raised_by_id"), user_id))
    return Q(kept_from__contains=f";{user_key(user_id)};") | (Q(about__in=ABOUT_A_PARTNER) & Q(among))


def _is_kept_from(user_id: UUID, concern: Concern) -> bool:
    """Tell whether a user never reads a concern: named when it was told, or a partner of whoever told it by now.

    Somebody who works here may become known as a participant later: she is found by who signs in, and by her address.
    """
    if user_key(user_id) in concern.kept_from:
        return True
    return concern.about in ABOUT_A_PARTNER and _with_her_among_the_two(concern.raised_by_id, user_id).exists()


def _with_her_among_the_two(person: object, user_id: UUID) -> QuerySet[Partnership]:
    """Return the partnerships of a person, closed ones too, in which one of the two is a user."""
    address = Subquery(User.objects.filter(pk=user_id).exclude(email="").values(mail=Lower("email")))
    return (
        Partnership.objects.filter(Q(mentee__person=person) | Q(mentor__person=person))
        .annotate(one=Lower("mentee__person__email"), other=Lower("mentor__person__email"))
        .filter(Q(mentee__person__user=user_id) | Q(mentor__person__user=user_id) | Q(one=address) | Q(other=address))
    )


def may_step(by: Actor, concern: Concern, before: ConcernState, after: ConcernState) -> Answer:
    """Tell whether a concern may take a step now; who closes it is another one than who has seen to it."""
    if not (answer := may_read(by, concern)):
        return answer
    if concern.state != before or not CONCERN_STEPS.may(before, after):
        return denied(_("Somebody else has worked on this meanwhile. Look at it again."))
    if after == ConcernState.CLOSED and by.key in {concern.resolved_by, concern.taken_by}:
        return denied(_("A second reader closes it: somebody who has not seen to it herself."))
    return ALLOWED


def may_raise(by: Actor, person_id: object) -> Answer:
    """Everybody for herself."""
    if getattr(by, "person_id", None) == person_id and person_id is not None:
        return ALLOWED
    return denied(_("Only she herself can do this."))


def keys_of(*user_ids: object) -> tuple[str, ...]:
    """Return the keys of users who are kept from reading, each once; those who are nobody are left out."""
    return tuple(dict.fromkeys(user_key(one) for one in user_ids if one is not None))
