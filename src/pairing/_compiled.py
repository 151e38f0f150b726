"""Compilation by numba, with the types that numba does not tell."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, ParamSpec, TypeVar, cast

import numba

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def _fingerprint() -> str:
    """Return a hash of all of this package's code."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("**/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


FINGERPRINT: Final = _fingerprint()


def compiled(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Compile ``function`` on its first call and keep the machine code on disk.

    The global interpreter lock is released, so that rows can be scored on several threads. No ``fastmath``: sums
    have to round as the definition says, on every machine.
    """
    try:
        dispatcher = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # There is no folder to keep machine code in: compile anew in each process, rather than not at all.
        return cast("Callable[Arguments, Answer]", numba.njit(nogil=True)(function))
    # The compiler keeps machine code as long as the function's own file is unchanged, and would go on using it after
    # an upgrade of a function that it calls. Whatever changes in this package makes it compile anew.
    dispatcher._cache._cache_file._source_stamp = FINGERPRINT  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
    return cast("Callable[Arguments, Answer]", dispatcher)


def inner(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Compile ``function`` for compiled callers only: it cannot be called from Python.

    Without the doors to Python, compiling takes about half the time.
    """
    # The two options are the compiler's own, though its type hints leave them out.
    options = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    decorate = numba.njit(**options)  # type: ignore[call-overload]
    return cast("Callable[Arguments, Answer]", decorate(function))
