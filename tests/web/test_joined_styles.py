"""The one stylesheet of each front end: joined of its layers, served as other files are."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Final

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import FileSystemStorage
from django.test import override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from mentornet.config.static import JOINED, CollectedStorage, JoinedFiles, JoinedFinder, join
from sources import ROOT

WEB: Final = ROOT / "src/mentornet/web"
PORTAL: Final = sorted((WEB / "portal/static/portal/css").glob("*.css"))
IN_A_FILE_OF_ITS_OWN: Final = {"public/css/pdf.css"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "joined"


def text_of(name: str) -> str:
    place = finders.find(name)
    assert isinstance(place, str)
    return Path(place).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", JOINED)
def test_layers_stand_in_order(name: str) -> None:
    joined = text_of(name)
    places = [joined.index(text_of(layer)) for layer in JOINED[name]]
    assert places == sorted(places)
    assert joined.count("{") == joined.count("}")


def test_what_is_for_paper_is_for_paper_alone() -> None:
    css = join({"ui/css/base.css": "p { color: red }\n", "ui/css/print.css": "p { color: black }\n"})
    assert css == "p { color: red }\n@media print {\np { color: black }\n}\n"


def test_every_stylesheet_of_a_participant_s_front_end_is_joined() -> None:
    found = {f"{front}/css/{path.name}" for front in ("portal", "public")
             for path in (WEB / front / "static" / front / "css").glob("*.css")}  # fmt: skip
    joined = {layer for layers in JOINED.values() for layer in layers}
    assert found - joined == IN_A_FILE_OF_ITS_OWN


def selectors(css: str) -> set[str]:
    """Return what a stylesheet speaks of on the screen."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).partition("@media print")[0]
    heads = [head for head in re.findall(r"([^{}]+)\{", plain) if not head.strip().startswith("@")]
    return {" ".join(one.split()) for head in heads for one in head.split(",")}


def test_no_area_of_the_portal_speaks_of_another_s_parts() -> None:
    of = {path.name: selectors(path.read_text(encoding="utf-8")) for path in PORTAL}
    assert [(one, other, of[one] & of[other]) for one, other in combinations(of, 2) if of[one] & of[other]] == []
    assert selectors("@media x { .a, .b c { x: y } }") == {".a", ".b c"}


def test_links_to_files_hold_from_the_joined_one(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, WHITENOISE_USE_FINDERS=False):
        storage = CollectedStorage()
        files: dict[str, tuple[FileSystemStorage, str]] = {}
        for finder in finders.get_finders():
            for name, where in finder.list([]):
                if name.startswith(("ui/", "vendor/fonts", "public/css", "portal/css")):
                    with where.open(name) as file:
                        storage.save(name, file)
                    files[name] = (storage, name)
        done = {name: hashed for name, hashed, _is in storage.post_process(files) if hashed.endswith(".css")}
    # A font that is not found would have ended it.
    for name in JOINED:
        hashed = done[name]
        assert re.fullmatch(r"\w+/css/all\.[0-9a-f]{12}\.css", hashed)
        assert re.search(r"vendor/fonts/inter-latin-wght-normal\.[0-9a-f]{12}\.woff2", (tmp_path / hashed).read_text())
        assert (tmp_path / f"{hashed}.br").exists()


def test_demonstration_serves_it_packed(folder: Path) -> None:
    folder.mkdir()
    with override_settings(
        STATIC_ROOT=folder, JOINED_FOLDER=folder, WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=False
    ):
        finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # it is kept by lru_cache
        try:
            served = WhiteNoiseMiddleware(lambda _request: None).files["/static/portal/css/all.css"]
        finally:
            finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # it is kept by lru_cache
    answer = served.get_response("GET", {"HTTP_ACCEPT_ENCODING": "gzip, br"})
    assert dict(answer.headers)["Content-Encoding"] == "br"
    with answer.file as file:
        assert brotli.decompress(file.read()).decode() == text_of("portal/css/all.css")


def test_version_is_written_once_and_a_changed_one_beside_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(JOINED_FOLDER=folder):
        files = JoinedFiles()
    first = Path(files.path("portal/css/all.css"))
    written = first.stat().st_mtime_ns
    assert Path(files.path("portal/css/all.css")) == first
    assert first.stat().st_mtime_ns == written
    monkeypatch.setattr(files, "_layer", lambda name: f"/* {name} */\n")
    second = Path(files.path("portal/css/all.css"))
    assert second != first
    assert first.exists()
    assert second.read_text().startswith("/* ui/css/tokens.css */")


def test_missing_layer_ends_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(JOINED, "public/css/all.css", ("ui/css/gone.css",))
    with pytest.raises(LookupError, match=r"gone\.css"):
        JoinedFinder().find("public/css/all.css")


def test_another_file_is_not_found_here() -> None:
    finder = JoinedFinder()
    assert finder.find("ui/css/base.css") == []
    assert finder.find("portal/css/all.css", find_all=True) == [finders.find("portal/css/all.css")]
    assert finder.check() == []
    assert isinstance(StaticFilesStorage().url("portal/css/all.css"), str)
