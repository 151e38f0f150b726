"""The first steps of an installation: what is done and what is left, read from the data each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from babel import UnknownLocaleError
from babel.lists import format_list
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mentornet.accounts.models import User
from mentornet.backups.queries import standing
from mentornet.common.beats import is_a_worker_alive
from mentornet.common.database_safety import database_findings
from mentornet.common.safety import Finding, findings
from mentornet.divisions.queries import (
    all_divisions,
    divisions_without_staff,
    is_described,
    national_leads,
    open_divisions,
)
from mentornet.divisions.queries import organisation as described
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Channel, LetterState
from mentornet.messaging.trials import arrived, latest, letter_of
from mentornet.programmes.queries import current_versions, open_programmes_in
from mentornet.web.access import has_second_factor

DONE: Final = "done"
OPEN: Final = "open"
LEFT_OUT: Final = "left out"


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps.

    Attributes:
        key: names it on the page.
        title: what there is to do, or what is done.
        words: how it stands, and what to do next.
        state: done, open, or left out where this installation does without.
        url: where it is done; empty where it is done elsewhere.
        action: the words of the way there.
        channel: of a trial letter that can be sent from here; empty for other steps.
        waits: a trial letter whose code has not been typed yet has left.
        found: what is not as it should be, of the step that looks at the settings.
    """

    key: str
    title: str
    words: str
    state: str
    url: str = ""
    action: str = ""
    channel: str = ""
    waits: bool = False
    found: Sequence[Finding] = field(default_factory=tuple)

    @property
    def is_open(self) -> bool:
        """Whether it is left to do."""
        return self.state == OPEN


