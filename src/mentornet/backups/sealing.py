"""Sealing a backup, and opening one: the format of age, so that any program of that format opens it without this one.

To one or more public keys it is an age file. With a passphrase the library seals only what lies in memory; so a key is
drawn for this one file and sealed with the passphrase, in age's armour. Before the age file that is sealed to it, it
stands in the same file.
Both are read and written in pieces: memory is bounded whatever the size.
"""

from __future__ import annotations

import base64
import binascii
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import pyrage
from django.utils.translation import gettext_lazy as _

from mentornet.common.answers import RefusedError

SHORTEST_PASSPHRASE: Final = 16
_AGE: Final = b"age-encryption.org/v1"
_BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END: Final = b"-----END AGE ENCRYPTED FILE-----"
_LONGEST_HEAD: Final = 64
"""Lines of armour around one key: a few."""
_PIPE: Final = 1 << 20


class WrongKeyError(RefusedError):
    """The key or the passphrase opens this file not."""


class DamagedError(RefusedError):
    """The file is not what was once written, or was never a backup."""


@dataclass(frozen=True, slots=True)
class Seal:
    """With what a backup is sealed: to public keys, or with a passphrase."""

    keys: tuple[str, ...] = ()
    passphrase: str = ""

    @property
    def words(self) -> str:
        """How it is told which: the public keys themselves, which open nothing."""
        return " ".join(self.keys) if self.keys else "passphrase"


@dataclass(frozen=True, slots=True)
class Opener:
    """With what a backup is opened."""

    identities: tuple[str, ...] = ()
    passphrase: str = ""


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def not_a_backup() -> DamagedError:
    """Return the refusal of a file that no backup begins like."""
    return DamagedError(_("This file is not a backup of Mentornet, or its beginning is damaged."))


def damaged() -> DamagedError:
    """Return the refusal of a file that is not what was written."""
    return DamagedError(
        _("This backup is damaged or not whole. Nothing was changed. Take another one, of the night before.")
    )


# Keys ---------------------------------------------------------------------------------------------------------------


def new_identity() -> tuple[str, str]:
    """Return a new key: the secret one, and the public one to which backups are sealed."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def check_keys(keys: tuple[str, ...]) -> None:
    """Refuse what is no public key.

    Raises:
        RefusedError: says which.
    """
    for key in keys:
        try:
            pyrage.x25519.Recipient.from_str(key)
        except pyrage.RecipientError as error:
            raise RefusedError(
                _("%(key)s is not a public key of age: one begins with age1.") % {"key": key[:24]}
            ) from error


def read_identities(path: Path) -> tuple[str, ...]:
    """Return the secret keys of a file as age-keygen writes it.

    Raises:
        RefusedError: there is none in it.
        OSError: it cannot be read.
    """
    lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    found = tuple(line for line in lines if line.startswith("AGE-SECRET-KEY-"))
    try:
        for one in found:
            pyrage.x25519.Identity.from_str(one)
    except pyrage.IdentityError:
        found = ()
    if not found:
        raise RefusedError(
            _("There is no secret key in %(file)s: one begins with AGE-SECRET-KEY-.") % {"file": str(path)}
        )
    return found


def read_passphrase(path: Path) -> str:
    """Return the first line of a file.

    Raises:
        RefusedError: it is too short to keep anybody out.
        OSError: it cannot be read.
    """
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return checked_passphrase(lines[0].strip() if lines else "")


def checked_passphrase(text: str) -> str:
    """Return a passphrase that is long enough.

    Raises:
        RefusedError: it is too short: whoever has the file can try as often as she likes.
    """
    if len(text) < SHORTEST_PASSPHRASE:
        raise RefusedError(
            _("The passphrase is too short: %(count)s signs or more, such as five words drawn by chance.")
            % {"count": SHORTEST_PASSPHRASE}
        )
    return text


# Sealing ------------------------------------------------------------------------------------------------------------


class _Source:
    """What the library reads: a pipe, whose end counts only when whoever wrote into it has said all."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self.is_abandoned = False

    def read(self, size: int = -1, /) -> bytes:
        data = os.read(self._pipe, size if size > 0 else _PIPE)
        if not data and self.is_abandoned:
            # Not an InterruptedError: the library would ask again for ever.
            raise EOFError
        return data


class _Sink:
    """What the library writes to; it keeps the error that the library would only quote."""

    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self._write = write
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._write(data)
        except BaseException as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back here."""


class _Stored:
    """A sealed file as the library reads it; it keeps the error of a disk that cannot be read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: BaseException | None = None

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._file.read(size)
        except BaseException as error:
            self.error = error
            raise


