"""Protecting and revealing beside others who act at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.core import mail

from factories.django_rows import AT
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.intake.services.protection import approve_reveal, ask_to_reveal, refuse_reveal
from mentornet.messaging import post
from mentornet.messaging.models import Letter
from mentornet.messaging.services import deliver_due_letters
from mentornet.people.models import Person, ProtectedIdentity, Reveal
from mentornet.people.services import change_person
from protection.hers import EMAIL, FIRST, LAST, MARKED, make_network, stored
from racing import at_once, each_at_once

pytestmark = pytest.mark.django_db(transaction=True)
HERS = {name: value for name, value in MARKED.items() if name != "first name"}


@pytest.mark.postgresql_only
def test_of_two_answers_at_once_one_counts() -> None:
    net = make_network()
    net.protect()
    for number in range(3):
        reveal = ask_to_reveal(by=net.coordinator, known_by=net.her.application, reason=f"Round {number}.")
        counted = at_once(
            partial(approve_reveal, by=net.colleague, reveal=Reveal.objects.get(pk=reveal.pk)),
            partial(refuse_reveal, by=net.lead, reveal=Reveal.objects.get(pk=reveal.pk)),
        )
        assert counted == {"done": 1, "ChangedMeanwhileError": 1}
        acts = Entry.objects.filter(act__in=["people.approve_reveal", "people.refuse_reveal"])
        assert acts.count() == number + 1


@pytest.mark.postgresql_only
def test_protected_twice_at_once_is_protected_once() -> None:
    net = make_network()
    assert at_once(net.protect, net.protect) == {"done": 1, "ChangedMeanwhileError": 1}
    assert ProtectedIdentity.objects.get().last_name == LAST
    assert stored(HERS) == set()


@pytest.mark.postgresql_only
def test_changed_while_she_is_protected_leaves_nothing_behind() -> None:
    for number in range(3):
        net = make_network(name=f"Kanariebyen {number}")
        person = net.person
        results = each_at_once(
            net.protect,
            partial(change_person, by=net.coordinator, person=person, facts={"email": "kanarie.ny@kanariepost.dk"}),
        )
        assert results[0] == "done"
        now = Person.objects.get(pk=net.her.person_id)
        assert (now.is_protected, now.email, now.last_name) == (True, "", "")


def test_protected_while_her_letter_is_being_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has her name and address in its hands; she is protected before it writes down how it sent them."""
    net = make_network()
    protected = threading.Event()
    send = post.Post.send

    def send_and_protect(self: post.Post, outgoing: post.Outgoing) -> None:
        send(self, outgoing)
        if outgoing.to == EMAIL and not protected.is_set():
            protected.set()
            net.protect()

    monkeypatch.setattr(post.Post, "send", send_and_protect)
    deliver_due_letters(by=System("tests", AT + timedelta(hours=1)))
    assert protected.is_set()
    assert any(FIRST in one.body for one in mail.outbox), "what had left had left"
    assert set(Letter.objects.filter(recipient=f"person:{net.her.person_id}").values_list("sent_to", flat=True)) == {""}
    assert stored(HERS) == set()


def test_what_the_worker_keeps_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from_now = "mentornet.messaging.services.delivery._keep_as_of_now"
    monkeypatch.setattr(from_now, lambda *_: None)
    net = make_network()
    send = post.Post.send

    def send_and_protect(self: post.Post, outgoing: post.Outgoing) -> None:
        send(self, outgoing)
        if outgoing.to == EMAIL and not net.person.is_protected:
            net.protect()

    monkeypatch.setattr(post.Post, "send", send_and_protect)
    deliver_due_letters(by=System("tests", AT + timedelta(hours=1)))
    assert {column for column, _name in stored(HERS)} >= {"messaging.Letter.sent_to"}
