"""In which language a page is shown: of five for participants, of two for staff."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

STAFF_PATHS: Final = ("/desk/", "/demo/", "/accounts/")


def is_for_staff(path: str) -> bool:
    """Tell whether a path leads to pages that are written for staff."""
    return path.startswith(STAFF_PATHS)


class LanguageMiddleware(LocaleMiddleware):
    """Chooses as Django does: by path, cookie and browser. Pages for staff fall back to a language they are in."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the page that is asked for."""
        super().process_request(request)
        if is_for_staff(request.path_info) and translation.get_language() not in settings.DESK_LANGUAGES:
            translation.activate(_of_the_desk(request))
            request.LANGUAGE_CODE = translation.get_language()


def _of_the_desk(request: HttpRequest) -> str:
    """Return the first language the browser asks for in which the desk is written; else the installation's."""
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = wanted.partition("-")[0]
        if code in settings.DESK_LANGUAGES:
            return code
    return settings.LANGUAGE_CODE
