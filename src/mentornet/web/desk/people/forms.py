"""Forms about a person: her details, her profile in a role, and her languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django import forms
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.common.spoken import reference_language
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import LEVELS, LanguageSkill, Person, Profile
from mentornet.people.validators import SLOTS, check_requirements
from mentornet.web.desk.people.choices import occupation_choices
from mentornet.web.desk.people.facts import LABELS, label
from mentornet.web.desk.people.page import letter_languages
from mentornet.web.desk.words.terms import EDUCATION
from mentornet.web.ui.listed import PARTS, languages_by_name, said, topic_choices
from mentornet.web.ui.rows import AsksInRows
from reference import languages as language_names
from reference.lists import read_requirements
from reference.people import MeetingMode, Requirement
from reference.slots import Day, Part
from reference.topics import Topic

LANGUAGES_SHOWN: Final = 5
GOALS_SHOWN: Final = 5
_SOURCES: Final = [
    (Provenance.HEARD, _("I heard it, at an interview or on the telephone")),
    (Provenance.CONFIRMED, _("She has confirmed all of this")),
    (Provenance.SELF_REPORTED, _("She wrote it herself")),
]
_YES_NO: Final = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]
_BOOL: Final = {"": None, "yes": True, "no": False}
_MEETING: Final[list[tuple[str, str | Promise]]] = [
    (MeetingMode.IN_PERSON.value, _("In person")),
    (MeetingMode.ONLINE.value, _("Online")),
]
PERSON_FACTS: Final = (
    "first_name", "last_name", "email", "phone", "safe_contact", "language", "area", "postcode", "birth_year",
)  # fmt: skip


class PersonForm(forms.Form):
    """Names, how to reach her, and where she lives, roughly."""

    first_name = forms.CharField(label=LABELS["first_name"], max_length=80)
    last_name = forms.CharField(label=LABELS["last_name"], max_length=80, required=False)
    email = forms.EmailField(label=LABELS["email"], required=False)
    phone = forms.CharField(label=LABELS["phone"], max_length=30, required=False)
    safe_contact = forms.CharField(
        label=LABELS["safe_contact"],
        max_length=200,
        required=False,
        help_text=_("For example: text messages only, on weekdays before three. Empty: no care is needed."),
    )
    language = forms.ChoiceField(label=LABELS["language"])
    area = forms.CharField(
        label=LABELS["area"], max_length=80, required=False, help_text=_("The part of town, never the address.")
    )
    postcode = forms.CharField(label=LABELS["postcode"], max_length=10, required=False)
    birth_year = forms.IntegerField(label=LABELS["birth_year"], min_value=1900, max_value=2100, required=False)

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        if person is not None:
            kwargs["initial"] = {name: getattr(person, name) for name in PERSON_FACTS} | dict(
                kwargs.get("initial") or {}
            )
        super().__init__(*args, **kwargs)
        if person is not None and person.is_protected:
            # It is sealed, and written anew where it is.
            for name in Person.SEALED:
                del self.fields[name]
        names = letter_languages()
        known = person.language if person is not None else ""
        if known and known not in names:
            names[known] = known
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(names.items())
        # Each language is named in itself.
        field.widget.attrs["translate"] = "no"

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was entered, as columns of a person."""
        return {name: self.cleaned_data[name] for name in PERSON_FACTS if name in self.cleaned_data}


@dataclass(frozen=True, slots=True)
class WeekCell:
    """One box of the week."""

    code: str
    name: str
    is_chosen: bool


