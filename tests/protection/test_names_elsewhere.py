"""A name that somebody has guessed and written stays as it is, but where those write who know her: nothing tells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories.django_rows import AT, make_division, make_enrolment, make_person, make_staff, saved, user_of
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for
from mentornet.common.actors import System
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.imports.models import Batch, File, Report
from mentornet.intake.models import Interview
from mentornet.intake.services.protection import rename_again
from mentornet.partnerships.models import Note, Partnership
from mentornet.people.elsewhere import BY_STAFF
from mentornet.people.models import Profile
from mentornet.people.renaming import _columns, _models
from protection.hers import ALIAS, EMAIL, FIRST, LAST, PHONE, Network, make_network

pytestmark = pytest.mark.django_db
GUESSED = f"{FIRST} {LAST}, {LAST} {FIRST}, {EMAIL}, {PHONE}"
CLEANED = "…, …, …, …"
LATER = AT + timedelta(hours=1)
LEFT = {
    "divisions.HiddenPerson": "lifted_by_name set_by_name",
    "followup.Concern": "author_name call_words kept_from words",
    "followup.ConcernNote": "author_name",
    "imports.Batch": "author_name counts undone_name",
    "intake.ApplicationDraft": "answers confirmed email first_name last_name phone safe_contact step",
    "intake.Consent": "heard_by_name",
    "intake.ContactPerson": "field_words groups heard_through regions",
    "intake.Decision": "author_name",
    "intake.Earlier": "author_name",
    "intake.Enrolment": "rest_note",
    "intake.InterviewOffer": "author_name",
    "intake.ProfileConfirmation": "author_name corrected",
    "intake.Reference": "author_name",
    "intake.SavedSearch": "page",
    "intake.Wish": "words",
    "learning.ModuleProgress": "right",
    "matching.MeetingDecision": "author_name",
    "matching.MeetingPerson": "facts mark",
    "matching.MatchingMeeting": "actor_name author_name closer_name own_weights weights",
    "matching.MeetingRun": "author_name fingerprint forbidden locks out pairs settings",
    "matching.MeetingTie": "author_name",
    "matching.Loan": "answered_name author_name seen",
    "matching.Proposal": "author_name bars loosened sentences",
    "matching.ProposalAnswer": "author_name",
    "matching.ProposalQuestion": "answered_name text",
    "messaging.Letter": "event problem_detail recipient sent_to",
    "messaging.OptOut": "recipient",
    "partnerships.Account": "topics",
    "partnerships.Agreement": "terms texts",
    "partnerships.AgreementSignature": "name text_hash",
    "partnerships.Goal": "words",
    "partnerships.GoalStep": "words",
    "partnerships.Introduction": "words",
    "partnerships.Meeting": "topics",
    "privacy.Merge": "author_name steps undone_name",
    "privacy.NotTheSame": "author_name",
    "partnerships.Note": "author_name",
    "followup.EarlySign": "facts",
    "followup.Handover": "author_name",
    "followup.Talk": "author_name",
    "followup.Certificate": "facts name_hash sealed_code signer",
    "followup.ImpactLetter": "chosen texts words",
    "followup.LetterWish": "leaves_out",
    "followup.Reflection": "prompt text",
    "partnerships.Closure": "filled former",
    "partnerships.ClosureSide": "own_words",
    "partnerships.OwnNote": "text",
    "partnerships.PlannedMeeting": "place",
    "people.Profile": (
        "about answers availability interests meeting occupation_title provenance requires sector topics wishes"
    ),
    "people.Reveal": "answerer_name asker_name",
    "people.WrittenReach": "email phone",
    "privacy.Breach": "closer_name reporter_name settled_name",
    "privacy.Demand": "author_name",
    "privacy.Disclosure": "author_name",
    "privacy.Request": "words",
    "privacy.RetentionHold": "author_name",
    "sourcing.Prospect": "email field_words languages name phone regions search_text",
    "sourcing.ProspectList": "rows",
    "sourcing.Search": "steps times topics",
    "surveys.AnonymousAnswer": "question value",
    "surveys.Ask": "answers occasion said",
}  # fmt: skip
"""What participants, strangers or the program write, and names of staff: gone over only where it is about her."""


@pytest.fixture
def net() -> Network:
    return make_network()


def an_hour_later() -> int:
    return rename_again(by=System("tests", LATER))


def interviewed(by: Staff, division: Division, words: str) -> Interview:
    """Return what staff wrote of somebody who is not her."""
    enrolment = make_enrolment("mentor", division, person=make_person("Ole", "Hansen"), about=words)
    return saved(
        Interview(
            application=enrolment.application, at=AT, held_at=AT, interviewer=user_of(by), shareable=words,
            coordinator_only=words, created_at=AT,
        )
    )  # fmt: skip


def said(interview: Interview) -> tuple[str, str, str]:
    """Return what staff wrote, in both columns, and what the participant did."""
    interview.refresh_from_db()
    profile = Profile.objects.get(person_id=interview.application.person_id)
    return interview.shareable, interview.coordinator_only, profile.about


@pytest.mark.parametrize("is_there", [True, False])
def test_where_she_is_not_known_nothing_tells_that_she_is_protected(net: Network, is_there: bool) -> None:
    division = make_division("Away")
    by = make_staff(Role.COORDINATOR, division)
    before = interviewed(by, division, GUESSED)
    if is_there:
        net.protect()
    since = interviewed(by, division, GUESSED)
    an_hour_later()
    assert said(before) == said(since) == (GUESSED, GUESSED, GUESSED)


def test_where_she_is_known_staffs_words_are_gone_over_and_participants_are_not(net: Network) -> None:
    net.protect()
    note = interviewed(net.colleague, net.division, GUESSED)
    assert an_hour_later() == 2
    # Neither name leads to the other one.
    assert said(note) == (CLEANED, CLEANED, GUESSED)
    assert an_hour_later() == 0


@pytest.mark.parametrize("written", ["61 72 83 94", "61728394", "6172 8394", "0045 61 72 83 94", "61-72-83-9 4"])
def test_number_is_found_however_its_digits_are_grouped(net: Network, written: str) -> None:
    net.protect()
    note = interviewed(net.colleague, net.division, f"Ring {written}, please.")
    an_hour_later()
    assert said(note)[0] == "Ring …, please."


def test_partner_knows_her_and_what_she_writes_is_gone_over(net: Network) -> None:
    net.protect()
    proposed = make_enrolment("mentor", net.division, programme=net.her.programme, about=GUESSED)
    Profile.objects.filter(pk=net.other.profile_id).update(about=GUESSED)
    an_hour_later()
    assert Profile.objects.get(pk=net.other.profile_id).about == CLEANED
    assert Profile.objects.get(pk=proposed.profile_id).about == GUESSED


def test_somebody_whose_name_holds_hers_is_called_as_she_calls_herself(net: Network) -> None:
    net.protect()
    somebody = make_enrolment("mentor", net.division, person=make_person("Ole", f"{FIRST} {LAST}"))
    task = ask_for(
        by=net.coordinator, kind=Kind.INTERVIEW, target_id=somebody.application_id, division_id=net.division.pk,
        due_on=AT.date(), words={"name": somebody.person.name},
    )  # fmt: skip
    other = ask_for(
        by=net.coordinator, kind=Kind.INTERVIEW, target_id=net.namesake.pk, division_id=net.division.pk,
        due_on=AT.date(), words={"name": f"{FIRST} {LAST}"},
    )  # fmt: skip
    an_hour_later()
    words = dict(Task.objects.filter(pk__in=[task.pk, other.pk]).values_list("pk", "words"))
    assert words == {task.pk: {"name": f"Ole {FIRST} {LAST}"}, other.pk: {"name": "…"}}


def test_notes_about_her_and_her_pair_call_her_by_the_other_name(net: Network) -> None:
    net.protect()
    note = Note.objects.get(partnership=net.pair)
    Note.objects.filter(pk=note.pk).update(text=f"{FIRST} {LAST} called, and {LAST}.")
    Partnership.objects.filter(pk=net.pair.pk).update(closing_note=f"{FIRST} has moved.")
    an_hour_later()
    note.refresh_from_db()
    assert note.text == f"{ALIAS} called, and {ALIAS}."
    assert Partnership.objects.get(pk=net.pair.pk).closing_note == f"{ALIAS} has moved."


def batch_of(net: Network, division: Division, at: timedelta) -> Batch:
    by = net.coordinator
    return saved(
        Batch(
            division=division, programme=net.her.programme, user=user_of(by), created_by=by.key,
            author_name=by.name, created_at=AT + at,
        )
    )  # fmt: skip


def test_a_list_from_before_is_gone_over_and_a_later_one_tells_nothing(net: Network) -> None:
    listed = {"name": f"{FIRST} {LAST}", "city": "Odense", "about": f"{FIRST} likes to sing."}
    before, after = batch_of(net, net.division, timedelta(0)), batch_of(net, net.division, timedelta(minutes=1))
    for batch in (before, after):
        Report.objects.create(batch=batch, content=[listed], choices={})
    net.protect()
    an_hour_later()
    assert Report.objects.get(batch=before).content == [{"name": "…", "city": "Odense", "about": "… likes to sing."}]
    assert Report.objects.get(batch=after).content == [listed]


def test_a_list_that_waits_goes_only_where_she_is_known(net: Network) -> None:
    here, away = batch_of(net, net.division, timedelta(0)), batch_of(net, make_division("Away"), timedelta(0))
    for batch in (here, away):
        content = f"name\n{FIRST} {LAST}\n".encode()
        saved(File(batch=batch, subject="mentees", name="list.csv", rows=1, content=content, created_at=AT))
    net.protect()
    assert not Batch.objects.filter(pk=here.pk).exists()
    assert File.objects.filter(batch=away).exists()


def test_of_every_text_somebody_has_decided_who_writes_it() -> None:
    """A new column is added to :data:`BY_STAFF`, or to :data:`LEFT`."""
    staffs = {f"{label}.{name}" for label, some in BY_STAFF.items() for name in some.columns}
    found = {f"{model._meta.label}.{column.name}" for model in _models() for column in _columns(model)}
    assert staffs <= found
    left = {f"{label}.{name}" for label, names in LEFT.items() for name in names.split()}
    # Those hold keys of whoever did it.
    assert {name for name in found - staffs if not name.endswith("_by")} == left
