"""A letter in a coordinator's own words."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.divisions.models import Division
from mentornet.divisions.queries import all_divisions, organisation
from mentornet.intake.left import Left, how_left
from mentornet.intake.queries import applications_of_person, visible_people
from mentornet.messaging import services
from mentornet.messaging.letters import language_of, preview, preview_text
from mentornet.messaging.models import Channel
from mentornet.messaging.ways import channel_of
from mentornet.messaging.wording import MOST_BY_HAND
from mentornet.people.models import Person
from mentornet.people.recipients import find_recipient, person_key
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.ui.toasts import say


class LetterForm(forms.Form):
    """What she is to know."""

    text = forms.CharField(
        label=gettext_lazy("What she is to know"),
        error_messages={"required": gettext_lazy("Write what she is to know.")},
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto", "maxlength": MOST_BY_HAND, "data-keep": ""}),
        help_text=gettext_lazy("In her language, plainly. The greeting and the closing stand around it."),
    )

    anyway = forms.BooleanField(
        label=gettext_lazy("She takes no part now, and I write to her all the same: she waits for this."),
        error_messages={
            "required": gettext_lazy("She takes no part now. Tick this if she is to get the letter all the same.")
        },
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, has_left: bool, only_looks: bool, **given: Any) -> None:
        super().__init__(data, **given)
        if not has_left:
            del self.fields["anyway"]
        elif only_looks:
            self.fields["anyway"].required = False


@open_to(Policy.CASEWORK)
def write(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Write to somebody in one's own words: see how it arrives, and send it; a minute is left to take it back.

    Who has left is written to only after a second thought; who took her application back, not at all: she was told so.
    """
    person = get_object_or_404(visible_people(request.actor), pk=person_id)
    division = _division(request, person)
    channel, problem = channel_of(find_recipient(str(person.pk)))
    contact = {"coordinator": request.actor.name, "phone": division.phone} if division.phone else {}
    left = how_left(request.actor, person.pk)
    looks, may = "preview" in request.POST, channel is not None and left != Left.WITHDRAWN
    form = LetterForm(posted(request), has_left=left is not None, only_looks=looks, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid() and not looks and may:
        network = organisation()
        names = [network.name, network.legal_name, *(one.name for one in all_divisions())]
        letter = attempt(
            request,
            lambda: services.write_by_hand(
                by=request.actor,
                key=form.cleaned_data["key"],
                recipient=person_key(person.pk),
                text=form.cleaned_data["text"],
                division_id=division.pk,
                contact=contact,
                names=names,
            ),
            form,
        )
        if letter is not None:
            say(
                request,
                _("The letter to %(name)s leaves in a minute.") % {"name": person.first_name},
                undo=reverse("desk:letter_take_back", kwargs={"letter_id": letter.pk}),
            )
            return redirect("desk:person", person_id=person.pk)
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "channel": channel,
        "left": left,
        "problem": problem.label if problem is not None else "",
        "language": language_of(person.language),
        "preview": _preview(person, form, contact, channel),
    }
    if request.headers.get("HX-Target") == "preview":
        return render(request, "desk/letters/_by_hand_preview.html", context)
    return render(request, "desk/letters/by_hand.html", context, status=422 if form.errors else 200)


def _division(request: DeskRequest, person: Person) -> Division:
    """Return the division that she is written to from: the one that knew her last, of those that the actor works in."""
    newest = max(applications_of_person(request.actor, person.pk), key=lambda one: one.received_on, default=None)
    if newest is None:
        raise Http404
    return newest.division


def _preview(person: Person, form: LetterForm, contact: dict[str, str], channel: Channel | None) -> dict[str, str]:
    """Return how the letter arrives: with a line in place of what is not written yet."""
    text = (form.cleaned_data.get("text", "") if form.is_bound and not form.errors.get("text") else "") or "…"
    values = {"text": text, **contact}
    if channel == Channel.TEXT:
        return {"subject": "", "body": preview_text("by_hand", values, person.language)}
    subject, body = preview("by_hand", values, person.language, name=person.first_name)
    return {"subject": subject, "body": body}
