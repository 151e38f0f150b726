"""The order of the pages, by role: one question each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from mentornet.intake.completeness import missing_steps
from mentornet.intake.enums import Applying
from mentornet.intake.models import ApplicationDraft
from mentornet.people.enums import ContactWay
from mentornet.web.public.apply import forms, last_forms, more_forms
from mentornet.web.public.apply.forms import StepForm

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CONFIRM: Final = "confirm"
CHECK: Final = "check"


@dataclass(frozen=True, slots=True)
class Step:
    """One page.

    Attributes:
        slug: what stands in the address.
        title: its heading.
        lede: a sentence under the heading; may be empty.
        form: what it asks; none for the code and for looking at all answers.
        is_needed: nothing can be sent without it.
    """

    slug: str
    title: _StrOrPromise
    lede: _StrOrPromise
    form: type[StepForm] | None
    is_needed: bool = False


_STEPS: Final[Mapping[str, Step]] = {
    step.slug: step
    for step in (
        Step("place", _("Where do you want to meet us?"), _("Choose the office that is nearest to you."),
             forms.PlaceForm, is_needed=True),
        Step("programme", _("Who can take part"), _("Read who it is for, and say if it is you."),
             forms.ProgrammeForm, is_needed=True),
        Step("name", _("What is your name?"), "", forms.NameForm, is_needed=True),
        Step("contact", _("How can we reach you safely?"),
             _("We only contact you the way you choose, and only in the hours you choose."),
             forms.ContactForm, is_needed=True),
        Step(CONFIRM, _("Does our message reach you?"), "", None, is_needed=True),
        Step("languages", _("Which languages do you speak?"), "", more_forms.LanguagesForm),
        Step("life", _("A little about your life"), "", more_forms.LifeForm),
        Step("work", _("Work"), "", more_forms.WorkForm),
        Step("goals", _("What do you want to reach?"), "", more_forms.GoalsForm),
        Step("offer", _("What can you offer?"), "", more_forms.OfferForm),
        Step("times", _("When do you have time?"), _("Choose all times that are often possible. It is no promise."),
             more_forms.TimesForm),
        Step("meeting", _("How do you want to meet?"), "", more_forms.MeetingForm),
        Step("words", _("In your own words"), "", more_forms.WordsForm),
        Step("network", _("Your circle of people"), "", last_forms.NetworkForm, is_needed=True),
        Step("heard", _("How did you hear about us?"), "", last_forms.HeardForm),
        Step("consents", _("What you say yes to"),
             _("Each yes is for one thing only. You can take it back at any time."),
             last_forms.ConsentsForm, is_needed=True),
        Step(CHECK, _("Check your answers"), _("Nothing is sent before you press the button at the end."), None),
    )
}  # fmt: skip
_BEGIN: Final = ("place", "programme", "name", "contact", CONFIRM, "languages", "life", "work")
_END: Final = ("times", "meeting", "words", "heard", "consents", CHECK)
_ORDER: Final[Mapping[str, Sequence[str]]] = {
    Applying.MENTEE: (*_BEGIN, "goals", *_END),
    Applying.MENTOR: (*_BEGIN, "offer", *_END),
    Applying.CONTACT_PERSON: ("place", "name", "contact", CONFIRM, "network", "heard", "consents", CHECK),
}


def steps_of(draft: ApplicationDraft) -> list[Step]:
    """Return the pages that somebody goes through; nobody who is only called is sent a code."""
    slugs = _ORDER[draft.role]
    return [_STEPS[slug] for slug in slugs if slug != CONFIRM or draft.contact_way != ContactWay.CALL]


def step_of(draft: ApplicationDraft, slug: str) -> Step | None:
    """Return a page by its slug; ``None`` where her role has no such page."""
    return next((step for step in steps_of(draft) if step.slug == slug), None)


def after(draft: ApplicationDraft, slug: str) -> str:
    """Return the page that follows; a code that has been given back is not asked for again."""
    slugs = [step.slug for step in steps_of(draft)]
    following = slugs[slugs.index(slug) + 1 :] if slug in slugs else slugs
    return next((one for one in following if one != CONFIRM or not draft.is_confirmed), CHECK)


def before(draft: ApplicationDraft, slug: str) -> str | None:
    """Return the page that goes before; ``None`` on the first."""
    slugs = [step.slug for step in steps_of(draft)]
    preceding = slugs[: slugs.index(slug)] if slug in slugs else []
    return next((one for one in reversed(preceding) if one != CONFIRM or not draft.is_confirmed), None)


def where_to_go_on(draft: ApplicationDraft) -> str:
    """Return the page on which she goes on: after the last one she answered, or the first one that lacks an answer."""
    slugs = [step.slug for step in steps_of(draft)]
    missing = [slug for slug in missing_steps(draft) if slug in slugs]
    wanted = after(draft, draft.step) if draft.step in slugs else slugs[0]
    # Never past a page without which the following ones make no sense, such as the division before the programme.
    return min([wanted, *missing[:1]], key=slugs.index)
