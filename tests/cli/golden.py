"""The example's expected result: ``make golden`` writes it again after a change that was meant."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mentornet.cli import main
from pairing.record import CERTIFICATE
from reference.translation import LANGUAGES, Language

ROOT: Final = Path(__file__).parents[2]
PILOT: Final = ROOT / "examples" / "pilot-2003"
GOLDEN: Final = Path(__file__).parent / "golden"
RANKED: Final = "K07"


def match_pilot(out: Path, language: Language) -> None:
    """Match the example into ``out``, and rank the bank for one mentee."""
    words = ["match", str(PILOT / "mentorbank.xlsx"), str(PILOT / "venteliste.xlsx"), "--today", "2003-11-21"]
    words += ["--out", str(out), "--language", language]
    assert main(words) == 0
    assert main([*words, "--rank", RANKED]) == 0


def write() -> None:
    """Write the expected files."""
    for language in LANGUAGES:
        match_pilot(GOLDEN / language, language)
        (GOLDEN / language / CERTIFICATE).unlink()


if __name__ == "__main__":
    write()
