"""Files come in at two places of the desk, as lists; pictures nowhere: nobody has to trust what a stranger sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Final

from django import forms
from django.apps import apps
from django.db import models

from sources import ROOT, SOURCES, TEMPLATES, named

IMPORTS: Final = "mentornet.web.desk.imports"
EXPERTS: Final = "mentornet.web.desk.prospects"
WEB: Final = ROOT / "src/mentornet/web"
FILES_READ: Final = re.compile(r"\.FILES\b|\bupload_handlers\b")
FILE_ASKED: Final = re.compile(r"multipart/form-data|type=[\"']?file\b", re.IGNORECASE)


def forms_below(kind: type) -> Iterator[type]:
    below: list[type] = kind.__subclasses__()
    for one in below:
        yield one
        yield from forms_below(one)


def taking_files(found: Iterable[type]) -> list[str]:
    """Return the modules whose forms take files: by their fields, or by widgets that let a browser send one."""
    taking = set()
    for one in found:
        for field in getattr(one, "base_fields", {}).values():
            if isinstance(field, forms.FileField) or field.widget.needs_multipart_form:
                taking.add(one.__module__)
    return sorted(taking)


def all_our_forms() -> list[type]:
    for path in SOURCES:
        if path.is_relative_to(WEB):
            name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
            import_module(name.removesuffix(".__init__"))
    return [one for one in forms_below(forms.BaseForm) if one.__module__.startswith("mentornet.")]


def test_only_the_forms_of_imports_and_of_experts_take_files() -> None:
    found = all_our_forms()
    assert len(found) > 40
    modules = taking_files(found)
    # The control: theirs are found.
    assert modules == [f"{IMPORTS}.forms", f"{EXPERTS}.forms"]


def test_form_with_a_picture_would_be_found() -> None:
    class Portrait(forms.Form):
        picture = forms.ImageField()

    class Disguised(forms.Form):
        picture = forms.CharField(widget=forms.FileInput)

    assert taking_files([Portrait]) == taking_files([Disguised]) == [__name__]


def test_only_views_of_imports_and_of_experts_read_files() -> None:
    found = {named(path) for path in SOURCES if FILES_READ.search(path.read_text(encoding="utf-8"))}
    assert found == {"src/mentornet/web/desk/imports/views.py", "src/mentornet/web/desk/prospects/lists.py"}
    asked = {named(path) for path in TEMPLATES if FILE_ASKED.search(path.read_text(encoding="utf-8"))}
    pages = "src/mentornet/web/desk/templates/desk"
    assert asked == {f"{pages}/imports/files.html", f"{pages}/prospects/bring_in.html"}


def test_no_picture_is_kept() -> None:
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("mentornet.")
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    }
    assert {name for name in kept if not name.startswith("imports.")} == set()