class ProfileForm(AsksInRows):
    """What she knows, wants and offers in one role. What is left empty is not known."""

    language_twice = _("This language stands above already.")
    level_alone = _("Choose the language that this level is of.")
    goal_twice = _("This goal stands above already.")
    occupation_title = forms.CharField(label=LABELS["occupation_title"], max_length=200, required=False)
    occupation = forms.ChoiceField(
        required=False, help_text=_("Type a job title and choose the group that it belongs to.")
    )
    sector = forms.CharField(label=LABELS["sector"], max_length=100, required=False)
    education = forms.TypedChoiceField(label=LABELS["education"], required=False, coerce=int, empty_value=None)
    pairs_before = forms.IntegerField(label=LABELS["pairs_before"], min_value=0, max_value=200, required=False)
    topics = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    interests = forms.CharField(
        label=LABELS["interests"], required=False, max_length=1_000, help_text=_("With a comma between them.")
    )
    practise_danish = forms.ChoiceField(label=LABELS["practise_danish"], choices=_YES_NO, required=False)
    needs_experience = forms.ChoiceField(label=LABELS["needs_experience"], choices=_YES_NO, required=False)
    availability = forms.MultipleChoiceField(
        label=LABELS["availability"], choices=[(code, code) for code in SLOTS], required=False
    )
    meeting = forms.MultipleChoiceField(
        label=LABELS["meeting"], choices=_MEETING, required=False, widget=forms.CheckboxSelectMultiple
    )
    hours_per_month = forms.FloatField(
        label=LABELS["hours_per_month"], min_value=0.25, max_value=200, required=False,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    months = forms.FloatField(
        label=LABELS["months"], min_value=0.25, max_value=120, required=False,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    requires = forms.CharField(
        label=LABELS["requires"],
        max_length=1_000,
        required=False,
        help_text=_(
            "Only what the other cannot do without. Write “language:ar”, “occupation:22”, “online” or “in person”, "
            "with a semicolon between them."
        ),
    )
    min_danish = forms.ChoiceField(
        label=LABELS["min_danish"], choices=[("", _("no such wish")), *LEVELS], required=False
    )
    wishes = forms.CharField(
        label=LABELS["wishes"], max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    about = forms.CharField(
        label=LABELS["about"],
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The other side of a proposal reads this. Only what she has approved."),
    )
    source = forms.ChoiceField(
        label=_("Where this comes from"), choices=_SOURCES, widget=forms.RadioSelect, initial=Provenance.HEARD
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        role: str,
        profile: Profile | None = None,
        skills: Sequence[LanguageSkill] = (),
        asks_source: bool = True,
        **kwargs: Any,
    ) -> None:
        self.role, self.profile, self.skills = role, profile, list(skills)
        initial = _profile_initial(profile) if profile is not None else {}
        super().__init__(*args, **kwargs)
        self.initial = initial | dict(self.initial)
        for name in {"pairs_before", "min_danish"} if role == Role.MENTEE else {"practise_danish", "needs_experience"}:
            del self.fields[name]
        if not asks_source:
            del self.fields["source"]
        self._fill_choices()
        self._add_languages()
        if role == Role.MENTEE:
            self._add_goals()
        self._mark_languages()

    def _mark_languages(self) -> None:
        """Say in which language choices from the reference lists are, which may not be the page's."""
        for name, field in self.fields.items():
            if name == "occupation" or name.startswith(("language_", "goal_")):
                field.widget.attrs["lang"] = reference_language()
            if name == "min_danish" or name.startswith("level_"):
                field.widget.attrs["translate"] = "no"

    def _choices(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def _fill_choices(self) -> None:
        language = reference_language()
        unknown = ("", gettext("not known"))
        self.fields["occupation"].label = label("occupation", self.role)
        self._choices("occupation", [unknown, *occupation_choices(language)])
        self._choices("education", [unknown, *((level, words) for level, words in EDUCATION.items())])
        self.fields["topics"].label = label("topics", self.role)
        self._choices("topics", [(code, said(words)) for code, words in topic_choices()])

    def _add_languages(self) -> None:
        """Give each language a row of two fields; a few empty rows wait for more."""
        choices = list(languages_by_name(reference_language()).items())
        known = {code for code, _name in choices}
        extra = [
            (skill.code, language_names.name(skill.code, reference_language()).capitalize())
            for skill in self.skills
            if skill.code not in known
        ]
        rows = max(LANGUAGES_SHOWN, len(self.skills) + 2)
        for number in range(rows):
            skill = self.skills[number] if number < len(self.skills) else None
            self.fields[f"language_{number}"] = forms.ChoiceField(
                label=gettext("Language %(number)s") % {"number": number + 1},
                choices=[("", gettext("none")), *extra, *choices],
                required=False,
                initial=skill.code if skill else "",
            )
            self.fields[f"level_{number}"] = forms.ChoiceField(
                label=gettext("Level of language %(number)s") % {"number": number + 1},
                choices=[("", gettext("level not known")), *LEVELS],
                required=False,
                initial=skill.level if skill else "",
            )
        self.language_rows = rows

    def _add_goals(self) -> None:
        """Ask a mentee for her goals one by one: their order counts."""
        del self.fields["topics"]
        known = list((self.profile.topics if self.profile else None) or ())
        self.goal_rows = max(GOALS_SHOWN, min(len(known) + 1, len(Topic)))
        for number in range(self.goal_rows):
            self.fields[f"goal_{number}"] = forms.ChoiceField(
                label=gettext("Goal %(number)s") % {"number": number + 1},
                choices=[("", gettext("none")), *topic_choices()],
                required=False,
                initial=known[number] if number < len(known) else "",
            )

    @property
    def week(self) -> list[tuple[str, list[WeekCell]]]:
        """The week as a table of boxes: the parts of the day down, the days across."""
        value = cast("list[str] | None", self["availability"].value())
        chosen = set(value or ())
        rows = []
        for part in Part:
            cells = []
            for day in Day:
                code = f"{day.name}-{part.name}".lower()
                name = gettext("%(day)s, %(part)s") % {"day": WEEKDAYS[day], "part": PARTS[part]}
                cells.append(WeekCell(code, name, code in chosen))
            rows.append((str(PARTS[part]), cells))
        return rows

    @property
    def days(self) -> list[str]:
        """The week's days, short."""
        return [str(WEEKDAYS_ABBR[day]) for day in Day]

    def clean_requires(self) -> tuple[str, ...]:
        """Read the must-haves; what the rules cannot read is refused with what is expected."""
        text = self.cleaned_data["requires"]
        if not text.strip():
            return ()
        verdict = read_requirements(text)
        if verdict.faults:
            raise forms.ValidationError(said(verdict.faults[0].text(reference_language())))
        words = tuple(_requirement_text(one) for one in cast("tuple[Requirement, ...]", verdict.value or ()))
        check_requirements(words)
        return words

    @property
    def facts(self) -> dict[str, Any]:
        """Return what was entered, as columns of a profile; what was left empty is unknown."""
        data = self.cleaned_data
        facts: dict[str, Any] = {
            name: data[name]
            for name in ("occupation_title", "occupation", "sector", "education", "hours_per_month", "months")
        }
        facts |= {
            name: data[name] for name in ("wishes", "about", "requires", "pairs_before", "min_danish") if name in data
        }
        facts |= {name: _BOOL[data[name]] for name in ("practise_danish", "needs_experience") if name in data}
        facts["availability"] = self._kept_order("availability", data["availability"])
        facts["meeting"] = self._kept_order("meeting", data["meeting"])
        facts["interests"] = self._kept("interests", _split(data["interests"]))
        if self.role == Role.MENTEE:
            facts["topics"] = self._kept("topics", self.aims)
        else:
            facts["topics"] = self._kept_order("topics", data["topics"])
        return facts

    def _kept(self, name: str, words: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return words; nothing entered is unknown, or none where none was known."""
        before = getattr(self.profile, name, None)
        return words or (() if before == () else None)

    def _kept_order(self, name: str, words: Sequence[str]) -> tuple[str, ...] | None:
        """Return words whose order does not count as they were, when they are the same."""
        before = getattr(self.profile, name, None)
        if before is not None and set(before) == set(words):
            return tuple(before)
        return self._kept(name, tuple(words))


def _split(text: str) -> tuple[str, ...]:
    words = (" ".join(word.split()) for word in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def _requirement_text(requirement: Requirement) -> str:
    kind = requirement.kind.value
    return f"{kind}:{requirement.value}" if requirement.value else kind


def _plain(number: float | None) -> float | int | None:
    """Write 3 for 3.0."""
    return int(number) if number is not None and number == int(number) else number


def _profile_initial(profile: Profile) -> dict[str, Any]:
    words = {None: "", True: "yes", False: "no"}
    return {
        "occupation": profile.occupation,
        "occupation_title": profile.occupation_title,
        "sector": profile.sector,
        "education": profile.education,
        "pairs_before": profile.pairs_before,
        "topics": list(profile.topics or ()),
        "interests": ", ".join(profile.interests or ()),
        "practise_danish": words[profile.practise_danish],
        "needs_experience": words[profile.needs_experience],
        "availability": list(profile.availability or ()),
        "meeting": list(profile.meeting or ()),
        "hours_per_month": _plain(profile.hours_per_month),
        "months": _plain(profile.months),
        "requires": "; ".join(profile.requires or ()),
        "min_danish": profile.min_danish,
        "wishes": profile.wishes,
        "about": profile.about,
        "seen": profile.stamp,
    }
