"""How mail leaves: from one address of the environment to Django's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from mentornet.config.env import PREFIX, SettingError, Settings

CONSOLE: Final = "consolemail://"
_ANYMAIL: Final = "anymail+"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of mail that Anymail knows.

    Attributes:
        backend: Anymail's own module of it.
        key: the setting of the secret.
        host: the setting of the domain from which mail leaves, where the provider wants it.
        options: what else may stand behind ``?``.
    """

    backend: str
    key: str
    host: str = ""
    options: tuple[str, ...] = ("api_url",)


PROVIDERS: Final[Mapping[str, Provider]] = {
    "brevo": Provider("brevo", "BREVO_API_KEY"),
    "mailgun": Provider("mailgun", "MAILGUN_API_KEY", "MAILGUN_SENDER_DOMAIN"),
    "mailjet": Provider("mailjet", "MAILJET_API_KEY", options=("api_url", "secret_key")),
    "postmark": Provider("postmark", "POSTMARK_SERVER_TOKEN"),
    "sparkpost": Provider("sparkpost", "SPARKPOST_API_KEY"),
}


def require_mail(settings: Settings) -> None:
    """Refuse to serve real people whose letters would only be written to the console.

    They would stand as sent, and lie where logs are kept, with links and codes that open somebody's pages.

    Raises:
        SettingError: it is neither a demonstration nor a developer's, and nobody has said how letters leave.
    """
    if settings.mail_url or settings.demo or settings.debug:
        return
    raise SettingError(
        f"{PREFIX}MAIL_URL: expected how letters leave, such as smtp+tls://user:password@host:587; without it nobody "
        f"would get them. For trying the program, set it to {CONSOLE}"
    )


def mail_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for ``smtp+tls://user:password@host:587`` or ``anymail+postmark://key@``.

    Raises:
        SettingError: the provider, or what it needs, is not there; the secret is not told.
    """
    if not url.startswith(_ANYMAIL):
        expected = f"{PREFIX}MAIL_URL: expected how letters leave, such as smtp+tls://user:password@host:587"
        try:
            settings: dict[str, Any] = environ.Env.email_url_config(url)
        except (ImproperlyConfigured, ValueError) as error:
            raise SettingError(expected) from error
        if urlsplit(url).scheme.startswith("smtp") and not settings.get("EMAIL_HOST"):
            raise SettingError(expected)
        return settings
    parts = urlsplit(url.removeprefix(_ANYMAIL))
    provider, name = PROVIDERS.get(parts.scheme), f"{PREFIX}MAIL_URL"
    if provider is None:
        raise SettingError(f"{name}: expected one of {', '.join(_ANYMAIL + known for known in PROVIDERS)}")
    if not parts.username:
        raise SettingError(f"{name}: expected the provider's key before the @, as in anymail+{parts.scheme}://key@")
    anymail = {provider.key: unquote(parts.username)}
    if provider.host:
        if not parts.hostname:
            raise SettingError(f"{name}: expected the domain that mail leaves from behind the @")
        anymail[provider.host] = parts.hostname
    for option, values in parse_qs(parts.query).items():
        if option not in provider.options:
            raise SettingError(f"{name}: {option} is not known; expected {', '.join(provider.options)}")
        anymail[f"{parts.scheme.upper()}_{option.upper()}"] = values[0]
    return {
        "EMAIL_BACKEND": f"anymail.backends.{provider.backend}.EmailBackend",
        "ANYMAIL": {**anymail, "REQUESTS_TIMEOUT": (10, 30), "DEBUG_API_REQUESTS": False},
    }
