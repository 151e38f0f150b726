"""Networks to solve: the optimum by the oracle and by others, what the solver found, and networks large and small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from factories.people import TODAY, a_mentee, a_mentor, random_people
from oracle import brute, plain
from pairing.certificate import PairingResult
from pairing.policy import Policy
from pairing.problem import IdPair, PairingProblem, build_problem
from pairing.scoring import judge_row
from pairing.terms import Rule
from pairing.verify import verify
from reference.people import Mentee, Mentor

Optimum = tuple[int, int]
"""The number of pairs and their total score, locked pairs outside."""
Method = Callable[[Sequence[Sequence[bool]], Sequence[Sequence[int]], Sequence[int]], Optimum]


@dataclass(frozen=True)
class Network:
    """People and what a coordinator has fixed."""

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    policy: Policy = field(default_factory=Policy)
    locks: tuple[IdPair, ...] = ()
    forbidden: tuple[IdPair, ...] = ()
    earlier: tuple[IdPair, ...] = ()

    def problem(self) -> PairingProblem:
        return build_problem(
            mentees=self.mentees,
            mentors=self.mentors,
            today=TODAY,
            policy=self.policy,
            locks=self.locks,
            forbidden=self.forbidden,
            earlier=self.earlier,
        )

    def fails(self, mentee: Mentee, mentor: Mentor) -> tuple[Rule, ...]:
        """Return the rules that the two break, by the oracle."""
        states = plain.rule_states(
            mentee,
            mentor,
            policy=self.policy,
            today=TODAY,
            earlier=frozenset(self.earlier),
            forbidden=frozenset(self.forbidden),
        )
        return plain.fails(states)

    def score(self, mentee: Mentee, mentor: Mentor) -> int:
        """Return how well the two fit, by the oracle."""
        return plain.score(mentee, mentor, self.policy, TODAY)

    def optimum(self, method: Method = brute.best) -> Optimum:
        """Return the optimum by the oracle's rules and scores."""
        locked = {mentee for mentee, _ in self.locks}
        free = [mentee for mentee in self.mentees if mentee.id not in locked]
        scores = [[self.score(mentee, mentor) for mentor in self.mentors] for mentee in free]
        eligible = [
            [
                score >= self.policy.floor and not self.fails(mentee, mentor)
                for mentor, score in zip(self.mentors, line, strict=True)
            ]
            for mentee, line in zip(free, scores, strict=True)
        ]
        taken = [mentor for _, mentor in self.locks]
        places = [plain.free_places(mentor, TODAY) - taken.count(mentor.id) for mentor in self.mentors]
        return method(eligible, scores, places)


def proved(problem: PairingProblem, result: PairingResult) -> Optimum:
    """Return what the independent check finds."""
    figures = verify(problem, result)
    assert (figures.number_bound, figures.total_bound) == (figures.number, figures.total)
    return figures.number, figures.total


def engine_optimum(problem: PairingProblem, method: Method) -> Optimum:
    """Return the optimum by the engine's own rules and scores, which ``test_definitions`` holds to the oracle's."""
    judged = [judge_row(problem, row) for row in range(problem.mentees)]
    eligible = [(line.rules.allowed & (line.scores >= problem.policy.floor)).tolist() for line in judged]
    return method(eligible, [line.scores.tolist() for line in judged], problem.capacity.tolist())


def pairs_by_id(problem: PairingProblem, result: PairingResult) -> list[tuple[str, str, int]]:
    return [
        (problem.mentee_ids[row], problem.mentor_ids[column], score)
        for (row, column), score in zip(result.pairs.tolist(), result.scores.tolist(), strict=True)
    ]


def everything(result: PairingResult) -> list[list[object]]:
    """Return pairs, scores and every price."""
    prices = result.certificate
    arrays = (
        result.pairs,
        result.scores,
        prices.number_of_mentee,
        prices.number_of_mentor,
        prices.total_of_mentee,
        prices.total_of_mentor,
    )
    return [array.tolist() for array in arrays]


def small_network(seed: int) -> Network:
    """Up to 6 x 6: scarce and rich, with all floors, places 0 to 3, and sometimes locks, prohibitions and history."""
    random = Random(seed)
    her, their = random_people(
        seed, random.randint(0, 6), random.randint(0, 6), unknown_share=random.choice((0.2, 0.5, 0.7, 0.9))
    )
    their = tuple(
        replace(
            mentor,
            capacity=random.randint(0, 3),
            active_pairs=random.choice((0, 0, 0, 1)),
            resting_until=None if random.random() < 0.8 else mentor.resting_until,
        )
        for mentor in their
    )
    network = Network(her, their, policy=Policy(floor=random.choice((0, 3500, 3500, 4100, 4500, 5000, 20_000))))
    if not her or not their:
        return network
    network = replace(
        network,
        forbidden=some_pairs(random, network, random.choice((0, 0, 2, 6))),
        earlier=some_pairs(random, network, random.choice((0, 0, 2, 6))),
    )
    return replace(network, locks=possible_locks(random, network, random.choice((0, 0, 1, 2, 3))))


def crowded_network(seed: int) -> Network:
    """Up to 6 x 5 in which few mentors suit many: whoever is forced in displaces somebody."""
    random = Random(seed)
    her, their = random_people(
        seed, random.randint(4, 6), random.randint(2, 5), unknown_share=random.choice((0.5, 0.7, 0.9))
    )
    their = tuple(
        replace(mentor, capacity=random.choice((1, 1, 2)), active_pairs=0, resting_until=None, must_not_meet=())
        for mentor in their
    )
    return Network(her, their, policy=Policy(floor=random.choice((0, 3500, 4500))))


def some_pairs(random: Random, network: Network, count: int) -> tuple[IdPair, ...]:
    return tuple((random.choice(network.mentees).id, random.choice(network.mentors).id) for _ in range(count))


def possible_locks(random: Random, network: Network, most: int) -> tuple[IdPair, ...]:
    """Draw up to ``most`` pairs that the rules allow, whatever their score, as far as places go."""
    locks: list[IdPair] = []
    places = {mentor.id: plain.free_places(mentor, TODAY) for mentor in network.mentors}
    for mentee in random.sample(network.mentees, len(network.mentees)):
        for mentor in random.sample(network.mentors, len(network.mentors)):
            if len(locks) < most and places[mentor.id] and not network.fails(mentee, mentor):
                locks.append((mentee.id, mentor.id))
                places[mentor.id] -= 1
                break
    return tuple(locks)


def dense_network(seed: int, mentees: int, mentors: int) -> Network:
    her, their = random_people(seed, mentees, mentors, unknown_share=0.5)
    return Network(her, their)


def alike(mentees: int, mentors: int, **changes: object) -> Network:
    return Network(
        tuple(a_mentee(f"e{number}") for number in range(1, mentees + 1)),
        tuple(a_mentor(f"m{number}", **changes) for number in range(1, mentors + 1)),
    )
