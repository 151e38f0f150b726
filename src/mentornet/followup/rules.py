"""Who reads a concern, and who may do what with it; who notes a talk.

Narrower than casework: a concern is read by whoever it is for, and never by whoever it is about.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.common.actors import Actor, user_key
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.queries import blind_to, is_hidden_from, national_leads_here, stood_in_for
from mentornet.divisions.rules import may_see, may_work_in, seen_by
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import ABOUT_A_PARTNER, CONCERN_STEPS, Addressee, ConcernState
from mentornet.followup.models import Concern, Handover, Talk
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import may_work_on
from mentornet.people.enums import Role

TAKE_BACK_WITHIN: Final = timedelta(days=1)

BACK_WITHIN: Final = timedelta(days=3)
"""How long a handover can be taken back."""


def readable(by: Actor, away: Collection[UUID] | None = None) -> Q:
    """Return which concerns somebody reads: the condition of :func:`may_read` for many.

    Args:
        by: who reads.
        away: for whom she stands in today, where that has been asked already.
    """
    if not isinstance(by, Staff):
        return Q(pk__in=[])
    # Whom it is about may have hidden herself: only from whom the one is hidden who has told it counts here.
    kept = ~_kept_from(by.user_id) & seen_by(by, "raised_by")
    if by.is_national_lead:
        return kept
    elsewhere = Q(pk__in=[])
    if by.leads:
        elsewhere = Q(addressee=Addressee.NATIONAL_LEAD) & ~Q(division_id__in=by.casework)
        for user_id in national_leads_here(by.today):
            elsewhere &= _kept_from(user_id) | Q(is_hidden_from(Value(user_id), OuterRef("raised_by_id")))
    mine = Q(coordinator_id=by.user_id, division_id__in=by.casework)
    # A case whose coordinator must not see her is everybody's, lest nobody reads it.
    is_nobodys = Q(coordinator__isnull=True) | Q(is_hidden_from(OuterRef("coordinator_id"), OuterRef("raised_by_id")))
    nobodys = is_nobodys & Q(division_id__in=by.casework)
    for one in _stands_in_for(by) if away is None else sorted(away):
        mine |= Q(coordinator_id=one, division_id__in=by.casework) & ~_kept_from(one)
    hers = Q(addressee=Addressee.COORDINATOR) & (mine | nobodys | Q(division_id__in=by.leads))
    return kept & (hers | elsewhere)


def may_read(by: Actor, concern: Concern) -> Answer:
    """Whoever it is for: her coordinator and the division's lead, or the national lead alone; never whom it is about.

    A concern for the office is everybody's there only while the case is nobody's in particular. One for the national
    lead that no national lead may read, since it is about the only one who is here, or whoever tells it is hidden from
    her, is read by who leads another division.

    Hidden from somebody counts only whoever tells it: else whom it is about could leave it without a reader.

    While her coordinator is away, whoever stands in for that one reads it too: not what that one must not read.
    """
    no = denied(_("This is not for you to read."))
    if not isinstance(by, Staff) or is_kept_from(by.user_id, concern) or not may_see(by, concern.raised_by_id):
        return no
    if by.is_national_lead:
        return ALLOWED
    if concern.addressee == Addressee.NATIONAL_LEAD:
        is_elsewhere = bool(by.leads) and concern.division_id not in by.casework
        return ALLOWED if is_elsewhere and _has_no_national_reader(concern, by.today) else no
    if concern.addressee != Addressee.COORDINATOR or concern.division_id not in by.casework:
        return no
    hers = concern.coordinator_id
    if hers is None or hers == by.user_id or concern.division_id in by.leads or hers in blind_to(concern.raised_by_id):
        return ALLOWED
    return ALLOWED if hers in _stands_in_for(by) and not is_kept_from(hers, concern) else no


def _stands_in_for(by: Staff) -> list[UUID]:
    """Return for whom somebody stands in today."""
    return sorted(stood_in_for(by.user_id, by.today).values_list("user_id", flat=True))


def _has_no_national_reader(concern: Concern, on: date) -> bool:
    leads = national_leads_here(on)
    blind = blind_to(concern.raised_by_id) if leads else set()
    return all(user_id in blind or is_kept_from(user_id, concern) for user_id in leads)


def _kept_from(user_id: UUID) -> Q:
    """Return which concerns a user never reads: the condition of :func:`is_kept_from` for many."""
    as_mentee, as_mentor = (_with_her_among_the_two(side, OuterRef("raised_by_id"), user_id) for side in Role)
    among = Exists(as_mentee) | Exists(as_mentor)
    return Q(kept_from__contains=f";{user_key(user_id)};") | (Q(about__in=ABOUT_A_PARTNER) & Q(among))


def is_kept_from(user_id: UUID, concern: Concern) -> bool:
    """Tell whether a user never reads a concern: named when it was told, or a partner of whoever told it by now.

    Somebody who works here may become known as a participant later: she is found by who signs in, and by her address.
    """
    if user_key(user_id) in concern.kept_from:
        return True
    if concern.about not in ABOUT_A_PARTNER:
        return False
    as_mentee, as_mentor = (_with_her_among_the_two(side, concern.raised_by_id, user_id) for side in Role)
    return as_mentee.union(as_mentor).exists()


def _with_her_among_the_two(side: Role, person: object, user_id: UUID) -> QuerySet[Partnership, UUID]:
    """Return the partnerships of a person on one side, closed ones too, in which one of the two is a user.

    One side at a time, which the database finds by the person's enrolments: of both at once it would read every
    partnership there is.
    """
    address = Subquery(User.objects.filter(pk=user_id).exclude(email="").values(mail=Lower("email")))
    return (
        Partnership.objects.filter(**{f"{side}__person": person})
        .annotate(one=Lower("mentee__person__email"), other=Lower("mentor__person__email"))
        .filter(Q(mentee__person__user=user_id) | Q(mentor__person__user=user_id) | Q(one=address) | Q(other=address))
        .order_by()
        .values_list("pk", flat=True)
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


def may_log_talk(by: Actor, partnership: Partnership) -> Answer:
    """A talk with one of a pair: whoever looks after them, while it runs."""
    if not (answer := may_work_on(by, partnership)):
        return answer
    if not partnership.is_running:
        return denied(_("This partnership has been closed. What you hear now belongs in a note."))
    return ALLOWED


def may_take_talk_back(by: Actor, talk: Talk) -> Answer:
    """Whoever has written it, on the same day and the next."""
    if not (answer := may_log_talk(by, talk.partnership)):
        return answer
    if talk.written_by != by.key:
        return denied(_("Only who has written this can take it back."))
    if talk.created_at < by.at - TAKE_BACK_WITHIN:
        return denied(_("This is too long ago to be taken back. Write another one that puts it right."))
    return ALLOWED


def may_raise(by: Actor, person_id: object) -> Answer:
    """Everybody for herself."""
    if getattr(by, "person_id", None) == person_id and person_id is not None:
        return ALLOWED
    return denied(_("Only she herself can do this."))


def may_raise_for(by: Actor, division_id: UUID, person_id: UUID) -> Answer:
    """Writing down what somebody has told, or what was seen, for her sake: casework in a division that knows her."""
    return may_see(by, person_id) and may_work_in(by, division_id)


def may_hand_over(by: Actor, former_id: UUID, division_id: UUID) -> Answer:
    """Handing cases of a division over: its coordinators their own, and its lead anybody's."""
    if not (answer := may_work_in(by, division_id)):
        return answer
    if isinstance(by, Staff) and (by.user_id == former_id or division_id in by.leads):
        return ALLOWED
    return denied(_("You can hand over your own cases. Whoever leads the division can hand over everybody’s."))


def may_take_handover_back(by: Actor, handover: Handover) -> Answer:
    """Taking it back: whoever may hand these cases over, or has done so, for three days."""
    answer = may_hand_over(by, handover.former_id, handover.division_id)
    if not answer and by.key != handover.made_by:
        return answer
    if handover.taken_back_at is not None:
        return denied(_("This handover has been taken back already."))
    if by.at > handover.created_at + BACK_WITHIN:
        return denied(_("A handover can be taken back for three days. Hand the cases over anew instead."))
    return ALLOWED


def handover_visible(by: Actor) -> Q:
    """Return which handovers somebody sees: those of the divisions in which she works."""
    return Q(division_id__in=by.casework) if isinstance(by, Staff) else Q(pk__in=[])


def keys_of(*user_ids: object) -> tuple[str, ...]:
    """Return the keys of users who are kept from reading, each once; those who are nobody are left out."""
    return tuple(dict.fromkeys(user_key(one) for one in user_ids if one is not None))
