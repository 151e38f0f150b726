"""What lies in a backup: read with distrust, whoever has sealed it."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from mentornet.backups import archive, manifest
from mentornet.backups.archive import Writer, is_safe, unpack
from mentornet.backups.manifest import Manifest, Member, TableState, read, written
from mentornet.backups.sealing import DamagedError
from mentornet.backups.tables import differences, state_of

PIECES: Final = {"database/000000": b"first half, ", "database/000001": b"second half"}
OTHERS: Final = {"secret-key": b"key", "files/handbook/a b.pdf": b"%PDF", "erasure-ledger.jsonl": b""}


def manifest_of(members: Mapping[str, Member]) -> Manifest:
    return Manifest(
        made_at=datetime(2026, 11, 22, 2, tzinfo=UTC),
        program="0.1.0",
        database="sqlite",
        server="3.40.1",
        migrations=("people.0001_initial",),
        members=dict(members),
        tables={"people_person": state_of([(1, "Amal")])},
        secret_key="fingerprint",
        has_secret_key=True,
        chain="0:",
    )


def packed(
    members: Mapping[str, bytes] | None = None,
    *,
    told: Callable[[dict[str, Member]], dict[str, Member]] = lambda members: members,
    extra: Callable[[tarfile.TarFile], object] = lambda _tar: None,
    after: Callable[[tarfile.TarFile], object] = lambda _tar: None,
    tail: bytes = b"",
) -> io.BytesIO:
    """Write a backup's files, or what looks nearly like them."""
    out = io.BytesIO()
    writer = Writer(out)
    for name, data in ({**PIECES, **OTHERS} if members is None else members).items():
        writer.add(name, io.BytesIO(data), len(data))
    extra(writer._tar)
    data = written(manifest_of(told(writer.members)))
    writer._put(manifest.NAME, io.BytesIO(data), len(data))
    after(writer._tar)
    writer._tar.close()
    writer._gzip.write(tail)
    writer._gzip.close()
    return io.BytesIO(out.getvalue())


def test_what_was_written_is_read(tmp_path: Path) -> None:
    found = unpack(packed(), tmp_path)
    assert found == manifest_of(found.members)
    assert (tmp_path / "database").read_bytes() == b"first half, second half"
    assert (tmp_path / "files/handbook/a b.pdf").read_bytes() == b"%PDF"
    assert {path.stat().st_mode & 0o77 for path in tmp_path.rglob("*")} == {0}


def test_pieces_of_any_length_become_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PIECE", 10)
    for count in (0, 9, 10, 11, 35):
        out = io.BytesIO()
        writer = Writer(out)
        writer.add_pieces("database", [b"abc"] * count)
        writer.close(written(manifest_of(writer.members)))
        folder = tmp_path / str(count)
        folder.mkdir()
        found = unpack(io.BytesIO(out.getvalue()), folder)
        assert (folder / "database").read_bytes() == b"abc" * count
        assert len(found.members) == max(1, -(-count * 3 // 10))


def _entry(
    name: str, kind: bytes = tarfile.REGTYPE, link: str = "", data: bytes = b"x"
) -> tuple[tarfile.TarInfo, io.BytesIO]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    entry.size = len(data) if kind == tarfile.REGTYPE else 0
    return entry, io.BytesIO(data)


@pytest.mark.parametrize(
    "name",
    [
        "../outside", "/etc/passwd", "files/../../outside", "files/./x", "files//x", "files/", "other/x", "database",
        "database/000001/x", "database/1", "journal.json", "mentornet.sqlite3", "files\\..\\x", "restored-copy",
        "files/a\nb", "secret-key/x",
    ],
)  # fmt: skip
def test_file_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    member = Member("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", 1)
    with pytest.raises(DamagedError):
        unpack(
            packed(extra=lambda tar: tar.addfile(*_entry(name)), told=lambda members: {**members, name: member}), inside
        )
    assert not is_safe(name.rstrip("/") or name) or name == "files/"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside"]


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        (tarfile.SYMTYPE, "/etc/passwd"), (tarfile.SYMTYPE, "../.."), (tarfile.LNKTYPE, "secret-key"),
        (tarfile.DIRTYPE, ""), (tarfile.FIFOTYPE, ""), (tarfile.CHRTYPE, ""),
    ],
)  # fmt: skip
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes, link: str) -> None:
    with pytest.raises(DamagedError):
        unpack(packed(extra=lambda tar: tar.addfile(*_entry("files/x", kind, link))), tmp_path)
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_manifest_and_members_must_be_the_same(tmp_path: Path) -> None:
    def without(name: str) -> dict[str, bytes]:
        return {key: data for key, data in {**PIECES, **OTHERS}.items() if key != name}

    whole = unpack(packed(), _folder(tmp_path, "whole")).members
    wrong = [
        packed(without("secret-key"), told=lambda _: whole),  # one is missing
        packed(told=lambda members: {name: one for name, one in members.items() if name != "secret-key"}),  # one more
        packed(told=lambda members: {**members, "secret-key": replace(members["secret-key"], size=4)}),
        packed(told=lambda members: {**members, "secret-key": replace(members["secret-key"], sha256="0" * 64)}),
        packed(without("database/000000")),  # no beginning
        packed({**OTHERS}),  # no database at all
        packed({"secret-key": b"key", **PIECES}),  # pieces not where they are counted
        packed(extra=lambda tar: tar.addfile(*_entry("secret-key"))),  # twice
        packed(after=lambda tar: tar.addfile(*_entry("files/late"))),  # after the manifest
        packed(tail=b"more"),
        io.BytesIO(packed().getvalue() + gzip.compress(b"more")),
    ]
    for number, source in enumerate(wrong):
        with pytest.raises(DamagedError):
            unpack(source, _folder(tmp_path, str(number)))


def test_cut_or_changed_it_is_refused_even_without_a_seal(tmp_path: Path) -> None:
    data = packed().getvalue()
    for end in range(0, len(data), 7):
        with pytest.raises(DamagedError):
            unpack(io.BytesIO(data[:end]), _folder(tmp_path, f"cut-{end}"))


def _folder(path: Path, name: str) -> Path:
    folder = path / name
    folder.mkdir()
    return folder


def test_manifest_of_another_format_is_refused() -> None:
    data = written(manifest_of({}))
    assert read(data).tables == {"people_person": state_of([(1, "Amal")])}
    for wrong in (b"", b"[]", b"{}", data.replace(b"mentornet-backup-1", b"mentornet-backup-2"), data[:-3]):
        with pytest.raises(DamagedError):
            read(wrong)


def test_tables_are_compared_whatever_the_order() -> None:
    rows: list[tuple[object, ...]] = [(1, "Amal", None), (2, "Ægir ☃", 2.5), (3, b"\0", 0)]
    state = state_of(rows)
    assert state == state_of(reversed(rows))
    changed: list[list[tuple[object, ...]]] = [
        rows[:2], [*rows, rows[0]], [(1, "Amal", ""), *rows[1:]], [(1, "amal", None), *rows[1:]],
        [(1, "Amal", 0), *rows[1:]],
    ]  # fmt: skip
    assert all(state_of(other).digest != state.digest for other in changed)
    assert differences({"a": state, "b": state}, {"a": state, "c": TableState(0, "")}) == ["b", "c"]
