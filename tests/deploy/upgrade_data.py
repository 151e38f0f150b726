"""Write the data of a former release anew: ``make upgrade-data FROM=<commit>``.

That commit is checked out aside, its own code fills an empty database of each kind, and what lies there afterwards is
kept as compressed SQL in ``data/``, beside what it was made from. Nobody in it exists.
"""

from __future__ import annotations

import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
DATA: Final = HERE / "data"
SECRET_KEY: Final = "the key of the former release's data, " + "x" * 30
"""Second factors are sealed with it: the test opens them with the same."""


def server() -> str:
    """Return the address of the PostgreSQL server that runs beside (``tests/with-postgresql``), without a database."""
    return os.environ["MENTORNET_TEST_DATABASE_URL"]


def database_url(name: str) -> str:
    """Return the address of a database of that server."""
    return server().replace("/postgres?", f"/{name}?")


def fill(code: Path, folder: Path, url: str = "") -> dict[str, Any]:
    """Let former code fill a database; returns what it tells."""
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MENTORNET_", "DJANGO_"))}
    environment |= {"MENTORNET_DATA": str(folder), "MENTORNET_DEMO": "yes", "MENTORNET_SECRET_KEY": SECRET_KEY}
    environment |= {"PYTHONPATH": str(code / "src"), "MENTORNET_HOSTS": "testserver,localhost"}
    if url:
        environment["MENTORNET_DATABASE_URL"] = url
    subprocess.run([sys.executable, str(HERE / "former_rows.py"), str(folder)], env=environment, check=True)
    told: dict[str, Any] = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return told


def keep(name: str, text: str) -> None:
    """Write one of the files, compressed."""
    path = DATA / name
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


def main(commit: str) -> None:
    """Write all of it anew."""
    git = ("git", "-C", str(ROOT))
    full = subprocess.run([*git, "rev-parse", f"{commit}^{{commit}}"], check=True, capture_output=True, text=True)
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mentornet-former-") as name:
        folder = Path(name)
        code = folder / "code"
        code.mkdir()
        archive = subprocess.run([*git, "archive", full.stdout.strip()], check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", str(code)], input=archive.stdout, check=True)
        told = fill(code, folder / "sqlite")
        with sqlite3.connect(folder / "sqlite" / "mentornet.sqlite3") as rows:
            keep("sqlite.sql.xz", "\n".join(rows.iterdump()))
        subprocess.run(["psql", "-q", server(), "-c", "CREATE DATABASE former"], check=True)
        also = fill(code, folder / "postgresql", database_url("former"))
        assert told["targets"] == also["targets"]
        dump = subprocess.run(
            ["pg_dump", "--no-owner", "--no-privileges", database_url("former")],
            check=True,
            capture_output=True,
            text=True,
        )
        # A psql of an earlier minor release does not know these two words, and the text is our own.
        lines = [line for line in dump.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]
        keep("postgresql.sql.xz", "\n".join(lines) + "\n")
        told |= {"commit": full.stdout.strip()}
        (DATA / "former.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "HEAD")
