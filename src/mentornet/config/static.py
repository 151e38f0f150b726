"""Where the styles and scripts lie, and the one stylesheet in which each front end of participants gets its layers.

A stylesheet is written in a file for each layer. Over a slow telephone every file costs a way there and back, so a
front end that is opened there asks for one file, joined of these. Nothing is built: it is found as other files are.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import brotli  # type: ignore[import-untyped]  # it ships no types
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage
from django.utils import timezone
from whitenoise.storage import CompressedManifestStaticFilesStorage


class CollectedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Files gathered by ``collectstatic``, hashed and packed."""

    manifest_strict = True


# A developer's and a demonstration's server reads the files where they lie: nothing is to be gathered first.
Storage = StaticFilesStorage if settings.DEBUG or settings.DEMO else CollectedStorage

# One stylesheet for each front end -----------------------------------------------------------------------------------

_LAYERS: Final = (
    "ui/css/tokens.css",
    "ui/css/base.css",
    "ui/css/layout.css",
    "ui/css/components.css",
    "ui/css/utilities.css",
    "ui/css/print.css",
    "public/css/public.css",
)
JOINED: Final[Mapping[str, Sequence[str]]] = {
    "public/css/all.css": (*_LAYERS, "public/css/apply.css"),
    "portal/css/all.css": (
        *_LAYERS,
        "portal/css/portal.css",
        "portal/css/confirm.css",
        "portal/css/learning.css",
        "portal/css/partnership.css",
        "portal/css/profile.css",
        "portal/css/proposals.css",
        "portal/css/questions.css",
    ),
}
"""Each joined stylesheet's layers in order; all lie equally deep, so that links in them hold."""
PACKED: Final[Mapping[str, Callable[[bytes], bytes]]] = {".br": brotli.compress, ".gz": gzip.compress}
_FOR_PAPER: Final = frozenset({"ui/css/print.css"})


def join(parts: Mapping[str, str]) -> str:
    """Return stylesheets one after the other, those for paper for paper alone."""
    return "".join(f"@media print {{\n{css}}}\n" if name in _FOR_PAPER else css for name, css in parts.items())


class JoinedFiles(FileSystemStorage):
    """The joined stylesheets as they were written to disk: each version in a folder of its own, never changed."""

    def __init__(self) -> None:
        super().__init__(location=settings.JOINED_FOLDER)
        self.layers = AppDirectoriesFinder()

    def path(self, name: str) -> str:
        """Return where a joined stylesheet lies, or one of the packed ones beside it; they are written if need be.

        Raises:
            LookupError: one of its layers is nowhere.
        """
        plain, packed = (name, "") if name in JOINED else (name[:-3], name[-3:])
        css = join({part: self._layer(part) for part in JOINED[plain]}).encode()
        place = Path(self.location) / sha256(css).hexdigest()[:12] / plain
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            # The plain one last: where it is, the others are.
            for suffix, pack in PACKED.items():
                _write(place.with_name(place.name + suffix), pack(css))
            _write(place, css)
        return f"{place}{packed}"

    def get_modified_time(self, name: str) -> datetime:
        """Return the moment: an older version's file may have been written first, and is gathered all the same."""
        del name
        return timezone.now()

    def _layer(self, name: str) -> str:
        found = self.layers.find(name, find_all=True)
        if not found:
            raise LookupError(name)
        return Path(found[0]).read_text(encoding="utf-8")


def _write(place: Path, content: bytes) -> None:
    """Write a file so that another process sees all of it or nothing."""
    with NamedTemporaryFile(dir=place.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(place)


class JoinedFinder(BaseFinder):
    """Finds the joined stylesheets, as Django's own finders find the others."""

    def __init__(self, *_arguments: Any, **_options: Any) -> None:
        self.storage = JoinedFiles()

    def check(self, **_options: Any) -> list[CheckMessage]:
        """Find nothing wrong: a layer that is missing ends the start."""
        return []

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:
        """Return where a joined stylesheet lies; nothing for another file."""
        found = [self.storage.path(path)] if path in JOINED else []
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Return the joined stylesheets; packed as well where they are served from here, not gathered first."""
        del ignore_patterns
        for name in JOINED:
            yield name, self.storage
            if settings.WHITENOISE_USE_FINDERS:
                yield from ((name + suffix, self.storage) for suffix in PACKED)
