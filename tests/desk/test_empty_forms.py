"""A form that is sent with nothing in it is judged: the page does not look as if it had only been opened."""

from __future__ import annotations

import pytest

from access.matrix import Crossing, addresses
from access.worlds import HERE, build_world

pytestmark = pytest.mark.django_db

FORMS = {
    *("person_details", "person_profile", "person_keep_apart", "application_new", "application_book"),
    *("application_interview", "application_decide", "partnership_sign", "partnership_close_step", "task_snooze"),
    *("programme", "programme_new", "division", "division_new", "staff", "import_new"),
    *("enrolment_rest", "enrolment_brief", "enrolment_capacity", "enrolment_end", "enrolment_hand_over"),
}


def test_form_sent_empty_is_judged() -> None:
    crossing = Crossing(build_world())
    asked = {address.name.removeprefix("desk:"): address for address in addresses()}
    client = crossing.client("national lead")
    for name in FORMS & asked.keys():
        chosen = {one: str(crossing.object_of(asked[name], one, HERE)) for one in crossing.divisional(asked[name])}
        url = crossing.url(asked[name], chosen)
        opened, sent = client.get(url), client.post(url)
        assert not opened.context["form"].is_bound, name
        assert sent.context["form"].is_bound, name
    assert len(FORMS & asked.keys()) >= 20
