"""Neutral places in which two can meet for the first time: each division's lead keeps her own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mentornet.divisions import services as divisions
from mentornet.divisions.models import Division, MeetingPlace
from mentornet.divisions.queries import led_by, places_of
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.ui.toasts import say


class PlaceForm(forms.Form):
    """A place, as letters and calendars name it."""

    name = forms.CharField(
        label=gettext_lazy("Name of the place"),
        max_length=60,
        help_text=gettext_lazy("A library or a café: a name that gives nothing away to whoever else reads the letter."),
    )
    address = forms.CharField(label=gettext_lazy("Street and town"), max_length=58, required=False)
    note = forms.CharField(
        label=gettext_lazy("How they find each other there"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Shown on their own pages, such as “by the newspapers on the first floor”."),
    )


class NewPlaceForm(PlaceForm):
    """A new place, in one of the divisions that she leads."""

    division: forms.ModelChoiceField[Division] = forms.ModelChoiceField(
        label=gettext_lazy("Division"), queryset=None, empty_label=None
    )
    field_order = ("division", "name", "address", "note")

    def __init__(self, *args: Any, divisions: QuerySet[Division], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["division"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = divisions
        choice.widget.attrs["data-as-written"] = ""


def _place(request: DeskRequest, place_id: UUID) -> MeetingPlace:
    return get_object_or_404(places_of(request.actor), pk=place_id)


@open_to(Policy.LEAD)
def places(request: DeskRequest) -> HttpResponse:
    """List the places, and add one."""
    actor = request.actor
    form = NewPlaceForm(posted(request), divisions=led_by(actor))
    if form.is_valid():
        facts = dict(form.cleaned_data)
        division = facts.pop("division")
        if attempt(request, lambda: divisions.add_place(by=actor, division=division, facts=facts), form) is not None:
            say(request, _("Added. It is suggested to the next two who want to meet."))
            return redirect("desk:places")
    context = {"form": form, "places": places_of(actor)}
    return render(request, "desk/setup/places.html", context, status=422 if form.errors else 200)


@open_to(Policy.LEAD)
def place(request: DeskRequest, place_id: UUID) -> HttpResponse:
    """Change a place's words."""
    found = _place(request, place_id)
    initial = {"name": found.name, "address": found.address, "note": found.note}
    form = PlaceForm(posted(request), initial=initial)
    if form.is_valid():
        changed = attempt(
            request, lambda: divisions.change_place(by=request.actor, place=found, facts=form.cleaned_data), form
        )
        if changed is not None:
            say(request, _("Saved."))
            return redirect("desk:places")
        found.refresh_from_db()
    return render(request, "desk/setup/place.html", {"form": form, "place": found}, status=422 if form.errors else 200)


@open_to(Policy.LEAD)
@require_POST
def place_off(request: DeskRequest, place_id: UUID) -> HttpResponse:
    """Stop suggesting a place."""
    return _turn(request, place_id, is_active=False)


@open_to(Policy.LEAD)
@require_POST
def place_on(request: DeskRequest, place_id: UUID) -> HttpResponse:
    """Suggest a place again."""
    return _turn(request, place_id, is_active=True)


def _turn(request: DeskRequest, place_id: UUID, *, is_active: bool) -> HttpResponse:
    found = _place(request, place_id)
    facts = {"is_active": is_active}
    if attempt(request, lambda: divisions.change_place(by=request.actor, place=found, facts=facts)) is not None:
        words = _("It is suggested again.") if is_active else _("It is no longer suggested. Planned meetings stay.")
        say(request, words, undo="" if is_active else reverse("desk:place_on", args=[found.pk]))
    return redirect("desk:places")
