"""The record of processing and the impact assessment as text: one source for the page, the print and the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.common.fields import Level, Retention
from mentornet.divisions.models import Organisation
from mentornet.privacy.assessing import AssessmentStanding
from mentornet.privacy.harms import GRADES, HARMS, Harm, Risk
from mentornet.privacy.processing import ACTIVITIES, GROUNDS, PEOPLE, Activity, Part, parts_of
from mentornet.web.desk.data_protection.shown import CLASSES


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _line(label: str, text: object) -> str:
    return f"{label}: {text}"


def _safe(text: str) -> str:
    """Return what somebody wrote so that no sign in it counts as markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in " ".join(text.split()))


def _level(level: Level) -> str:
    return {
        Level.OPEN: _("everyone"),
        Level.INTRODUCTION: _("the other side of a proposal"),
        Level.PARTNER: _("her partner, after both have said yes"),
        Level.CASEWORK: _("coordinators of her division"),
        Level.RESTRICTED: _("named staff; each look is noted"),
    }[level]


def _days(retention: Retention, days: Mapping[Retention, int]) -> str:
    count = days[retention]
    length = ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
    return f"{CLASSES[retention][0]}: {length}"


def head(organisation: Organisation, at: datetime, program: str) -> Iterator[str]:
    """Yield who answers for the data, and as of when this is."""
    yield _list(
        line
        for line in (
            _line(_("Who answers for the data"), _safe(organisation.legal_name or organisation.name)),
            _line(_("Address"), _safe(organisation.address)) if organisation.address else "",
            _line(_("Whom to write to"), _safe(organisation.data_protection_email or organisation.email))
            if organisation.data_protection_email or organisation.email
            else "",
            _line(_("As of"), f"{date_format(at, 'DATE_FORMAT')}, Mentornet {program}"),
        )
        if line
    )


def record_of_processing(organisation: Organisation, at: datetime, program: str, days: Mapping[Retention, int]) -> str:
    """Return the record of processing (Article 30) in Markdown."""
    blocks = [*head(organisation, at, program)]
    for activity in ACTIVITIES:
        blocks += _activity(activity, days)
    blocks.append("## " + _("How it is kept safe"))
    blocks.append(
        _list(
            (
                _("Each sees what her role and her division reach; on PostgreSQL the database holds to it beneath."),
                _("The staff sign in with a second factor."),
                _("Who did what is written down in a chain that shows whether anybody has changed it."),
                _("Backups are sealed, tried, and kept for a number of nights."),
                _("Nothing is sent to a country outside the European Economic Area by the program itself."),
            )
        )
    )
    return "\n\n".join(blocks) + "\n"


def _activity(activity: Activity, days: Mapping[Retention, int]) -> Iterator[str]:
    yield f"## {activity.name}"
    yield str(activity.purpose)
    yield _list(
        (
            _line(_("Whose data"), ", ".join(str(PEOPLE[who]) for who in activity.people)),
            *(_line(_("Ground"), f"{ground.value}. {GROUNDS[ground]}") for ground in activity.grounds),
            _line(_("Who gets to see it besides us"), activity.recipients),
        )
    )
    for part in parts_of(activity):
        yield f"### {part.name}"
        yield _list(_of_part(part, days))


def _of_part(part: Part, days: Mapping[Retention, int]) -> Iterator[str]:
    if part.kinds:
        yield _line(_("Which data"), ", ".join(part.kinds))
    if part.levels:
        yield _line(_("Who sees them"), ", ".join(_level(level) for level in part.levels))
    kept = [_days(one, days) for one in part.retentions if one in days]
    if kept:
        yield _line(_("For how long"), "; ".join(kept))
    if part.is_emptied:
        yield _("Emptied or deleted when she is erased.")


def _risk(risk: Risk) -> str:
    return _("likelihood %(likelihood)s, severity %(severity)s") % {
        "likelihood": GRADES[risk.likelihood],
        "severity": GRADES[risk.severity],
    }


def _harm(harm: Harm) -> Iterator[str]:
    yield f"### {harm.number}. {harm.name}"
    yield str(harm.words)
    yield _list(
        (
            _line(_("Without the measures"), _risk(harm.before)),
            _line(_("What is done"), harm.measures),
            _line(_("With them"), _risk(harm.after)),
            _line(_("Still open"), harm.left),
            _line(_("Held by the tests"), ", ".join(f"`{name}`" for name in harm.tests)),
        )
    )


def impact_assessment(organisation: Organisation, at: datetime, program: str, standing: AssessmentStanding) -> str:
    """Return the impact assessment (Article 35) in Markdown."""
    blocks = [*head(organisation, at, program)]
    blocks.append("## " + _("What is done"))
    blocks.append(
        _(
            "Women who want to move on are brought together with mentors. Who they are, what they want, and how the "
            "two get on is written down by themselves and by a coordinator, who interviews both and chooses. The "
            "program puts mentors in order for her; nobody is accepted, refused or matched by it alone."
        )
    )
    blocks.append(_list(f"{activity.name}: {activity.purpose}" for activity in ACTIVITIES))
    blocks.append("## " + _("Whether it is needed, and no more than that"))
    blocks.append(
        _list(
            (
                _("Each column says what it is for, who sees it, for how long it is kept and what becomes of it."),
                _("Origin, religion, health and ground of residence are neither asked for nor used for choosing."),
                _("She reads what is kept of her, corrects it, takes a copy, has it rest, or is forgotten."),
                _("What somebody may see of her grows with what she has said yes to."),
            )
        )
    )
    blocks.append("## " + _("What may go wrong for her"))
    for harm in HARMS:
        blocks += _harm(harm)
    blocks.append("## " + _("Sign-off"))
    blocks.append(_sign_off(standing))
    return "\n\n".join(blocks) + "\n"


def _sign_off(standing: AssessmentStanding) -> str:
    last = standing.last
    if last is None:
        return _("Nobody has signed this assessment yet.")
    words = [
        _("Version %(number)s was signed by %(name)s on %(day)s, for Mentornet %(program)s.")
        % {
            "number": last.number,
            "name": _safe(last.author_name),
            "day": date_format(last.created_at, "DATE_FORMAT"),
            "program": last.program,
        }
    ]
    if last.words:
        words.append("> " + _safe(last.words))
    if not standing.is_current:
        words.append(_("What is kept of people has changed since:"))
        words.append(
            _list(
                (
                    *(_line(_("added"), f"`{name}`") for name in standing.added),
                    *(_line(_("gone"), f"`{name}`") for name in standing.gone),
                    *(_line(_("changed"), f"`{name}`") for name in standing.changed),
                )
            )
        )
    return "\n\n".join(words)
