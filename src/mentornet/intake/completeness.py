"""What an application must hold before it can be sent, and what becomes of its answers afterwards."""

from __future__ import annotations

from typing import Any, Final

from mentornet.intake.draft_answers import YES
from mentornet.intake.enums import NEEDED_CONSENTS, Applying
from mentornet.intake.models import ApplicationDraft
from mentornet.people.enums import ContactWay
from reference.people import MeetingMode

_PLAIN: Final = ("occupation", "occupation_title", "sector", "practise_danish", "hours_per_month", "wishes")
_LISTS: Final = ("topics", "availability", "meeting")


def missing_steps(draft: ApplicationDraft) -> list[str]:
    """Return the steps without which the draft cannot be sent, in their order."""
    role = Applying(draft.role)
    needed = {
        "place": draft.division_id is not None,
        "programme": role == Applying.CONTACT_PERSON
        or (draft.programme_id is not None and "eligible" in draft.answered("programme")),
        "name": bool(draft.first_name),
        "contact": bool(draft.email or draft.phone) and bool(draft.contact_way),
        "confirm": draft.is_confirmed or draft.contact_way == ContactWay.CALL or not draft.contact_way,
        "consents": set(draft.answered("consents")) >= set(NEEDED_CONSENTS[role]),
    }
    return [step for step, is_there in needed.items() if not is_there]


def person_facts(draft: ApplicationDraft) -> dict[str, Any]:
    """Return the answers that are a person's own columns."""
    facts = {name: getattr(draft, name) for name in ApplicationDraft.COLUMNS}
    life = draft.answered("life")
    return facts | {
        "language": draft.language,
        "birth_year": life.get("birth_year"),
        "area": life.get("area", ""),
        "postcode": life.get("postcode", ""),
    }


def profile_facts(draft: ApplicationDraft) -> dict[str, Any]:
    """Return the answers that are columns of her profile in a role; what she left empty is missing."""
    answers: dict[str, Any] = {}
    for step in ("work", "goals", "offer", "times", "meeting"):
        answers |= draft.answered(step)
    words = draft.answered("words")
    answers["wishes"] = words.get("wishes", "")
    facts = {name: answers[name] for name in _PLAIN if answers.get(name) not in {None, ""}}
    facts |= {name: tuple(answers[name]) for name in _LISTS if answers.get(name)}
    about = "\n\n".join(text for text in (words.get("about", ""), answers.get("opens", "")) if text)
    if about:
        facts["about"] = about
    if requires := _requires(words):
        facts["requires"] = requires
    if words.get("min_danish"):
        facts["min_danish"] = words["min_danish"]
    return facts


def _requires(words: dict[str, Any]) -> tuple[str, ...]:
    """Return what she cannot do without, as the matching reads it."""
    found = [f"language:{words['must_speak']}"] if words.get("must_speak") else []
    if words.get("must_meet") in {mode.value for mode in MeetingMode}:
        found.append(words["must_meet"])
    return tuple(found)


def spoken(draft: ApplicationDraft) -> list[tuple[str, str]]:
    """Return the languages she speaks, as codes and levels."""
    return [(code, level) for code, level in draft.answered("languages").get("skills", [])]


def says_it_fits(draft: ApplicationDraft) -> bool | None:
    """Tell whether she has said that the programme's conditions fit her; ``None`` where she was not asked."""
    given = draft.answered("programme").get("eligible")
    return None if given is None else given == YES
