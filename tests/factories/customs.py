"""Own criteria of a programme for tests: every kind with every comparison, and people who answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final, TypeVar

from oracle.customs import possible_answers
from reference.customs import COMPARISONS, Choice, Compared, Custom, Kind, Wishes
from reference.people import Answer, Person

P = TypeVar("P", bound=Person)

CHOICES: Final = tuple(Choice(key=key, names={"en": key.title(), "da": key.upper()}) for key in ("few", "some", "many"))


def a_custom(key: str = "own", **given: object) -> Custom:
    """A question of yes or no, asked of both, compared for being the same; whatever is given otherwise."""
    usual = Custom(
        key=key,
        names={"en": f"Question {key}", "da": f"Spørgsmål {key}"},
        kind=Kind.YES_NO,
        compared=Compared.SAME,
        wishes=Wishes.BOTH,
        weight=0.1,
        neutral=0.5,
    )
    return replace(usual, **given)  # type: ignore[arg-type]


def every_custom(choices: Sequence[Choice] = CHOICES) -> list[Custom]:
    """Every kind with every comparison and every wish that goes with it."""
    found = []
    for kind, comparisons in COMPARISONS.items():
        for compared in comparisons:
            for wishes in Wishes:
                if compared is Compared.AT_LEAST and wishes is Wishes.BOTH:
                    continue
                found.append(
                    a_custom(
                        f"{kind.name}_{compared.name}_{wishes.name}".lower(),
                        kind=kind,
                        compared=compared,
                        wishes=wishes,
                        choices=tuple(choices) if kind in {Kind.LIST, Kind.LEVEL} else (),
                        low=2 if kind is Kind.NUMBER else 0,
                        high=6 if kind is Kind.NUMBER else 0,
                        span=1 if compared is Compared.NEAR else 0,
                    )
                )
    return found


def answering(person: P, customs: Sequence[Custom], random: Random, unknown: float) -> P:
    """Return somebody with an answer to each question, or none, or one that can be chosen no more."""
    answers: list[tuple[str, Answer]] = []
    for custom in customs:
        if random.random() < unknown:
            continue
        answers.append((custom.key, random.choice([*possible_answers(custom), "chosen-no-more"])))
    return replace(person, answers=tuple(answers))
