"""What protects an answer in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from django.http import HttpResponseBase

_LOADS: Final = frozenset({"src", "srcset", "href", "action", "formaction", "poster", "data", "hx-get", "hx-post"})
# What a link of these leads to is not loaded; everything else is.
_LINKS: Final = frozenset({"a", "area"})
_ELSEWHERE: Final = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


def policy_faults(policy: str) -> list[str]:
    """Return what is wrong with a content security policy."""
    directives = {name: set(values) for name, *values in (part.split() for part in policy.split(";") if part.strip())}
    faults = [f"CSP without {name}" for name in ("default-src", "script-src", "style-src") if name not in directives]
    faults += [f"CSP {name}" for name in ("base-uri", "form-action", "frame-ancestors") if name not in directives]
    # Also where nothing is allowed by default: whoever widens the default later must not widen these.
    faults += [f"CSP {name} is not none" for name in ("object-src", "base-uri") if directives.get(name) != {"'none'"}]
    allowed = set().union(*directives.values()) if directives else set()
    faults += [
        f"CSP with {word}" for word in ("'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:") if word in allowed
    ]
    if any(_ELSEWHERE.match(word) or "." in word for word in allowed):
        faults.append("CSP with another host")
    return faults


def missing_guards(answer: HttpResponseBase, *, dynamic: bool = True) -> list[str]:
    """Return what an answer lacks; a dynamic one must besides not be kept anywhere."""
    wanted = {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    missing = [name for name, value in wanted.items() if answer.get(name) != value]
    missing += policy_faults(answer.get("Content-Security-Policy", ""))
    if dynamic:
        if "no-store" not in answer.get("Cache-Control", ""):
            missing.append("Cache-Control: no-store")
        if not {"cookie", "hx-request"} <= {word.strip().lower() for word in answer.get("Vary", "").split(",")}:
            missing.append("Vary: Cookie, HX-Request")
    return missing


class _Loads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _LOADS and value and _ELSEWHERE.match(value) and tag not in _LINKS:
                self.found.append(f"<{tag} {name}={value}>")


def third_parties(html: str) -> Iterator[str]:
    """Yield what a page would load from, or send to, another host."""
    page = _Loads()
    page.feed(html)
    yield from page.found
