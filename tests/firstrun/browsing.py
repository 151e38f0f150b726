"""A browser of a few lines: cookies, forms, redirects; behind a proxy that speaks HTTPS, if the program wants one."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


class Fields(HTMLParser):
    """What the hidden fields of each form on a page hold, by the form's address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif tag == "input" and given.get("type") == "hidden" and self.forms:
            self.forms[-1][1][given["name"]] = given.get("value", "")


class Browser:
    """Keeps cookies, follows redirects, and fills in forms.

    Attributes:
        path: of the page that is open.
        page: its text.
    """

    def __init__(self, address: str, host: str = "") -> None:
        parts = urlsplit(address)
        self.place = (parts.hostname or "", parts.port or 80)
        self.headers = {"Host": host, "X-Forwarded-Proto": "https"} if host else {}
        self.base = f"https://{host}" if host else address
        self.cookies: dict[str, str] = {}
        self.path = "/"
        self.page = ""
        self.status = 0

    def open(self, path: str, data: Mapping[str, str] | None = None) -> str:
        """Open a page, or send a form to it, and return the page that this leads to."""
        for _redirect in range(9):
            location = self._once(path, data)
            if not location:
                return self.page
            parts = urlsplit(location)
            path, data = parts.path + (f"?{parts.query}" if parts.query else ""), None
        raise AssertionError(f"goes round in circles: {path}")

    def send(self, action: str, **typed: str) -> str:
        """Fill in the form of the open page that goes to ``action`` (empty: to the page itself), and send it."""
        fields = Fields()
        fields.feed(self.page)
        hidden = next(
            hidden
            for to, hidden in fields.forms
            if urlsplit(to).path in {action, action or self.path}
            and all(hidden.get(name, value) == value for name, value in typed.items())
        )
        return self.open(action or self.path, {**hidden, **typed})

    def _once(self, path: str, data: Mapping[str, str] | None) -> str:
        connection = http.client.HTTPConnection(*self.place, timeout=60)
        headers = {**self.headers, "Referer": f"{self.base}{self.path}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if data is not None:
            body, headers["Content-Type"] = urlencode(data), "application/x-www-form-urlencoded"
            headers["Origin"] = self.base
        connection.request("GET" if data is None else "POST", path, body, headers)
        answer = connection.getresponse()
        for line in answer.msg.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        self.page, self.status, self.path = answer.read().decode(), answer.status, urlsplit(path).path
        connection.close()
        return answer.headers["Location"] if answer.status in {301, 302, 303} else ""
