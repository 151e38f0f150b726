"""Text messages: through a provider, or into a file."""

from __future__ import annotations

import http.client
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import phonenumbers
from django.core.exceptions import ImproperlyConfigured

PATIENCE_SECONDS: Final = 15
USUAL_SENDER: Final = "Info"
USUAL_COUNTRY: Final = "DK"

# The letters that a text message holds 160 of; with any other letter it holds 70.
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
_NOT_HEARD: Final = frozenset({502, 504})
"""What a gateway answers that has passed a message on and did not hear what became of it."""


class RefusedNumberError(Exception):
    """No text message can be sent to this number, or the provider refuses this one message."""


class ServerDownError(OSError):
    """The provider does not answer, has failed, or does not know us: other messages would fail as well."""


class UnansweredError(ServerDownError):
    """The provider broke off after it was asked: this message may have left, the next ones may fail as well."""


class SmsProvider(Protocol):
    """Whoever carries text messages."""

    def send(self, to: str, text: str, reference: str) -> str:
        """Send a text message and return the provider's own key of it.

        Args:
            to: the number, in the form ``+4512345678``.
            text: what it says.
            reference: the same at every attempt, so that a repeated message can be told from a second one.

        Raises:
            RefusedNumberError: this message cannot be sent.
            UnansweredError: it may have been sent, or not; nobody can be sent to now.
            ServerDownError: none can be sent now, and this one was not.
        """


def number_of(written: str, country: str = USUAL_COUNTRY) -> str:
    """Return a telephone number as providers want it, ``+4512345678``, however somebody has written it down.

    Raises:
        RefusedNumberError: it is no number, or none that is long enough for its country.
    """
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException as error:
        raise RefusedNumberError("no telephone number") from error
    # Possible, not valid: a country's newest numbers are known to the provider before they are known here.
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise RefusedNumberError("not a telephone number of its country")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of(written: str, country: str = USUAL_COUNTRY) -> str:
    """Return in two letters whose number this is; empty for what is no number."""
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return ""
    # A number that is too new to be known here is of the first country with its code.
    code = number.country_code or 0
    return phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(code)


def needs_ucs2(text: str) -> bool:
    """Tell whether a text has letters, such as Arabic ones, that the short alphabet of text messages lacks."""
    return not _GSM.issuperset(text)


@dataclass(frozen=True, slots=True)
class FileProvider:
    """Writes text messages into a file, a line of JSON each: for development and the demonstration."""

    path: Path

    def send(self, to: str, text: str, reference: str) -> str:
        """Add a line to the file.

        Raises:
            ServerDownError: the file cannot be written.
        """
        line = json.dumps({"to": to, "text": text, "reference": reference}, ensure_ascii=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise ServerDownError(f"the file cannot be written: {error.strerror}") from error
        return f"file:{uuid.uuid4()}"


@dataclass(frozen=True, slots=True, repr=False)
class GatewayApi:
    """GatewayAPI, a Danish provider: one message a request to ``/rest/mtsms``, with a token."""

    host: str
    port: int | None
    token: str
    sender: str = USUAL_SENDER
    is_plain: bool = False
    patience_seconds: float = PATIENCE_SECONDS

    def send(self, to: str, text: str, reference: str) -> str:
        """Hand a message over.

        Raises:
            RefusedNumberError: it answers that this message is wrong (400, 422).
            UnansweredError: it had the message, and did not say what became of it, or a gateway before it did not hear.
            ServerDownError: anything else but a success: it is not there, too busy, or does not take our token.
        """
        message: dict[str, Any] = {
            "sender": self.sender,
            "message": text,
            "userref": reference,
            "recipients": [{"msisdn": int(to.removeprefix("+"))}],
        }
        if needs_ucs2(text):
            message["encoding"] = "UCS2"
        status, answer = self._post("/rest/mtsms", json.dumps(message).encode())
        if status in {400, 422}:
            raise RefusedNumberError(f"{status} {answer.get('code', '')}".strip())
        if status in _NOT_HEARD:
            raise UnansweredError(f"{status} {answer.get('code', '')}".strip())
        if status != 200:
            raise ServerDownError(f"{status} {answer.get('code', '')}".strip())
        ids = answer.get("ids")
        if not isinstance(ids, list) or not ids:
            raise UnansweredError("200 without the message's key")
        return str(ids[0])

    def _post(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        # http.client follows no redirects: the token goes nowhere else.
        kind = http.client.HTTPConnection if self.is_plain else http.client.HTTPSConnection
        connection = kind(self.host, self.port, timeout=self.patience_seconds)
        headers = {
            "Authorization": f"Token {self.token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise ServerDownError(f"{type(error).__name__}: {error}") from error
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, _read(answer.read(65_536))
        except (OSError, http.client.HTTPException) as error:
            # From here on it may have the message, whatever has happened to its answer.
            raise UnansweredError(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


@dataclass(frozen=True, slots=True)
class Texting:
    """How this installation sends text messages.

    Attributes:
        country: whose numbers are written without a country's code.
    """

    provider: SmsProvider
    country: str = USUAL_COUNTRY


def texting_of(url: str, folder: Path) -> Texting | None:
    """Return how text messages are sent, from the address of the settings; ``None`` where none are.

    ``file:`` writes them into the folder. ``gatewayapi://token@gatewayapi.com?sender=Office&country=DK`` hands them to
    GatewayAPI, ``gatewayapi+http://…`` without encryption, to a stand-in on the same machine.

    Raises:
        ImproperlyConfigured: the address cannot be used; the token is not told.
    """
    if not url:
        return None
    parts, name = urlsplit(url), "MENTORNET_SMS_URL"
    options = {key: values[0] for key, values in parse_qs(parts.query).items()}
    country, sender = options.pop("country", USUAL_COUNTRY).upper(), options.pop("sender", USUAL_SENDER)
    if options:
        raise ImproperlyConfigured(f"{name}: {', '.join(options)} is not known; expected sender and country")
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise ImproperlyConfigured(f"{name}: expected the country in two letters, such as DK")
    if parts.scheme == "file":
        return Texting(FileProvider(folder / "text-messages.jsonl"), country)
    if parts.scheme not in {"gatewayapi", "gatewayapi+http"}:
        raise ImproperlyConfigured(f"{name}: expected file: or gatewayapi://token@gatewayapi.com")
    if not parts.username or not parts.hostname:
        raise ImproperlyConfigured(f"{name}: expected a token and a host, as in gatewayapi://token@gatewayapi.com")
    # What a telephone shows as the sender: a name of at most eleven letters, or a number of at most fifteen digits.
    if len(sender) > (15 if sender.isdigit() else 11) or not sender.isascii():
        raise ImproperlyConfigured(f"{name}: expected a sender of at most 11 letters or 15 digits")
    return Texting(
        GatewayApi(
            host=parts.hostname,
            port=parts.port,
            token=unquote(parts.username),
            sender=sender,
            is_plain=parts.scheme == "gatewayapi+http",
        ),
        country,
    )
