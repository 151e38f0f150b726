"""Likely doubles: the list, two rows beside each other, making them one, saying that they are two, and undoing."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentornet.intake.queries import people_found, visible_people
from mentornet.people.models import Person
from mentornet.privacy.doubles import likely_doubles, may_be_her
from mentornet.privacy.merge_choices import mark_of_two
from mentornet.privacy.merge_rules import in_the_way, may_merge, may_undo
from mentornet.privacy.merged import come_since, counts_of, merged_into, moved, said_not_the_same, visible_merges
from mentornet.privacy.queries import divisions_that_know
from mentornet.privacy.services.merging import (
    merge_people,
    say_not_the_same,
    take_not_the_same_back,
    unmerge_people,
)
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.doubles import shown
from mentornet.web.desk.doubles.forms import MergeForm
from mentornet.web.desk.doubles.still_open import still_open
from mentornet.web.desk.people.standing import rows_of
from mentornet.web.desk.people.views import visible_person
from mentornet.web.ui.toasts import say

PAGE: Final = 25
MOST_FOUND: Final = 10


@open_to(Policy.CASEWORK)
def doubles(request: DeskRequest) -> HttpResponse:
    """Show who of her people may stand here twice, those with most in common first."""
    page = Paginator(likely_doubles(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "pairs": shown.pairs_of(request.actor, page.object_list)}
    return render(request, "desk/doubles/doubles.html", context)


@open_to(Policy.CASEWORK)
def find(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Choose the other row of somebody whom nothing tells to be a double, such as one under another name."""
    by, person = request.actor, visible_person(request, person_id)
    text = request.GET.get("q", "").strip()
    found = people_found(by, text).exclude(pk=person.pk)[:MOST_FOUND] if text else []
    likely = [
        {"person": pair.other if pair.one.person.pk == person.pk else pair.one, "why": pair.why}
        for pair in shown.pairs_of(by, may_be_her(by, person))
    ]
    context = {"person": person, "text": text, "rows": rows_of(by, found) if text else [], "likely": likely}
    return render(request, "desk/doubles/find.html", context)


def _two(request: DeskRequest, person_id: UUID, double_id: UUID) -> tuple[Person, Person] | None:
    """Return both, ``None`` where one of them has been merged meanwhile, or answer that there is nobody."""
    found = {one.pk: one for one in visible_people(request.actor).filter(pk__in=[person_id, double_id])}
    if person_id == double_id:
        raise Http404
    if person_id in found and double_id in found:
        return found[person_id], found[double_id]
    return None


def _merged_already(request: DeskRequest, person_id: UUID, double_id: UUID) -> HttpResponse:
    for gone_id in (double_id, person_id):
        if (merge := merged_into(request.actor, gone_id)) is not None:
            say(request, _("The two have been made one already. Nothing was done a second time."), tone="info")
            return redirect("desk:merge", merge_id=merge.pk)
    raise Http404


@open_to(Policy.CASEWORK)
def compare(request: DeskRequest, person_id: UUID, double_id: UUID) -> HttpResponse:
    """Show two rows beside each other, and make them one."""
    by, two = request.actor, _two(request, person_id, double_id)
    if two is None:
        return _merged_already(request, person_id, double_id)
    kept, gone = two
    chosen = {name: str(value) for name, value in request.POST.items() if "." in name or name == "login"}
    form = MergeForm(posted(request), initial={"seen": mark_of_two(kept, gone)})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        done = attempt(
            request,
            lambda: merge_people(by=by, kept=kept, gone=gone, chosen=chosen, reason=told["reason"], seen=told["seen"]),
            form,
        )
        if done is not None:
            say(
                request,
                _("The two are one now. For thirty days it can be undone."),
                undo=reverse("desk:merge_undo", args=[done.pk]),
            )
            return redirect("desk:person", person_id=done.person_id)
        if (again := _two(request, person_id, double_id)) is None:
            return _merged_already(request, person_id, double_id)
        kept, gone = again
    may = may_merge(by, [kept, gone], divisions_that_know(kept.pk) | divisions_that_know(gone.pk))
    ways = in_the_way(kept, gone, by.today) if may else []
    is_open = bool(may) and not ways
    sides = shown.sides_of(by, [kept, gone])
    context = {
        "kept": sides[str(kept.pk)],
        "gone": sides[str(gone.pk)],
        "may": may,
        "ways": ways,
        "is_open": is_open,
        "still_open": still_open(by, [kept, gone]) if ways else [],
        "parts": shown.parts_of(by, kept, gone, chosen) if is_open else [],
        "counts": shown.counts_in_words(counts_of(gone)) if is_open else [],
        "not_the_same": said_not_the_same(kept.pk, gone.pk),
        "form": form,
    }
    return render(request, "desk/doubles/compare.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def two_women(request: DeskRequest, person_id: UUID, double_id: UUID) -> HttpResponse:
    """Remember that the two are two women."""
    by, two = request.actor, _two(request, person_id, double_id)
    if two is None:
        return _merged_already(request, person_id, double_id)
    if attempt(request, lambda: say_not_the_same(by=by, one=two[0], other=two[1])) is not None:
        say(
            request,
            _("Noted: these are two women. Nobody is asked about them again."),
            undo=reverse("desk:double_maybe", args=[person_id, double_id]),
        )
    return redirect("desk:doubles")


@open_to(Policy.CASEWORK)
@require_POST
def maybe_one(request: DeskRequest, person_id: UUID, double_id: UUID) -> HttpResponse:
    """Take it back that the two are two women."""
    by, two = request.actor, _two(request, person_id, double_id)
    if two is None:
        return _merged_already(request, person_id, double_id)
    row = said_not_the_same(person_id, double_id)
    if row is None:
        say(request, _("Somebody has taken this back already."), tone="info")
        return redirect("desk:double", person_id=person_id, double_id=double_id)

    def act() -> bool:
        take_not_the_same_back(by=by, row=row)
        return True

    if attempt(request, act):
        say(request, _("Taken back. They are among the likely doubles again, if anything is alike."))
    return redirect("desk:double", person_id=person_id, double_id=double_id)


@open_to(Policy.CASEWORK)
def merge(request: DeskRequest, merge_id: UUID) -> HttpResponse:
    """Show what was merged, by whom and why, and until when it can be undone."""
    by, one = request.actor, get_object_or_404(visible_merges(request.actor), pk=merge_id)
    context = {
        "merge": one,
        "person": one.person,
        "counts": shown.counts_in_words(moved(one)),
        "since": shown.counts_in_words(come_since(one)) if one.stands else [],
        "may": may_undo(by, one, one.person, divisions_that_know(one.person_id)),
    }
    return render(request, "desk/doubles/merge.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def undo(request: DeskRequest, merge_id: UUID) -> HttpResponse:
    """Make two of one again."""
    by, one = request.actor, get_object_or_404(visible_merges(request.actor), pk=merge_id)
    undone = attempt(request, lambda: unmerge_people(by=by, merge=one))
    if undone is None:
        return redirect("desk:merge", merge_id=one.pk)
    count = sum(undone.changed.values()) + undone.missing
    if count:
        left = ngettext(
            "They are two again. %(count)s thing that was changed since stays as it is: look at both.",
            "They are two again. %(count)s things that were changed since stay as they are: look at both.",
            count,
        )
        say(request, left % {"count": count}, tone="warn")
    else:
        say(request, _("They are two again, and everything is back where it was."))
    return redirect("desk:double", person_id=one.person_id, double_id=one.gone_id)
