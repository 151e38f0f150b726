"""What the front end asks the worker for."""

from __future__ import annotations

from pkgutil import resolve_name

from mentornet.common.jobs import register_job


@register_job("accounts.write_about_password")
def write_about_password(*, user_id: str) -> None:
    """Write the letter that a page has asked for."""
    # Jobs are found while the apps start. The forms beside this function may be made only when the fields have their
    # words (:func:`mentornet.web.ui.missing.speak_plainly`), which is later.
    resolve_name("mentornet.web.signin:write_about_password")(user_id)


@register_job("privacy.write_about_pause")
def write_about_pause(*, user_id: str) -> None:
    """Write to a lead or an administrator that somebody's reading was paused."""
    resolve_name("mentornet.web.signin:write_about_pause")(user_id)


@register_job("followup.write_that_something_waits")
def write_that_something_waits(*, user_id: str) -> None:
    """Write to one of the staff that something waits for her."""
    resolve_name("mentornet.web.signin:write_that_something_waits")(user_id)


@register_job("matching.write_that_something_has_come")
def write_that_something_has_come(*, user_id: str) -> None:
    """Write to one of the staff that something new stands on Today for her."""
    resolve_name("mentornet.web.signin:write_that_something_has_come")(user_id)
