"""Who searches, who answers, whose name may be kept, and whose rows somebody sees."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System, Visitor
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_see, may_work_in
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.rules import in_divisions, may_work_on
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from mentornet.sourcing.enums import AskingState, ProspectState, SearchState
from mentornet.sourcing.models import Asking, Prospect, ProspectList, Search


def may_search(by: Actor, mentee: Enrolment | None, division_id: object) -> Answer:
    """Begin a search: casework in the division; for somebody only while she waits."""
    if mentee is None:
        return may_work_in(by, division_id)  # type: ignore[arg-type]  # a key, as forms and rows give it
    if not (answer := may_work_on(by, mentee)):
        return answer
    if mentee.role != Role.MENTEE or mentee.division_id != division_id:
        return denied(_("A search is for a mentee of the division."))
    if mentee.ended_on is not None:
        return denied(_("She has left the waiting list."))
    if mentee.active:
        return denied(_("She has a mentor, and waits no longer."))
    return ALLOWED


def may_work_on_search(by: Actor, search: Search) -> Answer:
    """Casework in the search's division; not where it is for somebody hidden from the actor."""
    if search.mentee is not None and not (answer := may_see(by, search.mentee.person_id)):
        return answer
    return may_work_in(by, search.division_id)


def may_send(by: Actor, search: Search) -> Answer:
    """Send a search, or ask more people in it: not once it is closed."""
    if not (answer := may_work_on_search(by, search)):
        return answer
    if search.state == SearchState.CLOSED:
        return denied(_("This search is closed. Open it again first."))
    return ALLOWED


def may_discard(by: Actor, search: Search) -> Answer:
    """Throw away a search that nobody has sent."""
    if not (answer := may_work_on_search(by, search)):
        return answer
    if search.state != SearchState.DRAFT:
        return denied(_("This search has been sent. Close it instead."))
    return ALLOWED


def may_answer(by: Actor, asking: Asking) -> Answer:
    """Answer: she who was asked, and nobody for her, while the search goes on.

    An expert is no participant: whoever holds the link in her letter comes as a visitor, with her own asking alone.
    """
    is_hers = (
        isinstance(by, Participant) and asking.contact is not None and asking.contact.person_id == by.person_id
    ) or (isinstance(by, Visitor) and asking.prospect is not None and asking.prospect.is_there)
    if not is_hers:
        return denied(_("Only she herself can do this."))
    if not asking.search.is_open:
        return denied(_("This search is over. You do not need to do anything."))
    return ALLOWED


def may_write_through(asking: Asking) -> Answer:
    """Begin to write to us through an address that was passed on: while the search goes on."""
    if asking.state != AskingState.ANSWERED or not asking.has_led_on or not asking.search.is_open:
        return denied(_("This search is over. You do not need to do anything."))
    return ALLOWED


def may_keep_experts(by: Actor, division_id: object) -> Answer:
    """Bring in, see and ask experts: casework in the division."""
    return may_work_in(by, division_id)  # type: ignore[arg-type]  # a key, as forms and rows give it


def may_write_to(by: Actor, prospect: Prospect) -> Answer:
    """Write to an expert: casework in the division, while she has not said no."""
    if not (answer := may_work_in(by, prospect.division_id)):
        return answer
    return ALLOWED if prospect.is_there else denied(_("She is not written to any more."))


def may_say_no(by: Actor, prospect: Prospect) -> Answer:
    """End it for ever: she herself by her link, and whoever writes down that she has said so."""
    if isinstance(by, Visitor):
        return ALLOWED
    return may_work_in(by, prospect.division_id)


def may_say_yes(by: Actor, prospect: Prospect) -> Answer:
    """Let us ask her again: she herself by her link."""
    if not isinstance(by, Visitor):
        return denied(_("Only she herself can do this."))
    if prospect.state not in {ProspectState.TOLD, ProspectState.WILLING}:
        return denied(_("We have nothing of you any more."))
    return ALLOWED


def may_take_over(by: Actor, found: ProspectList) -> Answer:
    """Take over or throw away a list: whoever has brought it in, once."""
    if not (answer := may_work_in(by, found.division_id)):
        return answer
    if isinstance(by, Staff) and found.made_by != by.key:
        return denied(_("A colleague has brought this list in: she looks at it."))
    if found.taken_at is not None or not found.rows:
        return denied(_("This list has been taken over, or is too old. Bring it in again."))
    return ALLOWED


def may_do_by_itself(by: Actor) -> Answer:
    """What comes round by itself: the program alone."""
    return ALLOWED if isinstance(by, System) else denied(_("The program does this by itself."))


def visible(by: Actor, path: str = "") -> Q:
    """Return which searches somebody sees: of her divisions, none for somebody hidden from her."""
    found = in_divisions(by, path)
    if isinstance(by, Staff) and by.hidden:
        found &= Q(**{f"{path}mentee__isnull": True}) | ~Q(**{f"{path}mentee__person_id__in": by.hidden})
    return found
