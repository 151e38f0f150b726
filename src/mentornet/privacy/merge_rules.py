"""Who may make two rows one, what stands in the way of it, and until when it can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.queries import blind_to
from mentornet.divisions.rules import may_see
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import OPEN_STATES, ApplicationState, ConsentPurpose
from mentornet.intake.models import Application, Consent, Enrolment, Interview, Wish
from mentornet.matching.enums import HOLDING, LoanState, ProposalState
from mentornet.matching.models import Loan, Proposal
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Partnership
from mentornet.people.entrance import works_here
from mentornet.people.models import Avoidance, Person, Restriction
from mentornet.people.queries import kept_apart_between
from mentornet.privacy.enums import RequestKind
from mentornet.privacy.merge_choices import current_places
from mentornet.privacy.models import Merge, Request

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

UNDONE_WITHIN: Final = timedelta(days=30)
"""For how long two rows that were made one can be made two again."""
_OPEN: Final = (ProposalState.DRAFT, *HOLDING)
_LENT: Final = (LoanState.ASKED, LoanState.RELEASED)


def may_merge(by: Actor, people: Collection[Person], known_in: Collection[object]) -> Answer:
    """Making two rows one, and two again: casework in every division that knows either of them."""
    for person in people:
        if not (seen := may_see(by, person.pk)):
            return seen
    if isinstance(by, Staff) and (by.is_national_lead or by.casework.issuperset(known_in)):
        return ALLOWED
    return denied(_("This reaches further than the divisions that you work in. Ask the national lead."))


def may_undo(by: Actor, merge: Merge, person: Person, known_in: Collection[object]) -> Answer:
    """Making them two again: whoever may merge them, within thirty days, the last merge first."""
    if not (may := may_merge(by, [person], known_in)):
        return may
    if not merge.stands:
        return denied(_("This has been undone already."))
    if person.is_protected:
        return denied(
            _("She has been protected since. What would lead to her was sealed, and is not taken apart again.")
        )
    if merge.undo_until < by.today or not merge.steps:
        return denied(
            _("The thirty days are over, and what would be needed for it has been deleted. Enter the other one anew.")
        )
    later = Merge.objects.filter(person_id=person.pk, undone_at__isnull=True, created_at__gt=merge.created_at)
    if later.exists():
        return denied(_("She has been merged with another row since. Undo that one first."))
    return ALLOWED


def in_the_way(kept: Person, gone: Person, today: date) -> list[_StrOrPromise]:
    """Return what stands in the way of making two rows one, each in a sentence that says what to do."""
    del today
    return [
        *_of_who_they_are(kept, gone),
        *_of_whom_they_are_with(kept, gone),
        *_of_pairs(kept, gone),
        *_of_rights(kept, gone),
        *_of_open(kept, gone),
    ]


def _of_who_they_are(kept: Person, gone: Person) -> Iterator[_StrOrPromise]:
    if kept.is_protected or gone.is_protected:
        yield _(
            "One of the two is protected. Whoever is protected is not merged, so that nothing of hers is laid open: "
            "protect the other one too, on her page, and go on with one of them."
        )
    if kept_apart_between(kept.pk, gone.pk):
        yield _("It is noted that the two must not meet. They are two women. If that is a mistake, take it back first.")
    if kept.user is not None and gone.user is not None and works_here(kept.user) and works_here(gone.user):
        yield _("Both sign in as members of the staff. End the role of one of the two sign-ins first.")


def _of_whom_they_are_with(kept: Person, gone: Person) -> Iterator[_StrOrPromise]:
    """Yield that one of the two would be left with somebody who must not see her."""
    for one, other in ((kept, gone), (gone, kept)):
        places = Enrolment.objects.filter(person=other, ended_on__isnull=True, coordinator__isnull=False)
        talks = Interview.objects.filter(application__person=other, application__state=ApplicationState.BOOKED)
        with_whom = {*places.values_list("coordinator", flat=True), *talks.values_list("interviewer", flat=True)}
        if not with_whom.isdisjoint(blind_to(one.pk)):
            yield _(
                "One of the two must not be seen by the colleague who looks after the other one, or talks with her. "
                "Hand that case on first."
            )
            return


def _of_pairs(kept: Person, gone: Person) -> Iterator[_StrOrPromise]:
    together = Q(mentee__person=kept, mentor__person=gone) | Q(mentee__person=gone, mentor__person=kept)
    if Partnership.objects.filter(together).exists() or Proposal.objects.filter(together).exists():
        yield _("The two are, or were, proposed to each other or paired with each other. They are two women.")
    own, other = current_places(kept), current_places(gone)
    for key in own.keys() & other.keys():
        if own[key].promised + own[key].active and other[key].promised + other[key].active:
            yield _(
                "Both have a partnership or an open proposal in the same role and programme. Close or withdraw one of "
                "them first."
            )
    both = [kept.pk, gone.pk]
    if Loan.objects.filter(Q(mentee__person__in=both) | Q(mentor__person__in=both), state__in=_LENT).exists():
        yield _("A mentor has been asked for in another division, for one of the two or as one. Settle that first.")
    if _meets_whom_she_must_not(kept, gone) or _meets_whom_she_must_not(gone, kept):
        yield _(
            "One of the two must not meet somebody with whom the other one is paired, or who is proposed to her. See "
            "to that first: it comes before everything else."
        )


def _meets_whom_she_must_not(one: Person, other: Person) -> bool:
    """Tell whether somebody's partner is noted as one whom the other must not meet."""
    apart = {key for pair in Avoidance.objects.filter(Q(person=one) | Q(other=one)).values_list("person", "other")
             for key in pair} - {one.pk}  # fmt: skip
    if not apart:
        return False
    pairs = Q(mentee__person=other, mentor__person__in=apart) | Q(mentor__person=other, mentee__person__in=apart)
    return (
        Partnership.objects.filter(pairs, state__in=RUNNING).exists()
        or Proposal.objects.filter(pairs, state__in=_OPEN).exists()
    )


