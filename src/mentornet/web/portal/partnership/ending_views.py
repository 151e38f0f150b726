"""About to end, or not: her own answer to why, and writing the agreement anew for longer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from mentornet.partnerships import services
from mentornet.partnerships.queries import sides_of, standing_closure
from mentornet.web.access import PortalRequest
from mentornet.web.portal.partnership.forms import LongerForm, WhyForm
from mentornet.web.portal.partnership.pages import back_to, mine, of_the_two, ours, page_of
from mentornet.web.portal.shell import attempt, posted
from mentornet.web.ui.toasts import say


@of_the_two
def why(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Let her say why it ends, as she sees it."""
    pair, side = mine(request, partnership_id)
    closure = standing_closure(pair)
    if closure is None:
        raise Http404
    closure.partnership = pair
    own = sides_of(closure).get(side=side)
    initial = {"reason": own.own_reason, "words": own.own_words, "contact": own.own_contact}
    form = WhyForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            request,
            lambda: services.say_why(
                by=request.participant,
                closure=closure,
                reason=data["reason"],
                words=data["words"],
                contact=data["contact"],
            ),
            form,
        )
        if done is not None:
            say(request, _("Thank you. The office reads it. You can change it here."))
            return back_to("partnership", pair)
    return page_of(request, "why", pair, side, form=form)


@of_the_two
def longer(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Write the same agreement anew, for some more months."""
    pair, side = ours(request, partnership_id)
    form = LongerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        months = form.cleaned_data["months"]
        by = request.participant
        done = attempt(request, lambda: services.ask_to_go_on(by=by, partnership=pair, months=months), form)
        if done is not None:
            say(request, _("It is written. Now you both sign it."))
            return back_to("agreement", pair)
    return page_of(request, "longer", pair, side, form=form)
