"""What two rows of one woman become together, table by table: each step in the book, so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from mentornet.agenda.models import Task
from mentornet.common.actors import Actor
from mentornet.common.fields import declared_models
from mentornet.intake.enums import OPEN_STATES, ApplicationState, ContactPersonState, EndReason
from mentornet.intake.models import (
    Application,
    ApplicationDraft,
    Consent,
    ContactPerson,
    Earlier,
    Enrolment,
    Referral,
)
from mentornet.people.models import LanguageSkill, Person, Profile, Restriction
from mentornet.people.recipients import person_key
from mentornet.privacy.doubles import in_order
from mentornet.privacy.journal import Journal, same_elsewhere
from mentornet.privacy.merge_choices import (
    GONE,
    OF_PERSON,
    OF_PROFILE,
    PERSON,
    PLACE,
    current_places,
    profiles_by_role,
    sides_of,
)
from mentornet.privacy.merge_ways import TO_HER, WAYS, Way
from mentornet.privacy.models import NotTheSame, RetentionHold
from mentornet.sourcing.enums import SearchState
from mentornet.sourcing.models import Search

KEY_LENGTHS: Final = range(36, 121)
"""How long a column is that holds a key as text."""
_BY_THEMSELVES: Final = frozenset({"audit", "accounts.Opening", "privacy.Merge", "privacy.Erasure"})
"""What names a row that is no more: the record of acts, and what was opened within the hour."""
_FURTHEST: Final = {ApplicationState.INTERVIEWED: 0, ApplicationState.BOOKED: 1, ApplicationState.RECEIVED: 2}

Chosen = Mapping[str, str]


def join_person(book: Journal, kept: Person, gone: Person, chosen: Chosen) -> None:
    """Let the kept row say what was chosen; the network is named to neither to whom it was not."""
    values: dict[str, Any] = {"hides_network": kept.hides_network or gone.hides_network}
    for name, columns in OF_PERSON.items():
        side = sides_of(kept, gone, columns) or chosen.get(f"{PERSON}.{name}", "")
        if side == GONE:
            values |= {column: getattr(gone, column) for column in columns}
    for name, value in values.items():
        setattr(kept, name, value)
    kept.set_name_keys()
    book.set(Person, kept.pk, **values, **{name: getattr(kept, name) for name in Person.NAME_KEYS})


def join_profiles(book: Journal, by: Actor, kept: Person, gone: Person, chosen: Chosen) -> None:
    """Lay two profiles of one role together; one that the kept row has not goes over."""
    own = profiles_by_role(kept)
    for role, other in profiles_by_role(gone).items():
        if role not in own:
            book.set(Profile, other.pk, person_id=kept.pk)
            continue
        profile = own[role]
        values: dict[str, Any] = {}
        sources = dict(profile.provenance)
        for name, columns in OF_PROFILE.items():
            if (sides_of(profile, other, columns) or chosen.get(f"{role}.{name}", "")) == GONE:
                values |= {column: getattr(other, column) for column in columns}
                for column in columns:
                    sources.pop(column, None)
                    if column in other.provenance:
                        sources[column] = other.provenance[column]
        values["answers"] = {**other.answers, **profile.answers}
        values["provenance"] = {**{k: v for k, v in other.provenance.items() if k.startswith("custom_")}, **sources}
        if "languages" in other.provenance:
            values["provenance"].setdefault("languages", other.provenance["languages"])
        book.set(Profile, profile.pk, **values, changed_at=by.at)
        for place in Enrolment.objects.filter(profile=other):
            book.set(Enrolment, place.pk, profile_id=profile.pk)
        book.drop(Profile, other.pk)


def join_languages(book: Journal, kept: Person, gone: Person) -> None:
    """Let her speak what either row says; a level that one of them does not know comes from the other."""
    own = {skill.code: skill for skill in LanguageSkill.objects.filter(person=kept)}
    after = max((skill.position for skill in own.values()), default=-1) + 1
    for skill in LanguageSkill.objects.filter(person=gone):
        if skill.code not in own:
            book.set(LanguageSkill, skill.pk, person_id=kept.pk, position=after + skill.position)
            continue
        if skill.level and not own[skill.code].level:
            book.set(LanguageSkill, own[skill.code].pk, level=skill.level)
        book.drop(LanguageSkill, skill.pk)


def join_consents(book: Journal, by: Actor, kept: Person, gone: Person) -> None:
    """Keep what she has agreed to; what either row has taken back stands no more, and of two that stand the first."""
    by_purpose: dict[str, list[Consent]] = {}
    for consent in Consent.objects.filter(person__in=[kept, gone]).order_by("given_at", "pk"):
        by_purpose.setdefault(consent.purpose, []).append(consent)
    for said in by_purpose.values():
        standing = [one for one in said if one.withdrawn_at is None]
        has_no = {one.person_id for one in said} - {one.person_id for one in standing}
        for later in standing[1:]:
            book.drop(Consent, later.pk)
        if has_no and standing:
            book.set(Consent, standing[0].pk, withdrawn_at=by.at)
    for consent in Consent.objects.filter(person=gone):
        book.set(Consent, consent.pk, person_id=kept.pk)


def join_rests(book: Journal, kept: Person, gone: Person) -> None:
    """Let her data rest if either row's do, as long as the longer of the two; the same of what holds her back."""
    for model, end, over in ((Restriction, "lifts_on", "lifted_at"), (RetentionHold, "until", "lifted_at")):
        open_ = {row.person_id: row for row in model._default_manager.filter(
            person__in=[kept, gone], **{f"{over}__isnull": True}
        )}  # fmt: skip
        if len(open_) > 1:
            ends = [getattr(open_[one.pk], end) for one in (kept, gone)]
            book.set(model, open_[kept.pk].pk, **{end: None if None in ends else max(ends)})
            book.drop(model, open_[gone.pk].pk)
        for row in model._default_manager.filter(person=gone):
            book.set(model, row.pk, person_id=kept.pk)


