"""Using up what a second person has said yes to: once for each act."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.divisions.staff import Staff
from mentornet.people.enums import RevealKind
from mentornet.people.models import Person, Reveal
from mentornet.privacy.rules import second_word


def use_second_word(by: Actor, person: Person, kind: RevealKind) -> None:
    """Use up what the actor was allowed to do with somebody protected, in the transaction of the act.

    Nothing is asked of whoever acts for herself, and of the program; nor where nobody is protected.

    Raises:
        ChangedMeanwhileError: it was done with it already.
    """
    if not isinstance(by, Staff) or not person.is_protected:
        return
    word = second_word(by, person, kind)
    if word is None or not Reveal.objects.filter(pk=word.pk, used_at__isnull=True).update(used_at=by.at):
        raise ChangedMeanwhileError(_("What the second person said yes to has been done. Ask again."))
