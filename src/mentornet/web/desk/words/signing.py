"""What the audit tells of signing in, in words: for one's own list, and for whoever reads the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.audit.models import Entry

ACTS: Final[Mapping[str, str | Promise]] = {
    "accounts.sign_in": gettext_lazy("Signed in"),
    "accounts.sign_out": gettext_lazy("Signed out"),
    "accounts.sign_in_failed": gettext_lazy("Somebody tried to sign in and did not get in"),
    "accounts.too_often": gettext_lazy("Somebody tried too often and was stopped"),
    "accounts.prove_again": gettext_lazy("Showed once more who it is"),
    "accounts.set_password": gettext_lazy("Chose a new password"),
    "accounts.remove_password": gettext_lazy("Took the password away"),
    "accounts.add_second_factor": gettext_lazy("Set up an authenticator app"),
    "accounts.remove_second_factor": gettext_lazy("Took the authenticator app away"),
    "accounts.forget_second_factor": gettext_lazy("The authenticator app was taken away by an administrator"),
    "accounts.renew_recovery_codes": gettext_lazy("Made new recovery codes"),
    "accounts.add_passkey": gettext_lazy("Added a passkey"),
    "accounts.remove_passkey": gettext_lazy("Took a passkey away"),
    "accounts.end_session": gettext_lazy("Signed out of another browser"),
    "accounts.end_sessions": gettext_lazy("Signed out everywhere"),
    "accounts.ask_reader": gettext_lazy("Opened unusually many people’s pages, and was asked for the code again"),
    "accounts.pause_reader": gettext_lazy("Opened so many people’s pages that the program stopped"),
    "accounts.let_reader_on": gettext_lazy("Was let on by somebody who may"),
}
_BY: Final[Mapping[str, str | Promise]] = {
    "password": gettext_lazy("by the password"),
    "mfa": gettext_lazy("by the authenticator app"),
    "app": gettext_lazy("by the authenticator app"),
    "code": gettext_lazy("by a code that was sent"),
    "passkey": gettext_lazy("by a passkey"),
}


def act_words(entry: Entry) -> str:
    """Return what an entry about signing in tells, with the means where they are known."""
    detail = entry.detail
    named = detail.get("factors") or [detail.get("way") or detail.get("reason") or ""]
    means = [str(_BY[name]) for name in named if name in _BY]
    said = str(ACTS.get(entry.act, entry.act))
    return _("%(act)s, %(means)s") % {"act": said, "means": ", ".join(means)} if means else said
