"""A table as a file, and the entry in the audit without which it is not handed out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from mentornet.accounts.models import User
from mentornet.audit.models import Kind
from mentornet.audit.services import entry_of, record_all
from mentornet.divisions.staff import Staff
from mentornet.web.desk.exports.chosen import Chosen
from mentornet.web.desk.exports.forms import Format
from mentornet.web.desk.exports.listings import Listing
from reference.writing import Table, csv_bytes
from reference.xlsx_writing import xlsx_bytes

_TYPES: Final[Mapping[str, str]] = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
}
# With it at the start, spreadsheet programs read the letters as they were written.
_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()


def record_export(*, by: Staff, user: User, name: str, chosen: Chosen, told: Mapping[str, Any], rows: int) -> None:
    """Write into the audit that a list was taken out: which, by what filters, how much, as what, what for.

    It belongs to whoever did it and to none of the people in it: nobody's name and no name that was searched for.
    """
    detail: dict[str, object] = {
        "list": name,
        "filters": _kept(chosen),
        "rows": rows,
        "format": told["format"],
        "contact": bool(told.get("contact")),
        "purpose": told["purpose"],
    }
    if told["other"]:
        detail["other"] = told["other"]
    division_id = next(iter(by.casework)) if len(by.casework) == 1 else None
    record_all([entry_of(by=by, act="desk.export", of=user, division_id=division_id, detail=detail, kind=Kind.READ)])


def _kept(chosen: Chosen) -> dict[str, list[str | bool]]:
    kept: dict[str, list[str | bool]] = {}
    for one in chosen.filters:
        kept.setdefault(one.name, []).append(one.kept)
    return kept


def file_answer(by: Staff, listing: Listing, table: Table, kind: str) -> HttpResponse:
    """Return a table as a download, named after the list and the day."""
    title = str(listing.title)
    content = xlsx_bytes(table, title) if kind == Format.XLSX else _MARK + csv_bytes(table)
    name = f"{slugify(title) or listing.page.rpartition(':')[2]}-{by.today.isoformat()}.{kind}"
    response = HttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
