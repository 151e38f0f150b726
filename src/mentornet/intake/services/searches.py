"""Searches that somebody keeps."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.common.actors import Actor
from mentornet.common.answers import RefusedError
from mentornet.intake.models import SavedSearch


@transaction.atomic
def save_search(*, by: Actor, user: User, page: str, name: str, query: str) -> SavedSearch:
    """Keep a search under a name; the same name again replaces it.

    Raises:
        ValidationError: no name, or one that is too long.
        RefusedError: there are fifty already.
    """
    name = " ".join(name.split())
    if SavedSearch.objects.filter(user=user, page=page).exclude(name=name).count() >= 50:
        raise RefusedError(_("You keep fifty searches here already. Delete one first."))
    search = SavedSearch.objects.filter(user=user, page=page, name=name).first() or SavedSearch(
        user=user, page=page, name=name, created_at=by.at
    )
    search.query = query
    search.full_clean(validate_unique=False, validate_constraints=False)
    search.save()
    return search


@transaction.atomic
def forget_search(*, by: Actor, search: SavedSearch) -> None:
    """Delete a kept search."""
    del by
    search.delete()
