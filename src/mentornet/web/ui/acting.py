"""From a form to a service and back: a refusal becomes an error in the form, or a word on the next page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from mentornet.audit.services import record_refusal
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.common.patience import leads_nowhere
from mentornet.people.services import NOT_HERE

Result = TypeVar("Result")


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with: also when it was sent with nothing, and ``None`` when it was only opened."""
    return request.POST if request.method == "POST" else None


def _in_form(form: forms.BaseForm, error: ValidationError) -> None:
    """Put each error beside its field where the form has it, and above the form where it has not."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _note_refusal(request: HttpRequest) -> None:
    """Write into the audit that somebody tried what she may not."""
    actor = getattr(request, "participant", None) or getattr(request, "actor", None)
    match = request.resolver_match
    if actor is not None and match is not None:
        kept = next(iter(match.kwargs.values()), "")
        record_refusal(
            by=actor, act=match.view_name[:60], object_type="address", object_id=str(kept)[:40], reason="not allowed"
        )


def attempt(request: HttpRequest, act: Callable[[], Result], form: forms.BaseForm | None = None) -> Result | None:
    """Run a service. When it refuses, say why in the form, or on the next page without one, and return ``None``.

    Nothing is lost: the form keeps what was typed.
    """
    try:
        return act()
    except RefusedError as error:
        if isinstance(error, NotAllowedError):
            _note_refusal(request)
        if form is not None:
            form.add_error(None, str(error))
        else:
            messages.error(request, str(error))
    except ValidationError as error:
        if form is not None:
            _in_form(form, error)
        else:
            messages.error(request, " ".join(error.messages) or _("That cannot be stored."))
    except IntegrityError as error:
        # The database says it last: whoever this belongs to was erased, or made one with another row, at this moment.
        if not leads_nowhere(error):
            raise
        if form is not None:
            form.add_error(None, str(NOT_HERE))
        else:
            messages.error(request, str(NOT_HERE))
    return None
