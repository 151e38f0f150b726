"""What a seal keeps: nothing of a changed, cut or foreign file passes for a backup."""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

import pyrage
import pytest

from mentornet.backups.sealing import (
    DamagedError,
    Opener,
    Seal,
    WrongKeyError,
    checked_passphrase,
    new_identity,
    opened,
    read_identities,
    read_passphrase,
    sealed,
)
from mentornet.common.answers import RefusedError

WORDS: Final = b"who is with whom " * 12_000
PASSPHRASE: Final = "five words drawn by chance"
SECRET, PUBLIC = new_identity()
TO_KEY: Final = Seal(keys=(PUBLIC,))
KEYS: Final = Opener(identities=(SECRET,))


def seal(words: bytes = WORDS, how: Seal = TO_KEY) -> bytes:
    file = io.BytesIO()
    with sealed(file, how) as inner:
        inner.write(words)
    return file.getvalue()


def unseal(data: bytes, opener: Opener = KEYS) -> bytes:
    with opened(io.BytesIO(data), opener) as source:
        return source.read()


@pytest.fixture(scope="module")
def with_passphrase() -> bytes:
    return seal(how=Seal(passphrase=PASSPHRASE))


def test_opened_with_what_it_was_sealed_to(with_passphrase: bytes) -> None:
    assert unseal(seal()) == WORDS
    assert unseal(with_passphrase, Opener(passphrase=PASSPHRASE)) == WORDS
    # The library alone opens it too: nobody needs this program for it.
    assert pyrage.decrypt(seal(), [pyrage.x25519.Identity.from_str(SECRET)]) == WORDS


def test_each_of_several_keys_opens_it() -> None:
    other_secret, other_public = new_identity()
    data = seal(how=Seal(keys=(PUBLIC, other_public)))
    assert unseal(data) == unseal(data, Opener(identities=(other_secret,))) == WORDS


def test_any_flipped_byte_is_seen() -> None:
    data, drawn = seal(b"short"), random.Random(20261122)
    # Each of a short file; some of a long one, whose pieces are sealed one by one.
    for whole, places in ((data, range(len(data))), (seal(), drawn.sample(range(len(seal())), 60))):
        for place in places:
            changed = bytearray(whole)
            changed[place] ^= 1 << drawn.randrange(8)
            with pytest.raises((DamagedError, WrongKeyError)):
                unseal(bytes(changed))


def test_any_flipped_byte_around_the_key_is_seen(with_passphrase: bytes) -> None:
    head = with_passphrase.index(b"age-encryption.org")
    drawn, opener = random.Random(5), Opener(passphrase=PASSPHRASE)
    # Each try asks the passphrase's slow way: only some.
    for place in [*drawn.sample(range(head), 8), 40, head - 1, head - 2, head + 30]:
        changed = bytearray(with_passphrase)
        changed[place] ^= 1
        with pytest.raises((DamagedError, WrongKeyError)):
            unseal(bytes(changed), opener)


def test_cut_anywhere_it_is_not_whole() -> None:
    data, drawn = seal(), random.Random(7)
    for end in [0, 1, 20, 21, 22, len(data) - 1, len(data) - 16, *drawn.sample(range(len(data)), 60)]:
        with pytest.raises((DamagedError, WrongKeyError)):
            unseal(data[:end])


def test_anything_added_is_seen() -> None:
    for more in (b"\0", b"x" * 70_000, seal()):
        with pytest.raises(DamagedError):
            unseal(seal() + more)


def test_another_key_or_passphrase_opens_nothing(with_passphrase: bytes) -> None:
    with pytest.raises(WrongKeyError, match="None of these keys"):
        unseal(seal(), Opener(identities=(new_identity()[0],)))
    with pytest.raises(WrongKeyError, match="does not open this backup"):
        unseal(with_passphrase, Opener(passphrase=f"{PASSPHRASE}."))
    with pytest.raises(WrongKeyError, match="--passphrase-file"):
        unseal(with_passphrase, KEYS)
    with pytest.raises(WrongKeyError, match="--identity"):
        unseal(seal(), Opener(passphrase=PASSPHRASE))


def test_other_files_are_no_backups() -> None:
    for data in (b"", b"SQLite format 3\0", b"PK\x03\x04", b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"\n" * 9):
        with pytest.raises(DamagedError, match="not a backup"):
            unseal(data, Opener(identities=(SECRET,), passphrase=PASSPHRASE))


def test_what_fails_while_it_is_written_is_told_as_it_is() -> None:
    class Full(io.BytesIO):
        def write(self, _data: object, /) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), sealed(Full(), Seal(keys=(PUBLIC,))) as inner:
        inner.write(WORDS * 30)

    file = io.BytesIO()
    with pytest.raises(ZeroDivisionError), sealed(file, TO_KEY) as inner:
        inner.write(WORDS * (1 // 0))
    # Left off half-way it is not a whole file of less.
    with pytest.raises((DamagedError, WrongKeyError)):
        unseal(file.getvalue())


def test_reading_may_stop_early() -> None:
    with pytest.raises(ZeroDivisionError), opened(io.BytesIO(seal(WORDS * 30)), KEYS) as source:
        source.read(10 // len(source.read(1)[1:]))


def test_keys_are_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"# created: today\n# public key: {PUBLIC}\n{SECRET}\n", encoding="utf-8")
    (tmp_path / "none").write_text(PUBLIC, encoding="utf-8")
    (tmp_path / "broken").write_text(SECRET[:-1], encoding="utf-8")
    assert read_identities(tmp_path / "key") == (SECRET,)
    for name in ("none", "broken"):
        with pytest.raises(RefusedError, match="AGE-SECRET-KEY"):
            read_identities(tmp_path / name)
    (tmp_path / "words").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    assert read_passphrase(tmp_path / "words") == PASSPHRASE
    with pytest.raises(RefusedError, match="too short"):
        checked_passphrase("kodeord")
    with pytest.raises(RefusedError, match="not a public key"):
        seal(how=Seal(keys=("age1nothing",)))


def test_memory_is_bounded(tmp_path: Path) -> None:
    """Sealing and opening 400 MB takes no more than little more than nothing."""
    code = (
        "import resource, sys\n"
        "from mentornet.backups.sealing import *\n"
        "secret, public = new_identity()\n"
        "path = sys.argv[1]\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "with open(path, 'wb') as file, sealed(file, Seal(keys=(public,))) as inner:\n"
        "    [inner.write(bytes(1 << 20)) for _ in range(400)]\n"
        "count = 0\n"
        "with open(path, 'rb') as file, opened(file, Opener(identities=(secret,))) as source:\n"
        "    while data := source.read(1 << 20): count += len(data)\n"
        "assert count == 400 << 20\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    said = subprocess.run([sys.executable, "-c", code, str(tmp_path / "x")], capture_output=True, text=True, check=True)
    assert int(said.stdout) * (1 if sys.platform != "darwin" else 1 / 1024) < 60_000
    assert resource.getpagesize() > 0
