"""Copy the fonts and draw the icon sprite from the packages pinned in package.json.

Run by a developer after a change of a pin, never on an installation::

    npm install --prefix FOLDER  (with this package.json in FOLDER)
    python vendor/gather.py FOLDER/node_modules

The result is committed, so that nobody who installs the program needs Node.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[1] / "src/mentornet/web/ui/static"
FONTS: Final = STATIC / "vendor/fonts"
ICONS: Final = STATIC / "vendor/icons"

FONT_FILES: Final = {
    "@fontsource-variable/inter": (
        "inter-latin-wght-normal.woff2",
        "inter-latin-ext-wght-normal.woff2",
        "inter-cyrillic-wght-normal.woff2",
    ),
    "@fontsource-variable/vazirmatn": ("vazirmatn-arabic-wght-normal.woff2",),
}

# Our word for the icon, and Lucide's. Directional ones are mirrored in right-to-left by their class.
ICON_NAMES: Final = {
    "agreement": "handshake",
    "archive": "archive",
    "arrow-end": "arrow-right",
    "arrow-start": "arrow-left",
    "bank": "library",
    "bell": "bell",
    "book": "book-open",
    "calendar": "calendar",
    "check": "check",
    "check-circle": "circle-check",
    "chevron-down": "chevron-down",
    "chevron-end": "chevron-right",
    "chevron-start": "chevron-left",
    "clock": "clock",
    "close": "x",
    "copy": "copy",
    "danger": "octagon-alert",
    "division": "map-pin",
    "download": "download",
    "edit": "pencil",
    "external": "external-link",
    "eye": "eye",
    "eye-off": "eye-off",
    "filter": "sliders-horizontal",
    "forbid": "ban",
    "heart": "heart",
    "help": "circle-question-mark",
    "hourglass": "hourglass",
    "import": "file-spreadsheet",
    "info": "info",
    "key": "key-round",
    "leaf": "leaf",
    "letter": "mail",
    "list": "list",
    "lock": "lock",
    "menu": "menu",
    "message": "message-circle",
    "minus": "minus",
    "note": "notebook-pen",
    "partnership": "users-round",
    "pause": "pause",
    "people": "user-round-search",
    "person": "user-round",
    "phone": "phone",
    "plus": "plus",
    "print": "printer",
    "proposal": "send",
    "question": "circle-question-mark",
    "save": "bookmark",
    "scale": "scale",
    "search": "search",
    "setup": "settings",
    "shield": "shield",
    "sign-out": "log-out",
    "sort": "chevrons-up-down",
    "sort-down": "arrow-down",
    "sort-up": "arrow-up",
    "star": "star",
    "swap": "arrow-left-right",
    "today": "sun",
    "trash": "trash-2",
    "undo": "undo-2",
    "unlock": "lock-open",
    "upload": "upload",
    "waiting": "hourglass",
    "warning": "triangle-alert",
}


def version_of(package: Path) -> str:
    """Return a package's own version."""
    return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])


def symbol(name: str, drawing: str) -> str:
    """Turn one of Lucide's drawings into a symbol of the sprite."""
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    assert inside is not None, name
    shapes = re.sub(r"\s+", " ", inside.group(1)).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def main(modules: Path) -> None:
    """Write the fonts, the sprite, their licences and the list of versions and checksums."""
    FONTS.mkdir(parents=True, exist_ok=True)
    ICONS.mkdir(parents=True, exist_ok=True)
    versions = []
    for package, files in FONT_FILES.items():
        short = package.rpartition("/")[2]
        shutil.copyfile(modules / package / "LICENSE", FONTS / f"{short}-OFL.txt")
        versions.append((package, version_of(modules / package), "OFL-1.1", FONTS / f"{short}-OFL.txt"))
        for file in files:
            shutil.copyfile(modules / package / "files" / file, FONTS / file)
            versions.append((package, version_of(modules / package), "OFL-1.1", FONTS / file))
    lucide = modules / "lucide-static"
    symbols = [
        symbol(name, (lucide / f"icons/{theirs}.svg").read_text(encoding="utf-8"))
        for name, theirs in sorted(ICON_NAMES.items())
    ]
    shapes = "\n".join(symbols)
    sprite = ICONS / "icons.svg"
    sprite.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{shapes}\n</svg>\n', encoding="utf-8")
    shutil.copyfile(lucide / "LICENSE", ICONS / "lucide-ISC.txt")
    versions += [("lucide-static", version_of(lucide), "ISC", path) for path in (sprite, ICONS / "lucide-ISC.txt")]
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(STATIC / 'vendor').as_posix()}"
        f"  {package}@{version}  {licence}"
        for package, version, licence, path in versions
    ]
    (STATIC / "vendor/VERSIONS").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