def _listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them."""
    try:
        return format_list(names, locale=get_language() or "en")
    except UnknownLocaleError:
        return ", ".join(names)


def _state(is_done: bool) -> str:
    return DONE if is_done else OPEN


def _second_factor(_by: Staff, user: User) -> Step:
    is_done = has_second_factor(user)
    words = (
        _("Your telephone shows a code at each sign-in. Keep the recovery codes where you find them without it.")
        if is_done
        else _("Without it, a password that somebody has seen is enough to come in.")
    )
    return Step("second-step", _("Your own second step"), words, _state(is_done), reverse("mfa_index"), _("Look at it"))


def _organisation(_by: Staff, _user: User) -> Step:
    found = described()
    lacking = [
        words
        for has_it, words in (
            (found.legal_name, _("the organisation behind it")),
            (found.email or found.phone, _("how to reach it")),
            (found.data_protection_email or found.email, _("whom to write to about one’s data")),
        )
        if not has_it
    ]
    is_there = is_described()
    if not is_there:
        words = _("The public site does not say who runs the network.")
    elif lacking:
        words = _("The privacy notice still lacks: %(what)s.") % {"what": _listed(lacking)}
    else:
        words = _("The public site and the privacy notice name it.")
    is_done = is_there and not lacking
    return Step(
        "organisation",
        _("Say who runs the network"),
        words,
        _state(is_done),
        reverse("desk:organisation"),
        _("Open the organisation"),
    )


def _divisions(by: Staff, _user: User) -> Step:
    there = list(open_divisions(by.today))
    lacking = [division.name for division in there if not division.phone]
    if not there:
        words = _("Nobody can apply before there is a division. One is enough.")
    elif lacking:
        words = _("Letters ask people to call the office. No telephone stands there for: %(names)s.") % {
            "names": _listed(lacking)
        }
    else:
        words = ngettext("%(count)s division is open.", "%(count)s divisions are open.", len(there)) % {
            "count": len(there)
        }
    is_one = len(lacking) == 1
    one = next((division for division in there if division.name in lacking), None)
    url = (
        reverse("desk:division", args=[one.pk])
        if is_one and one is not None
        else reverse("desk:setup" if there else "desk:division_new")
    )
    action = _("Open its page") if is_one else _("Open the list") if there else _("Open a division")
    return Step("divisions", _("Open the divisions"), words, _state(bool(there) and not lacking), url, action)


def _programme(by: Staff, _user: User) -> Step:
    running = open_programmes_in(list(all_divisions().values_list("pk", flat=True)), by.today)
    versions = list(current_versions(running).select_related("programme"))
    lacking = [version.programme.name for version in versions if not any(version.eligibility.values())]
    title = _("Begin with a programme")
    if not versions:
        words = _("Nobody can apply before there is a programme. Three are ready to begin with.")
        return Step("programme", title, words, OPEN, reverse("desk:first_programme"), _("Choose a programme"))
    if lacking:
        words = _("Nobody has written who may take part in: %(names)s. The national lead writes it.") % {
            "names": _listed(lacking)
        }
    else:
        words = _("What counts in it, and who may take part, is changed in the set-up by the national lead.")
    url = reverse("desk:programme", args=[versions[0].programme_id]) if by.casework else ""
    return Step("programme", title, words, _state(not lacking), url, _("Look at it"))


def _staff(by: Staff, _user: User) -> Step:
    lacks_lead = not national_leads(by.today)
    lacking = [division.name for division in divisions_without_staff(by.today)]
    if lacks_lead:
        words = _("There is no national lead. She leads the programmes, and reads quiet words about coordinators.")
    elif lacking:
        words = _("Nobody works in: %(names)s. Give somebody the role; the same person may have several.") % {
            "names": _listed(lacking)
        }
    else:
        words = _("Every division has somebody who works in it, and there is a national lead.")
    return Step(
        "staff",
        _("Invite who works with you"),
        words,
        _state(not lacks_lead and not lacking),
        reverse("desk:staff"),
        _("Open the list of staff"),
    )


def _trial(at: datetime, channel: Channel, title: str, done: str, todo: str) -> Step:
    """Return the step of one way of writing, with how its last trial stands."""
    if arrived(channel) is not None:
        return Step(f"trial-{channel}", title, done, DONE, channel=channel)
    tried = latest(channel)
    letter = letter_of(tried) if tried is not None else None
    words, waits = todo, False
    if letter is not None and tried is not None:
        if letter.state in {LetterState.SENT, LetterState.UNCERTAIN}:
            words = _("One has left for %(address)s. Type the code that stands in it, within ten minutes.") % {
                "address": tried.address
            }
            waits = True
        elif letter.problem:
            words = f"{letter.get_problem_display()} {letter.problem_detail}".strip()
        elif is_a_worker_alive(at):
            words = _("One is on its way to %(address)s. Look again in a moment.") % {"address": tried.address}
            waits = True
        else:
            words = _("Nobody sends letters now: no worker runs. Start mentornet worker, or serve without --no-worker.")
    return Step(f"trial-{channel}", title, words, OPEN, channel=channel, waits=waits)


def _letters(by: Staff, _user: User) -> Step:
    return _trial(
        by.at,
        Channel.EMAIL,
        _("See a letter arrive"),
        _("A letter has arrived the way letters leave now."),
        _("Send one to yourself, and type the code that stands in it: so you know that letters arrive."),
    )


def _texts(by: Staff, _user: User) -> Step:
    title = _("See a text message arrive")
    if not settings.SMS_URL:
        words = _("This installation sends none. Who has no e-mail address stands on Today, to be called.")
        return Step("trial-text", title, words, LEFT_OUT)
    return _trial(
        by.at,
        Channel.TEXT,
        title,
        _("A text message has arrived the way they leave now."),
        _("Send one to your own telephone, and type the code that stands in it."),
    )


def _backup(by: Staff, _user: User) -> Step:
    held = standing(by.at)
    if not held.is_set_up:
        words = _(
            "None is made. Say on the machine where it goes: run mentornet setup once more, or set "
            "MENTORNET_BACKUP_FOLDER."
        )
    elif held.lacks_backup:
        words = _("It is set up. The first one is made in the night; until then this stays open.")
    elif held.lacks_drill:
        words = _("One was made. Nobody has tried yet whether it can be restored: run mentornet drill.")
    else:
        words = _("The last one was restored elsewhere as a trial, and held.")
    is_done = held.is_set_up and not held.lacks_backup and not held.lacks_drill
    return Step(
        "backup",
        _("Have a backup made each night"),
        words,
        _state(is_done),
        reverse("desk:backups"),
        _("See to the backups"),
    )


def _safety(_by: Staff, _user: User) -> Step:
    found = [*findings(), *database_findings()]
    words = (
        ngettext(
            "%(count)s thing is not as it should be where real people’s data are kept:",
            "%(count)s things are not as they should be where real people’s data are kept:",
            len(found),
        )
        % {"count": len(found)}
        if found
        else _("mentornet check has nothing to say.")
    )
    return Step("safety", _("Make the installation safe"), words, _state(not found), found=tuple(found))


STEPS: Final[tuple[Callable[[Staff, User], Step], ...]] = (
    _second_factor, _organisation, _divisions, _programme, _staff, _letters, _texts, _backup, _safety,
)  # fmt: skip


def left_of_first_steps(by: Staff, user: User) -> dict[str, object]:
    """Return what Today says of them to an administrator while one is left; nothing to others, and once all are done.

    A demonstration has nothing to begin with.
    """
    if not by.is_administrator or settings.DEMO:
        return {}
    steps = [step for step in first_steps(by, user) if step.state != LEFT_OUT]
    left = [step for step in steps if step.is_open]
    if not left:
        return {}
    return {"first_next": left[0], "first_count": len(steps), "first_done": len(steps) - len(left)}


def first_steps(by: Staff, user: User) -> list[Step]:
    """Return all first steps as they stand now."""
    return [step(by, user) for step in STEPS]