def join_places(book: Journal, by: Actor, kept: Person, gone: Person, chosen: Chosen) -> None:
    """Let her stand once in each programme: the longer wait counts, and the earlier promise."""
    own, other = current_places(kept), current_places(gone)
    for key in sorted(own.keys() & other.keys(), key=str):
        goes_on, ends = own[key], other[key]
        if chosen.get(f"{PLACE}.{key[0]}.{key[1]}") == GONE:
            goes_on, ends = ends, goes_on
        longest = [place.since for place in (goes_on, ends) if place.since is not None]
        promised = [place.word_due_on for place in (goes_on, ends) if place.word_due_on is not None]
        heard = [place.last_word_on for place in (goes_on, ends) if place.last_word_on is not None]
        values: dict[str, Any] = {"last_word_on": max(heard, default=None)}
        if not goes_on.active:
            values["since"] = min(longest, default=None)
            values["word_due_on"] = min(promised, default=None)
        book.set(Enrolment, goes_on.pk, **values)
        _move_exception(book, ends, goes_on)
        _move_search(book, ends, goes_on)
        book.set(
            Enrolment, ends.pk, ended_on=by.today, end_reason=EndReason.MERGED.value, word_due_on=None, wait_words=""
        )
        _finish(book, by, ends.pk, values.get("word_due_on"), goes_on.pk)
    for place in Enrolment.objects.filter(person=gone):
        book.set(Enrolment, place.pk, person_id=kept.pk)


def _move_exception(book: Journal, ends: Enrolment, goes_on: Enrolment) -> None:
    """Let her be taken before others still, if that was noted for the place that ends."""
    noted = Earlier.objects.filter(enrolment=ends, over_at__isnull=True).first()
    if noted is not None and not Earlier.objects.filter(enrolment=goes_on, over_at__isnull=True).exists():
        book.set(Earlier, noted.pk, enrolment_id=goes_on.pk)


def _move_search(book: Journal, ends: Enrolment, goes_on: Enrolment) -> None:
    """Let whom somebody looks for on her account be looked for on."""
    search = Search.objects.exclude(state=SearchState.CLOSED).filter(mentee=ends).first()
    column = Search._meta.get_field("mentee")
    if search is not None and not any(True for _row in same_elsewhere(search, column, goes_on.pk)):
        book.set(Search, search.pk, mentee_id=goes_on.pk)


def _finish(book: Journal, by: Actor, target_id: UUID, due_on: Any = None, goes_on: UUID | None = None) -> None:
    """Let nothing wait for what has ended; the day of a promise is kept with what goes on."""
    for task in Task.objects.filter(target_id=target_id, done_at__isnull=True):
        book.set(Task, task.pk, done_at=by.at, done_by=by.key)
    if due_on is not None and goes_on is not None:
        for task in Task.objects.filter(target_id=goes_on, done_at__isnull=True, kind="promise"):
            book.set(Task, task.pk, due_on=due_on)


