"""Writing down a quiet word for somebody's sake: told on the telephone, or seen. As secret as her own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from mentornet.divisions.queries import staff_at_work
from mentornet.followup import services
from mentornet.followup.enums import Heard
from mentornet.intake.queries import visible_people
from mentornet.partnerships.queries import running_of_people
from mentornet.partnerships.rules import may_work_on
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.concerns.forms import RaiseForm
from mentornet.web.ui.toasts import say


@open_to(Policy.CASEWORK)
@sensitive_post_parameters()
def raise_for(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Write down what somebody has told, or what was seen. Whoever it is for finds it on Today, and nobody else."""
    by = request.actor
    person = get_object_or_404(visible_people(by), pk=person_id)
    pairs = [one for one in running_of_people(by, [person.pk]) if may_work_on(by, one)]
    form = RaiseForm(
        posted(request),
        colleagues=staff_at_work(by.today, by.casework),
        partnerships=pairs,
        person_id=person.pk,
        initial={"heard": Heard.TOLD, "partnership": str(pairs[0].pk) if len(pairs) == 1 else ""},
    )
    if form.is_valid():
        told = form.cleaned_data
        concern = attempt(
            request,
            lambda: services.raise_for(
                by=by,
                person=person,
                about=told["about"],
                words=told["words"],
                heard=told["heard"],
                partnership=next((one for one in pairs if str(one.pk) == told.get("partnership")), None),
                addressee=told["addressee"],
                colleague=told["colleague"],
                wants_call=told["wants_call"],
                call_words=told["call_words"],
            ),
            form,
        )
        if concern is not None:
            # The same, whoever may read it: nothing here tells about whom it is.
            say(request, _("Kept. Whoever it is for finds it on Today; nobody else is told."))
            return redirect("desk:concerns")
    context = {"form": form, "person": person}
    return render(request, "desk/concerns/new.html", context, status=422 if form.errors else 200)
