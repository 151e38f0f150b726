"""A writer that is looked on by strace: ``python syncing.py``, in an environment that names a database.

Does each of the program's acts some times, and says when one begins and when it is acknowledged: to its standard
output, and as a question to PostgreSQL, where the server is what is looked at. ``RELIABILITY_SQL`` is said to the
database first: the control turns off there what makes it wait for the disk.
"""

from __future__ import annotations

import os
import random
import sys
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")
import django

django.setup()
from django.db import connection  # noqa: E402 - Django is started first

from reliability.acts import KINDS, World, perform  # noqa: E402
from reliability.databases import prepare  # noqa: E402

TIMES: Final = 3


def mark(words: str) -> None:
    """Say something where strace hears it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 'mark {words}'")
    os.write(sys.stdout.fileno(), f"mark {words}\n".encode())


def main() -> None:
    """Make what the acts need, and do them."""
    prepare()
    if sys.argv[1:] == ["prepare"]:
        return
    if sql := os.environ.get("RELIABILITY_SQL"):
        with connection.cursor() as cursor:
            cursor.execute(sql)
    world, rng = World.make(), random.Random(1)
    unanswered = [str(world.make_proposal().pk) for _ in range(4 * TIMES)]
    half: list[str] = []
    for number, kind in enumerate(KINDS * TIMES, start=1):
        act = world.draw(rng, kind, unanswered, half)
        mark(f"begun {number} {kind}")
        perform(world, act)
        mark(f"acknowledged {number} {kind}")
        if kind == "first yes":
            half.append(act.about)


if __name__ == "__main__":
    main()
