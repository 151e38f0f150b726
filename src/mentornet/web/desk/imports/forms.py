"""Forms of an import: files, columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.divisions.models import Division
from mentornet.divisions.queries import divisions_of
from mentornet.divisions.staff import Staff
from mentornet.imports.limits import spreadsheet_limits
from mentornet.imports.models import File
from mentornet.imports.queries import open_programmes
from mentornet.imports.services.batches import Upload
from mentornet.imports.services.layouts import ROW_NUMBERS, asks_for_briefing
from mentornet.programmes.models import Programme
from reference.columns import Subject
from reference.extra_columns import all_columns_of
from reference.faults import UnusableFilesError
from reference.mapped import look_into
from reference.sheets import Limits, Source

_ACCEPT: Final = ".xlsx,.csv,.txt"
_MEGABYTE: Final = 1024 * 1024
FILE_OF: Final = {
    Subject.MENTORS: gettext_lazy("the file of mentors"),
    Subject.MENTEES: gettext_lazy("the file of mentees"),
    Subject.PAIRS: gettext_lazy("the file of pairs"),
}


_CHOOSE_DIVISION: Final = gettext_lazy("Choose the division into which these people come.")
_CHOOSE_PROGRAMME: Final = gettext_lazy("Choose the programme in which these people take part.")


def _file_field(label: Any, help_text: Any) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": _ACCEPT})
    again = gettext_lazy("The file did not arrive. Choose it again.")
    return forms.FileField(
        label=label,
        help_text=help_text,
        required=False,
        widget=widget,
        allow_empty_file=True,
        error_messages={"invalid": again, "missing": again, "contradiction": again},
    )


class UploadForm(forms.Form):
    """Up to three files, and where they go."""

    division: forms.ModelChoiceField[Division] = forms.ModelChoiceField(
        label=gettext_lazy("Division"),
        queryset=None,
        empty_label=gettext_lazy("Choose"),
        widget=forms.Select(attrs={"data-as-written": ""}),
        error_messages={"required": _CHOOSE_DIVISION, "invalid_choice": _CHOOSE_DIVISION},
    )
    programme: forms.ModelChoiceField[Programme] = forms.ModelChoiceField(
        label=gettext_lazy("Programme"),
        queryset=None,
        empty_label=gettext_lazy("Choose"),
        widget=forms.Select(attrs={"data-as-written": ""}),
        error_messages={"required": _CHOOSE_PROGRAMME, "invalid_choice": _CHOOSE_PROGRAMME},
    )
    mentors = _file_field(gettext_lazy("Mentors"), gettext_lazy("One row for each mentor."))
    mentees = _file_field(
        gettext_lazy("Mentees"), gettext_lazy("One row for each mentee: those who wait, and those with a mentor.")
    )
    pairs = _file_field(
        gettext_lazy("Pairs"),
        gettext_lazy("Running and closed partnerships, by the ids of the two other files or of an earlier import."),
    )

    def __init__(self, *args: Any, actor: Staff, needs_file: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._needs_file = needs_file
        self.uploads: dict[Subject, Upload] = {}
        divisions = divisions_of(actor)
        programmes = open_programmes(actor.casework)
        for name, queryset in (("division", divisions), ("programme", programmes)):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = queryset
            only = list(queryset[:2])
            if len(only) == 1:
                field.initial, field.empty_label = only[0], None

    def _clean_file(self, subject: Subject) -> UploadedFile[bytes] | None:
        upload = cast("UploadedFile[bytes] | None", self.cleaned_data.get(subject.value))
        if upload is None:
            return None
        limits = spreadsheet_limits()
        # One byte above the limit is enough for the reader's own sentence about it.
        content = upload.read(int(limits.megabytes * _MEGABYTE) + 1)
        self.uploads[subject] = self._looked_into(subject, Source(upload.name or subject.value, content), limits)
        return upload

    def _looked_into(self, subject: Subject, source: Source, limits: Limits) -> Upload:
        try:
            found = look_into(source, subject, limits)
        except UnusableFilesError as error:
            language = reference_language()
            texts = [f"{fault.file}: {fault.message.text(language)}" for fault in error.faults]
            raise ValidationError(texts, code="unusable") from error
        if (other := found.seems_to_be()) is not None:
            text = _("%(name)s looks like %(other)s: perhaps two files have changed places.")
            raise ValidationError(text, code="places", params={"name": found.name, "other": FILE_OF[other]})
        if not found.rows:
            text = _("%(name)s has nothing below its first row: nobody is in it.")
            raise ValidationError(text, code="empty", params={"name": found.name})
        return Upload(found, source.content)

    def clean_mentors(self) -> UploadedFile[bytes] | None:
        """Look into the file of mentors."""
        return self._clean_file(Subject.MENTORS)

    def clean_mentees(self) -> UploadedFile[bytes] | None:
        """Look into the file of mentees."""
        return self._clean_file(Subject.MENTEES)

    def clean_pairs(self) -> UploadedFile[bytes] | None:
        """Look into the file of pairs."""
        return self._clean_file(Subject.PAIRS)

    def clean(self) -> dict[str, Any]:
        """Ask for one file at least."""
        cleaned = super().clean() or {}
        if self._needs_file and not self.files:
            raise ValidationError(_("Choose at least one file."), code="empty")
        return cleaned

    @property
    def place(self) -> tuple[Division, Programme] | None:
        """Where the files go, once both are chosen."""
        division, programme = self.cleaned_data.get("division"), self.cleaned_data.get("programme")
        return (division, programme) if division is not None and programme is not None else None


class ColumnsForm(forms.Form):
    """What each column means, with three cells of each; and whether the mentors are briefed, where no column says."""

    BRIEFED: Final = (("yes", gettext_lazy("Yes, on this day")), ("no", pgettext_lazy("briefed", "Not yet")))

    are_briefed = forms.ChoiceField(
        label=gettext_lazy("Have these mentors been briefed?"),
        help_text=gettext_lazy("Only briefed mentors are in the mentor bank. The list does not say it."),
        choices=BRIEFED,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Say whether these mentors have been briefed.")},
    )
    briefed_on = forms.DateField(
        label=gettext_lazy("Day of the briefing"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write a day that exists, such as 2026-11-21.")},
    )

    def __init__(self, *args: Any, files: Sequence[File], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._files = files
        language = reference_language()
        again = _("Choose one of the columns in the list.")
        for file in files:
            columns = [
                (column.field, column.header(language).capitalize()) for column in all_columns_of(Subject(file.subject))
            ]
            for entry in file.layout:
                choices, label = [("", _("Leave this column out")), *columns], entry["written"]
                if entry["index"] == ROW_NUMBERS:
                    choices, label = [("", _("Not used")), *columns[:1]], _("Row numbers")
                self.fields[_name(file, entry)] = forms.ChoiceField(
                    label=label,
                    choices=choices,
                    initial=entry["field"],
                    required=False,
                    error_messages={"invalid_choice": again},
                )
        self.asks = any(file.subject == Subject.MENTORS for file in files)
        if not self.asks:
            del self.fields["are_briefed"], self.fields["briefed_on"]
        self.is_asked_now = asks_for_briefing(files)

    def tables(self) -> Iterator[dict[str, Any]]:
        """Return each file with its columns, for the page."""
        for file in self._files:
            rows = [
                {"entry": entry, "bound": self[_name(file, entry)], "is_numbers": entry["index"] == ROW_NUMBERS}
                for entry in file.layout
            ]
            yield {"file": file, "rows": rows, "unknown": sum(row["entry"]["source"] == "unknown" for row in rows)}

    def briefing(self) -> list[BoundField]:
        """Return the two fields about the briefing; none without mentors."""
        return [self["are_briefed"], self["briefed_on"]] if self.asks else []

    def chosen(self) -> dict[str, dict[int, str]]:
        """Return the fields by subject and place of the column."""
        return {
            file.subject: {entry["index"]: self.cleaned_data[_name(file, entry)] for entry in file.layout}
            for file in self._files
        }

    @property
    def answer(self) -> bool | None:
        """Whether the mentors are briefed; ``None``: not said."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get("are_briefed", ""))

    def put_errors(self, error: ValidationError) -> None:
        """Put a service's errors where they belong: beside the question, or above, with the file's name."""
        names = {file.subject: file.name for file in self._files}
        by_field: Mapping[str, list[ValidationError]] = error.error_dict
        for name, errors in by_field.items():
            for one in errors:
                text = " ".join(one.messages)
                self.add_error(
                    name if name in self.fields else None, f"{names[name]}: {text}" if name in names else text
                )


def _name(file: File, entry: Mapping[str, Any]) -> str:
    return f"{file.subject}-{'rows' if entry['index'] == ROW_NUMBERS else entry['index']}"