@contextmanager
def sealed(file: BinaryIO, seal: Seal) -> Iterator[BinaryIO]:
    """Yield a file: what is written into it stands sealed in ``file`` once the block has ended well.

    Raises:
        RefusedError: a key is none.
        OSError: ``file`` cannot be written.
    """
    if seal.keys:
        check_keys(seal.keys)
        recipients = [pyrage.x25519.Recipient.from_str(key) for key in seal.keys]
    else:
        secret, public = new_identity()
        recipients = [pyrage.x25519.Recipient.from_str(public)]
        file.write(_armoured(pyrage.passphrase.encrypt(secret.encode("ascii"), checked_passphrase(seal.passphrase))))
    reading, writing = os.pipe()
    source, sink, failed = _Source(reading), _Sink(file.write), list[BaseException]()

    def run() -> None:
        try:
            pyrage.encrypt_io(source, sink, recipients)
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for this thread
            failed.append(sink.error or error)
        finally:
            # Whoever still writes hears by it that nobody reads any more.
            os.close(reading)

    thread = threading.Thread(target=run, name="seal", daemon=True)
    thread.start()
    inner = os.fdopen(writing, "wb", _PIPE)
    try:
        yield inner
        inner.flush()
    except BaseException:
        source.is_abandoned = True
        raise
    finally:
        with suppress(BrokenPipeError):
            inner.close()
        thread.join()
        if failed and not source.is_abandoned:
            raise failed[0]
        if failed and isinstance(failed[0], OSError):
            # What broke the pipe, not that it broke.
            raise failed[0] from None


def _armoured(data: bytes) -> bytes:
    text = base64.b64encode(data)
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return b"\n".join([_BEGIN, *lines, _END, b""])


def _unarmoured(file: BinaryIO) -> bytes:
    """Read the armour at a file's beginning, exactly as it is written here: no other spelling of the same is taken."""
    lines = [_BEGIN]
    while lines[-1] != _END:
        line = file.readline(80)
        if not line.endswith(b"\n") or len(lines) > _LONGEST_HEAD:
            raise not_a_backup()
        lines.append(line[:-1])
    try:
        data = base64.b64decode(b"".join(lines[1:-1]), validate=True)
    except binascii.Error as error:
        raise not_a_backup() from error
    if _armoured(data) != b"\n".join([*lines, b""]):
        raise not_a_backup()
    return data


# Opening ------------------------------------------------------------------------------------------------------------


def _identities(file: BinaryIO, opener: Opener) -> list[Any]:
    """Return what opens the age file at which ``file`` then stands.

    Raises:
        WrongKeyError: it is sealed with another one, or with the other kind.
        DamagedError: it begins like no backup.
    """
    first = file.readline(80).removesuffix(b"\n")
    if first == _AGE:
        file.seek(0)
        if not opener.identities:
            raise WrongKeyError(
                _("This backup is sealed to a key. Name the file that holds the secret key with --identity.")
            )
        return [pyrage.x25519.Identity.from_str(one) for one in opener.identities]
    if first != _BEGIN:
        raise not_a_backup()
    if not opener.passphrase:
        raise WrongKeyError(
            _("This backup is sealed with a passphrase. Name the file that holds it with --passphrase-file.")
        )
    try:
        secret = pyrage.passphrase.decrypt(_unarmoured(file), opener.passphrase)
    except pyrage.DecryptError as error:
        raise WrongKeyError(
            _("The passphrase does not open this backup. Type it again; if it is right, the file is damaged.")
        ) from error
    return [pyrage.x25519.Identity.from_str(bytes(secret).decode("ascii"))]


@contextmanager
def opened(file: BinaryIO, opener: Opener) -> Iterator[_Readable]:
    """Yield what a sealed file holds. Only when the block has ended well is it known to be whole and unchanged.

    Raises:
        WrongKeyError: neither key nor passphrase opens it.
        DamagedError: it is not what was written, or not all of it.
    """
    identities = _identities(file, opener)
    reading, writing = os.pipe()
    failed = list[BaseException]()
    sink, stored = _Sink(lambda data: _write_all(writing, data)), _Stored(file)

    def run() -> None:
        try:
            pyrage.decrypt_io(stored, sink, identities)
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for this thread
            failed.append(sink.error or stored.error or _told(error))
        finally:
            os.close(writing)

    thread = threading.Thread(target=run, name="open", daemon=True)
    thread.start()
    inner = os.fdopen(reading, "rb", _PIPE)
    try:
        yield inner
        while inner.read(_PIPE):
            pass
    finally:
        inner.close()
        thread.join()
        # What is wrong with the seal comes before what was then wrong with the content.
        if failed and not isinstance(failed[0], BrokenPipeError):
            raise failed[0] from None


def _write_all(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _told(error: BaseException) -> BaseException:
    """Return what the library's own error means: neither reading nor writing went wrong."""
    if "matching keys" in str(error):
        return WrongKeyError(_("None of these keys opens this backup: it is sealed to another one, or damaged."))
    return damaged()