def join_applications(book: Journal, by: Actor, kept: Person, gone: Person) -> None:
    """Let her ask for a place once: of two open applications the one that has come further, then the older, goes on."""
    standing = {*current_places(kept), *current_places(gone)}
    seen: set[tuple[str, UUID]] = set()
    rows = Application.objects.filter(person__in=[kept, gone], state__in=OPEN_STATES).order_by("received_on", "pk")
    for row in sorted(rows, key=lambda one: _FURTHEST.get(ApplicationState(one.state), 3)):
        key = (row.role, row.programme_id)
        if key in seen or key in standing:
            book.set(Application, row.pk, state=ApplicationState.WITHDRAWN.value)
            _finish(book, by, row.pk)
        seen.add(key)
    for application in Application.objects.filter(person=gone):
        book.set(Application, application.pk, person_id=kept.pk)


def join_contacts(book: Journal, by: Actor, kept: Person, gone: Person) -> None:
    """Let her be a contact person of a division once."""
    current = ~Q(state=ContactPersonState.LEFT)
    here = set(ContactPerson.objects.filter(current, person=kept).values_list("division_id", flat=True))
    for contact in ContactPerson.objects.filter(person=gone):
        if contact.division_id in here and contact.state != ContactPersonState.LEFT:
            book.set(ContactPerson, contact.pk, state=ContactPersonState.LEFT.value, left_on=by.today)
            _finish(book, by, contact.pk)
        book.set(ContactPerson, contact.pk, person_id=kept.pk)


def join_links(book: Journal, kept: Person, gone: Person) -> None:
    """Count under one link whom she has sent; the link that the kept row has stays, the other leads nowhere."""
    own, other = (Referral.objects.filter(person=person).first() for person in (kept, gone))
    if other is None:
        return
    if own is None:
        book.set(Referral, other.pk, person_id=kept.pk)
        return
    for model, column in ((Application, "referred_by"), (ContactPerson, "referred_by"), (ApplicationDraft, "referral")):
        for key in model._default_manager.filter(**{column: other}).values_list("pk", flat=True):
            book.set(model, key, **{f"{column}_id": own.pk})
    book.drop(Referral, other.pk)


def join_differences(book: Journal, kept: Person, gone: Person) -> None:
    """Carry over who is another woman than the one who goes, in the order in which a pair stands."""
    for row in NotTheSame.objects.filter(Q(one=gone) | Q(other=gone)):
        third = row.other_id if row.one_id == gone.pk else row.one_id
        one, other = in_order(kept.pk, third)
        if third == kept.pk or NotTheSame.objects.filter(one=one, other=other).exists():
            book.drop(NotTheSame, row.pk)
        else:
            book.set(NotTheSame, row.pk, one_id=one, other_id=other)


def carry_over(book: Journal, kept: Person, gone: Person) -> None:
    """Let every other row that leads to the one who goes lead to the one who is kept, once."""
    for name, way in WAYS.items():
        label, _dot, column_name = name.rpartition(".")
        model = apps.get_model(label)
        column = model._meta.get_field(column_name)
        if way in {Way.GOES, Way.ONCE} and column.related_model is apps.get_model(TO_HER):
            _lead_over(book, model, column, gone.pk, kept.pk)


def carry_keys_over(book: Journal, old: UUID, new: UUID, texts: Mapping[str, str]) -> None:
    """Do the same for rows that hold a key without being tied to it, such as letters, tasks and who is hidden."""
    for label in sorted(declared_models()):
        if label in _BY_THEMSELVES or label.partition(".")[0] in _BY_THEMSELVES:
            continue
        model = apps.get_model(label)
        for column in model._meta.concrete_fields:
            if column.primary_key or isinstance(column, models.ForeignKey):
                continue
            if isinstance(column, models.UUIDField):
                _lead_over(book, model, column, old, new)
            elif isinstance(column, models.CharField) and (column.max_length or 0) in KEY_LENGTHS:
                for was, now in texts.items():
                    _lead_over(book, model, column, was, now)


def _lead_over(book: Journal, model: type[models.Model], column: Any, old: Any, new: Any) -> None:
    for row in model._default_manager.filter(**{column.name: old}).order_by("pk"):
        if any(True for _row in same_elsewhere(row, column, new)):
            book.drop(model, row.pk)
        else:
            book.set(model, row.pk, **{column.attname: new})


def keys_of(gone: Person, kept: Person) -> dict[str, str]:
    """Return under which keys the one who goes acts and is written to, with those of the one who is kept."""
    return {person_key(gone.pk): person_key(kept.pk), str(gone.pk): str(kept.pk)}
