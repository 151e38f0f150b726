"""Papers that are somebody's own, a certificate or a letter: as a PDF, or else as a page to print."""

from __future__ import annotations

from typing import Any, Final

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, ngettext, override, pgettext
from django.utils.translation import gettext as _

from mentornet.divisions.queries import organisation
from mentornet.followup.services import Issued
from mentornet.learning.queries import modules
from mentornet.people.enums import Role
from mentornet.web.ui.printing import missing, private_pdf

PDF_STYLES: Final = ("ui/css/paper-pdf.css", "ui/css/paper.css")
ALWAYS: Final = ("da", "en")
"""A certificate is read by people who know neither her nor her language."""


def has_pdf() -> bool:
    """Tell whether PDFs are made here at all."""
    return not missing()


def as_paper(request: HttpRequest, paper: str, context: dict[str, Any], *, name: str, wants_pdf: bool) -> HttpResponse:
    """Answer with a paper: as a PDF where she wants one and it can be made, else as a page that prints alike."""
    if wants_pdf:
        made = private_pdf(render_to_string("ui/paper_pdf.html", {**context, "paper": paper}), *PDF_STYLES)
        if made is not None:
            shown = f'attachment; filename="{name}.pdf"'
            return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": shown})
    return render(request, "ui/paper_page.html", {**context, "paper": paper})


def certificate_address(code: str) -> str:
    """Return where somebody checks a certificate: in Danish, from where its reader goes on in her own language."""
    with override("da"):
        path = reverse("public:certificate", kwargs={"code": code})
    return f"{settings.ADDRESS.rstrip('/')}{path}"


def _drawn(address: str) -> SafeString:
    drawn = segno.make(address, error="m").svg_inline(scale=3, border=2, light="#fff")
    return mark_safe(drawn)  # noqa: S308 - drawn by the program from an address of its own


def certificate_paper(issued: Issued, name: str, language: str) -> dict[str, Any]:
    """Return what stands on a certificate: in Danish, in English, and beside them in her own language."""
    network, address = organisation().name, certificate_address(issued.code)
    return {
        "name": " ".join(name.split()),
        "network": network,
        "code": issued.code,
        "address": address,
        "drawn": _drawn(address),
        "signer": issued.certificate.signer,
        "parts": [_part(issued, network, one) for one in dict.fromkeys((*ALWAYS, language))],
    }


def _part(issued: Issued, network: str, language: str) -> dict[str, Any]:
    certificate = issued.certificate
    facts = certificate.facts
    info = get_language_info(language)
    with override(language):
        # Translators: the letters of Django's date formats: March 2026.
        month = pgettext("a month on a certificate", "F Y")
        since = date_format(certificate.since, month)
        until = date_format(certificate.until, month) if certificate.until else ""
        titles = {text.module.slug: text for text in modules(certificate.role, language)}
        done = [titles[slug] for slug in facts.get("modules", []) if slug in titles]
        return {
            "code": language,
            "direction": "rtl" if info["bidi"] else "ltr",
            "title": pgettext("a paper", "Certificate"),
            "done": _done(certificate.role, network, since, until),
            "met": _met(facts.get("meetings", 0), facts.get("hours", 0)),
            "trained": _("Parts of the training:"),
            # Titles that nobody has written in her language stand above in two others, and are not repeated here.
            "modules": [text.title for text in done] if all(text.language == language for text in done) else [],
            "issued": _("Issued in %(month)s") % {"month": date_format(certificate.issued_on, month)},
            "signed": _("For %(network)s") % {"network": network},
            "check": _("Is it real? Scan the picture, or open the address, and type the name."),
        }


def _done(role: str, network: str, since: str, until: str) -> str:
    values = {"network": network, "since": since, "until": until}
    if role == Role.MENTOR:
        if until:
            return _("has been a volunteer mentor in %(network)s from %(since)s to %(until)s") % values
        return _("has been a volunteer mentor in %(network)s since %(since)s") % values
    if until:
        return _("has taken part as a mentee in %(network)s from %(since)s to %(until)s") % values
    return _("has taken part as a mentee in %(network)s since %(since)s") % values


def _met(meetings: int, hours: int) -> str:
    words = ngettext("%(count)s meeting", "%(count)s meetings", meetings) % {"count": meetings}
    if not hours:
        return words
    return f"{words} · " + ngettext("about %(count)s hour", "about %(count)s hours", hours) % {"count": hours}
