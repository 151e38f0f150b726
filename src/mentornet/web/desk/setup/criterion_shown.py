"""A programme's own criteria in words: how each works, how many have answered, and what a change does to groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.common.spoken import reference_language
from mentornet.matching import fairness
from mentornet.matching.answered import Answered
from mentornet.matching.fairness import Fairness, Figures, Group
from mentornet.people.enums import Role
from mentornet.web.desk.setup.criterion_forms import COMPARED, KINDS, WISHES
from mentornet.web.desk.words.terms import written
from mentornet.web.ui.listed import said
from reference import languages
from reference.customs import Custom


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion in the list."""

    custom: Custom
    name: SafeString
    how: str
    counts: str
    answered: str


def _named(pairs: Iterable[tuple[str, object]], value: str) -> str:
    return next(str(words) for found, words in pairs if found == value)


def answered_words(counts: Answered, key: str) -> str:
    """Say how many of those enrolled have answered."""
    known = counts.of(key)
    return _("Answered by %(mentees)s of %(all_mentees)s mentees and %(mentors)s of %(all_mentors)s mentors.") % {
        "mentees": known[Role.MENTEE],
        "all_mentees": counts.enrolled[Role.MENTEE],
        "mentors": known[Role.MENTOR],
        "all_mentors": counts.enrolled[Role.MENTOR],
    }


def listed(customs: Iterable[Custom], counts: Answered) -> list[Row]:
    """Return the criteria as the page lists them."""
    rows = []
    for custom in customs:
        how = ". ".join([_named(KINDS, custom.kind), _named(WISHES, custom.wishes), _named(COMPARED, custom.compared)])
        weight = number_format(custom.weight, decimal_pos=0 if custom.weight == int(custom.weight) else 2)
        counts_as = _("Hard rule") if custom.is_rule else _("Weight %(points)s") % {"points": weight}
        name = said(custom.text(reference_language()))
        rows.append(Row(custom, name, f"{how}.", counts_as, answered_words(counts, custom.key)))
    return rows


# Fairness -----------------------------------------------------------------------------------------------------------

TITLES: Final = {
    fairness.DIVISION: gettext_lazy("By division"),
    fairness.LANGUAGE: gettext_lazy("By the language she speaks best"),
    fairness.AGE: gettext_lazy("By age"),
    fairness.EDUCATION: gettext_lazy("By education"),
}
_EDUCATIONS: Final = {
    "0-2": gettext_lazy("up to lower secondary school"),
    "3-4": gettext_lazy("upper secondary or vocational school"),
    "5-6": gettext_lazy("a short higher education or a bachelor's degree"),
    "7-8": gettext_lazy("a master's degree or a doctorate"),
}
_AGES: Final = {"0-24": gettext_lazy("under 25"), "55-200": gettext_lazy("55 and older")}


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a table: a group, and its figures in words; empty where it is hidden."""

    name: SafeString | str
    waiting: str
    before: str
    after: str
    wait_before: str
    wait_after: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """The check in words."""

    sentences: list[str]
    whole: Cells | None
    tables: list[tuple[str, list[Cells]]]


def group_name(table: str, key: str) -> SafeString | str:
    """Return what a group is called."""
    if key == fairness.UNKNOWN:
        return _("not known")
    if table == fairness.DIVISION:
        return written(key)
    if table == fairness.LANGUAGE:
        return said(languages.name(key, reference_language()))
    if table == fairness.EDUCATION:
        return str(_EDUCATIONS[key])
    return str(_AGES.get(key) or key.replace("-", "–"))


def _share(figures: Figures, waiting: int) -> str:
    percent = round(100 * figures.matched / waiting)
    return _("%(matched)s of %(waiting)s (%(percent)s %%)") % {
        "matched": figures.matched, "waiting": waiting, "percent": percent,
    }  # fmt: skip


def _wait(figures: Figures) -> str:
    if figures.wait is None:
        return ""
    days = round(figures.wait)
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _cells(name: SafeString | str, group: Group) -> Cells:
    if group.waiting is None or group.before is None or group.after is None:
        return Cells(name, "", "", "", "", "", is_hidden=True)
    return Cells(
        name,
        number_format(group.waiting),
        _share(group.before, group.waiting),
        _share(group.after, group.waiting),
        _wait(group.before),
        _wait(group.after),
    )


def _sentence_of(whole: Group) -> str:
    assert whole.before is not None
    assert whole.after is not None
    assert whole.waiting is not None
    return _("Of %(waiting)s who wait, %(before)s would get a mentor in the best set of pairs now, %(after)s then.") % {
        "waiting": whole.waiting, "before": whole.before.matched, "after": whole.after.matched,
    }  # fmt: skip


def fairness_shown(found: Fairness) -> Shown:
    """Return the check in words, tables and a sentence."""
    if found.whole.waiting is None:
        few = _("Fewer than five wait in this programme: what a change does to groups of them is not told.")
        return Shown([few], None, [])
    sentences = [_sentence_of(found.whole)]
    if found.worst is None:
        sentences.append(_("No group told here fares ten points of a hundred worse than all together."))
    else:
        table, group = found.worst
        assert group.before is not None
        assert group.after is not None
        assert group.waiting is not None
        sentences.append(
            _(
                "One group fares worst beside all together (%(table)s: %(group)s): %(before)s now, %(after)s then."
            )
            % {
                "table": str(TITLES[table]).lower(), "group": group_name(table, group.key),
                "before": _share(group.before, group.waiting), "after": _share(group.after, group.waiting),
            }
        )  # fmt: skip
    return Shown(
        sentences,
        _cells(_("all who wait"), found.whole),
        [
            (str(TITLES[table.name]), [_cells(group_name(table.name, group.key), group) for group in table.groups])
            for table in found.tables
        ],
    )
