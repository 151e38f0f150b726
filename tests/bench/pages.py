"""Names of pages that the bench fills in one process and looks at in another."""

from __future__ import annotations

from typing import Final

LETTERS_LINK: Final = "A letter’s link, to where her application stands"
