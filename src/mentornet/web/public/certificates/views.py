"""What is said of a certificate to whoever holds it: that it stands, for which role, and whether a name is on it.

No page says a name. A wrong name, and a name tried for a number that there is none of, take as long and read alike; and
how often names are tried is counted, for the certificate as for where they come from.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.debug import sensitive_post_parameters

from mentornet.accounts.limits import take_turn
from mentornet.followup.models import Certificate
from mentornet.followup.services import is_the_name
from mentornet.followup.services.certificates import LONGEST_NAME, plain_code
from mentornet.followup.value_queries import certificate_by_number, code_hash
from mentornet.web.access import Policy, open_to
from mentornet.web.public.shell import public_page
from mentornet.web.signin import network_address

MOST_OF_ONE: Final = 12
MOST_FROM_HERE: Final = 30
WITHIN: Final = timedelta(hours=1)
_YEAR: Final = 12


class NameForm(forms.Form):
    """The name as it stands on the paper."""

    name = forms.CharField(
        label=_("The name on the paper"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Write the name as it stands on the paper.")},
    )


def _may_try(request: HttpRequest, code: str) -> bool:
    """Count one more name that is tried: for this number, and from here."""
    for_it = take_turn("certificate names", code_hash(code), most=MOST_OF_ONE, within=WITHIN)
    return for_it and take_turn("certificate tries", network_address(request), most=MOST_FROM_HERE, within=WITHIN)


def _lasted(certificate: Certificate) -> str:
    """Say how long it was, in years and months: neither when it began nor when it ended."""
    end = certificate.until or certificate.issued_on
    months = max((end.year - certificate.since.year) * _YEAR + end.month - certificate.since.month, 1)
    years, rest = divmod(months, _YEAR)
    parts = []
    if years:
        parts.append(ngettext("%(count)s year", "%(count)s years", years) % {"count": years})
    if rest:
        parts.append(ngettext("%(count)s month", "%(count)s months", rest) % {"count": rest})
    return " · ".join(parts)


@open_to(Policy.EVERYONE)
@sensitive_post_parameters()
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a certificate stands; to whoever types a name, whether it is the one on the paper."""
    code = plain_code(code)
    found = certificate_by_number(code)
    form, answer, status = NameForm(request.POST if request.method == "POST" else None), "", 200 if found else 404
    if request.method == "POST" and form.is_valid():
        if not _may_try(request, code):
            return public_page(request, "public/certificates/too_often.html", status=429)
        answer = "same" if is_the_name(found, code, form.cleaned_data["name"]) else "other"
    elif form.errors and found:
        status = 422
    context: dict[str, Any] = {"found": found, "answer": answer}
    if found is not None:
        month = pgettext("a month on a certificate", "F Y")
        context |= {"month": date_format(found.issued_on, month), "lasted": _lasted(found)}
    # What was typed does not come back: the page reads alike whichever wrong name it was.
    context["form"] = form if form.errors else NameForm()
    return public_page(request, "public/certificates/certificate.html", status=status, **context)
