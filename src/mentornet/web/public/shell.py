"""What stands around every page of the public site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentornet.divisions.queries import organisation

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_WAYS: Final[tuple[tuple[str, _StrOrPromise], ...]] = (
    ("public:mentee", _("Get a mentor")),
    ("public:mentor", _("Become a mentor")),
    ("public:contact_person", _("Become a contact person")),
    ("public:handbooks", _("Handbook")),
    ("public:divisions", _("Where we are")),
)


@dataclass(frozen=True, slots=True)
class SiteWay:
    """One entry of the site's navigation."""

    label: str
    url: str
    is_current: bool


def public_page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with a page of the public site."""
    ways = [SiteWay(str(label), url := reverse(name), request.path.startswith(url)) for name, label in _WAYS]
    around = {"organisation": organisation(), "site_ways": ways, "is_paper": request.GET.get("print") == "1"}
    return render(request, template, around | context, status=status)
