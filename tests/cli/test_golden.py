"""The example gives, byte for byte, the result that was looked at and kept."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from reference.translation import LANGUAGES, Language

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("golden", HERE / "golden.py")
assert _spec is not None
assert _spec.loader is not None
golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden)


@pytest.mark.parametrize("language", LANGUAGES)
def test_example_gives_the_result_that_was_kept(tmp_path: Path, language: Language) -> None:
    golden.match_pilot(tmp_path, language)
    kept = {path.name: path.read_bytes() for path in (HERE / "golden" / language).iterdir()}
    assert kept.keys() == {"pairs.csv", "unmatched.csv", "rank.csv", "notices.txt"}
    assert {name: (tmp_path / name).read_bytes() for name in kept} == kept