def _of_rights(kept: Person, gone: Person) -> Iterator[_StrOrPromise]:
    both = [kept.pk, gone.pk]
    requests = list(Request.objects.filter(person__in=both, closed_at__isnull=True).values_list("division_id", "kind"))
    if any(kind == RequestKind.ERASURE for _division, kind in requests):
        yield _("One of the two has asked to be forgotten. Answer that first.")
    elif len(set(requests)) < len(requests):
        yield _("Both wait for an answer to the same request about their data. Answer one of them first.")
    resting = set(Restriction.objects.filter(person__in=both, lifted_at__isnull=True).values_list("person", flat=True))
    mine = Q(mentee__person__in=both) | Q(mentor__person__in=both)
    if len(resting) == 1 and Proposal.objects.filter(mine, state__in=_OPEN).exists():
        yield _("The data of one of the two rest, and a proposal is open for the other. Withdraw the proposal first.")
    said = list(Consent.objects.filter(person__in=both, purpose=ConsentPurpose.HANDLING).values_list(
        "person_id", "withdrawn_at"
    ))  # fmt: skip
    stands = {key for key, at in said if at is None}
    if {key for key, _at in said} - stands and stands:
        yield _(
            "One of the two has taken back that we handle her application, and the other one has not. Ask her what she "
            "wants, and write it down on both pages first."
        )


def _of_open(kept: Person, gone: Person) -> Iterator[_StrOrPromise]:
    wishes = Wish.objects.filter(person__in=[kept, gone], settled_at__isnull=True).values_list("kind", flat=True)
    if len(set(wishes)) < len(wishes):
        yield _("Both ask their coordinator for the same thing. See to one of the two first.")
    rows = Application.objects.filter(person__in=[kept, gone], state__in=OPEN_STATES)
    standing = {(person.pk, *key) for person in (kept, gone) for key in current_places(person)}
    booked = [row for row in rows if row.state == ApplicationState.BOOKED]
    for row in booked:
        other = gone.pk if row.person_id == kept.pk else kept.pk
        twice = any(
            (one.person_id, one.role, one.programme_id) == (other, row.role, row.programme_id)
            and one.state == ApplicationState.BOOKED
            for one in rows
        )
        if twice or (other, row.role, row.programme_id) in standing:
            yield _("An interview is booked for a place that she has, or is about to have, already. Cancel it first.")
            return
