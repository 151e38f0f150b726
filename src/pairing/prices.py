"""What a certificate tells beyond the proof: what each mentee adds, and what it costs to force a pair.

A result's prices are one of many that prove it. Among them are those in which every mentee has the most she can have
and every mentor the least: the *mentee-optimal* prices. They have a meaning. A mentee's is what the whole set loses
without her (Leonard 1983), and from them the worth of a mentor who is not there yet follows
(:mod:`pairing.shortage`).

Both stages are kept in one whole number, ``number * big + total``, as the engine does; an :class:`Amounts` takes it
apart again. Plain numpy, without the compiler. Time in proportion to n times m for judging the pairs once, then to the
pairs that could be chosen; memory in proportion to these.

Everything is asked of the *residual graph*: its nodes are the mentors and one more, *outside*. A way from one mentor
to another says: one of her mentees goes on to the next. Whoever is left over stands outside, and so does nobody, who
takes a place that stays free. What a step costs is ``value + price - worth``, never below 0.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from pairing.certificate import PairingResult, locked_pairs
from pairing.errors import CertificateError
from pairing.features import I32, I64, Bool
from pairing.problem import PairingProblem
from pairing.scoring import judge_row
from pairing.terms import UNITS
from reference.translation import N_, Message

FAR: Final = 1 << 62
NOT_ASKED: Final = -1
"""The node of a mentee who is locked: she and her mentor's place are outside the question."""


class Standing(StrEnum):
    """Whether a pair, or a mentee's having a mentor, is part of the best sets of pairs."""

    # Python's own enum hashes through a method; these stand as keys in every inner loop.
    __hash__ = str.__hash__

    FORCED = "forced"
    """Of every best set."""
    POSSIBLE = "possible"
    """Of some best sets: to choose it, or not, costs nothing."""
    NEVER = "never"
    """Of none: to choose it costs something."""


class Amounts(NamedTuple):
    """Differences between sets of pairs; compared by number first.

    Attributes:
        number: int64, of pairs.
        total: int64, score in units of 1/10,000. May be below 0 beside a number above 0, and the other way round.
    """

    number: I64
    total: I64


class Edges(NamedTuple):
    """Every pair that could be chosen beside the locks: all rules, the floor, and a place left.

    Attributes:
        start: int64 (n + 1,), where each mentee's mentors begin.
        column: int32 (k,), mentors, ascending for each mentee.
        score: int32 (k,), units of 1/10,000.
    """

    start: I64
    column: I32
    score: I32

    @property
    def row(self) -> I64:
        """Int64 (k,): the mentee of each pair."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


@dataclass(frozen=True, slots=True)
class Prices:
    """The mentee-optimal prices of a result.

    Attributes:
        big: what one pair is worth beside its score.
        places: int64 (m,), free places without those of locks.
        mate: int64 (n,), each mentee's mentor; m for whoever is left over, -1 for whoever is locked.
        value: int64 (n,), ``number * big + total``; 0 for whoever is left over or locked.
        price: int64 (m,), likewise, for each place.
    """

    problem: PairingProblem
    result: PairingResult
    edges: Edges
    big: int
    places: I64
    mate: I64
    value: I64
    price: I64

    @property
    def outside(self) -> int:
        """The node of whoever is left over, and of free places."""
        return self.problem.mentors

    def amounts(self, worth: I64) -> Amounts:
        """Take worths apart into number and total."""
        number = (worth + self.big // 2) // self.big
        return Amounts(number, worth - number * self.big)

    def reduced(self) -> I64:
        """Int64 (k,): what each of the pairs that could be chosen lacks to be as good as what there is, at least 0."""
        worth = self.big + self.edges.score.astype(np.int64)
        return self.value[self.edges.row] + self.price[self.edges.column] - worth


# The pairs that could be chosen ---------------------------------------------------------------------------------------


def edges_of(problem: PairingProblem) -> Edges:
    """Judge every pair once and keep those that could be chosen. Time in proportion to n times m."""
    left = _places(problem)
    is_open = _open_rows(problem)
    columns, scores = [], []
    start = np.zeros(problem.mentees + 1, np.int64)
    for row in range(problem.mentees):
        found = np.zeros(0, np.int64)
        if is_open[row]:
            judged = judge_row(problem, row)
            found = np.flatnonzero(judged.rules.allowed & (judged.scores >= problem.policy.floor) & (left > 0))
            scores.append(judged.scores[found].astype(np.int32))
            columns.append(found.astype(np.int32))
        start[row + 1] = start[row] + len(found)
    nothing = np.zeros(0, np.int32)
    return Edges(start, np.concatenate([nothing, *columns]), np.concatenate([nothing, *scores]))


def _places(problem: PairingProblem) -> I64:
    taken: I64 = np.bincount(problem.locks[:, 1], minlength=problem.mentors).astype(np.int64)
    return problem.capacity - taken


def _open_rows(problem: PairingProblem) -> Bool:
    is_open = np.ones(problem.mentees, bool)
    is_open[problem.locks[:, 0]] = False
    return is_open


def prices_of(problem: PairingProblem, result: PairingResult, edges: Edges | None = None) -> Prices:
    """Find the mentee-optimal prices from any that prove ``result``, along one pass of shortest paths.

    A mentor's price falls by the shortest way to her from outside (Dijkstra on reduced costs); her mentees' values
    rise by as much.

    Args:
        problem: what was asked.
        result: the answer, with its certificate.
        edges: of :func:`edges_of`, where they are known already.

    Raises:
        CertificateError: the certificate does not prove the result, so nothing can be said from it.
    """
    edges = edges_of(problem) if edges is None else edges
    claims = result.certificate
    totals = max(int(np.abs(part).max(initial=0)) for part in (claims.total_of_mentee, claims.total_of_mentor))
    # No score is higher, not even that of a mentor who is not there yet.
    highest = max(totals, int((1 + problem.policy.waiting_bonus) * UNITS) + 1)
    # Above any sum of totals along a path, each step of which adds up to three of them.
    big = 1 << (8 * (problem.mentees + problem.mentors + 2) * (highest + 1)).bit_length()
    is_open, places = _open_rows(problem), _places(problem)
    mate = np.where(is_open, problem.mentors, NOT_ASKED)
    chosen = result.pairs[~locked_pairs(problem, result)]
    mate[chosen[:, 0]] = chosen[:, 1]
    value = np.where(is_open, claims.number_of_mentee * big + claims.total_of_mentee, 0)
    price = np.where(places > 0, claims.number_of_mentor * big + claims.total_of_mentor, 0)
    found = Prices(problem, result, edges, big, places, mate, value, price)
    _refuse_no_proof(found)
    falls = _shortest(problem.mentors + 1, {found.outside: 0}, _Residual(found).onward)
    # A mentor without places is on no way, and has no price.
    falls = np.where(falls == FAR, 0, falls)
    falls[found.outside] = 0
    rises = np.where(mate == NOT_ASKED, 0, falls[mate])
    return Prices(problem, result, edges, big, places, mate, value + rises, price - falls[: problem.mentors])


def _refuse_no_proof(found: Prices) -> None:
    mate, edges = found.mate, found.edges
    is_paired = (mate >= 0) & (mate < found.outside)
    used = np.bincount(mate[is_paired], minlength=found.problem.mentors)
    is_chosen = edges.column == mate[edges.row]
    reduced = found.reduced()
    is_proof = (
        bool((found.value >= 0).all() and (found.price >= 0).all() and (reduced >= 0).all())
        and bool((reduced[is_chosen] == 0).all() and int(is_chosen.sum()) == int(is_paired.sum()))
        and bool((found.value[~is_paired] == 0).all() and (found.price[used < found.places] == 0).all())
        and bool((used <= found.places)[used > 0].all())
    )
    if not is_proof:
        raise CertificateError([Message(N_("the certificate does not prove the result, so it tells no prices"))])


# Ways in the residual graph -------------------------------------------------------------------------------------------

Step = Callable[[int], tuple[I64, I64]]
"""From a node to the nodes beside it and what going there costs: int64 (k,) each."""


def _shortest(nodes: int, starts: dict[int, int], step: Step) -> I64:
    """Return each node's shortest distance from ``starts``, int64; ``FAR`` where there is no way (Dijkstra 1959)."""
    distance = np.full(nodes, FAR, np.int64)
    is_settled = np.zeros(nodes, bool)
    heap = [(length, node) for node, length in starts.items()]
    heapq.heapify(heap)
    for length, node in heap:
        distance[node] = length
    while heap:
        length, node = heapq.heappop(heap)
        if is_settled[node]:
            continue
        is_settled[node] = True
        beside, costs = step(node)
        reached = length + costs
        is_nearer = reached < distance[beside]
        # One node may be reached by several; the least of them counts.
        np.minimum.at(distance, beside[is_nearer], reached[is_nearer])
        for other in np.unique(beside[is_nearer]).tolist():
            heapq.heappush(heap, (int(distance[other]), other))
    return distance


class _Residual:
    """The steps from each node, and to it."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        edges, nodes = prices.edges, prices.problem.mentors + 1
        self._reduced = prices.reduced()
        self._owner = prices.mate[edges.row]
        self._by_owner, self._from = _grouped(self._owner, nodes)
        self._by_column, self._to = _grouped(edges.column.astype(np.int64), nodes)
        self._leaving = _leaving(prices)
        self._with_places = np.flatnonzero(prices.places > 0)

    def onward(self, node: int) -> tuple[I64, I64]:
        """Return where a mentee of ``node`` can go, and what it costs."""
        prices = self._prices
        found = self._by_owner[self._from[node] : self._from[node + 1]]
        beside, costs = prices.edges.column[found].astype(np.int64), self._reduced[found]
        if node == prices.outside:
            # A place that stays free.
            return _also(beside, costs, self._with_places, prices.price[self._with_places])
        return _also(beside, costs, np.array([prices.outside]), self._leaving[node : node + 1])

    def back(self, node: int) -> tuple[I64, I64]:
        """Return from where somebody can come to ``node``, and what it costs."""
        prices = self._prices
        if node == prices.outside:
            return self._with_places, self._leaving[self._with_places]
        found = self._by_column[self._to[node] : self._to[node + 1]]
        return _also(
            self._owner[found], self._reduced[found], np.array([prices.outside]), prices.price[node : node + 1]
        )


def _also(beside: I64, costs: I64, more: I64, more_costs: I64) -> tuple[I64, I64]:
    return np.concatenate([beside, more]), np.concatenate([costs, more_costs])


def _grouped(keys: I64, groups: int) -> tuple[I64, I64]:
    """Return the places of ``keys`` in ascending order of key, and where each key begins: int64 (groups + 1,)."""
    order = np.argsort(keys, kind="stable")
    return order, np.searchsorted(keys[order], np.arange(groups + 1))


def _leaving(prices: Prices) -> I64:
    """Return what it costs that one mentee of each mentor is left over: int64 (m,); 0 where a place is free."""
    mate = prices.mate
    paired = np.flatnonzero((mate >= 0) & (mate < prices.outside))
    least = np.full(prices.problem.mentors, FAR, np.int64)
    np.minimum.at(least, mate[paired], prices.value[paired])
    used = np.bincount(mate[paired], minlength=prices.problem.mentors)
    return np.where(used < prices.places, 0, least)


# What is asked --------------------------------------------------------------------------------------------------------


def marginal_values(prices: Prices) -> Amounts:
    """Return what the best set would lose without each mentee: (n,) each; 0 for whoever is left over or locked."""
    return prices.amounts(prices.value)


def forcing_costs(prices: Prices, row: int) -> tuple[Bool, Amounts]:
    """Return what the whole set would lose if mentee number ``row`` were locked to each mentor.

    The mentee whom she displaces goes on to another, and so forth, along the shortest way back to the place that she
    leaves. One pass backwards gives all mentors.

    Returns:
        bool (m,), whether the rules allow the pair and a place is left beside the locks; and the loss, (m,) each, 0
        where they do not. The pair itself counts as one of the set, though it may be below the floor: then locking it
        may cost less than nothing.

    Raises:
        ValueError: she is locked already.
    """
    home = int(prices.mate[row])
    if home == NOT_ASKED:
        msg = "a locked mentee has a mentor"
        raise ValueError(msg)
    judged = judge_row(prices.problem, row)
    may = judged.rules.allowed & (prices.places > 0)
    ways = _shortest(prices.problem.mentors + 1, {home: 0}, _Residual(prices).back)[:-1]
    worth = prices.big + judged.scores
    return may, prices.amounts(np.where(may, prices.value[row] + prices.price - worth + ways, 0))


@dataclass(frozen=True, slots=True)
class Standings:
    """Where a coordinator is free to choose at no cost.

    Attributes:
        pair: for each of ``edges``, in their order: int8 (k,), 0 never, 1 possible, 2 forced.
        matched: int8 (n,), having a mentor: 0 in no best set, 1 in some, 2 in all. Whoever is locked has 2.
    """

    pair: I32
    matched: I32

    def of_pair(self, edges: Edges, row: int, column: int) -> Standing:
        """Return how one pair stands; a pair that could not be chosen is never part."""
        for at in range(int(edges.start[row]), int(edges.start[row + 1])):
            if edges.column[at] == column:
                return _STANDINGS[int(self.pair[at])]
        return Standing.NEVER

    def of_mentee(self, row: int) -> Standing:
        """Return whether she has a mentor in all best sets, in some, or in none."""
        return _STANDINGS[int(self.matched[row])]


_STANDINGS: Final = (Standing.NEVER, Standing.POSSIBLE, Standing.FORCED)
_NEVER, _POSSIBLE, _FORCED = range(3)


def standings_of(prices: Prices) -> Standings:
    """Tell the pairs of all best sets from those of some and of none.

    A way round that costs nothing leads from one best set to another, and every other best set is reached by such
    ways. So what counts is which nodes lie on a common way round of steps without cost: the strongly connected
    components of the graph of tight pairs (Tarjan 1972; for bipartite graphs Dulmage and Mendelsohn 1958).
    """
    edges, mate, outside = prices.edges, prices.mate, prices.outside
    rows = edges.row
    owner = mate[rows]
    is_tight = prices.reduced() == 0
    leaving = np.flatnonzero((_leaving(prices) == 0) & (prices.places > 0))
    free = np.flatnonzero((prices.price == 0) & (prices.places > 0))
    starts = np.concatenate([owner[is_tight], leaving, np.full(len(free), outside)])
    ends = np.concatenate([edges.column[is_tight], np.full(len(leaving), outside), free])
    component = _components(outside + 1, starts, ends)

    is_round = is_tight & (component[owner] == component[edges.column])
    is_chosen = edges.column == owner
    could_leave = (mate >= 0) & (prices.value == 0) & (component[mate] == component[outside])
    elsewhere = np.bincount(rows[is_round & ~is_chosen], minlength=prices.problem.mentees) > 0
    is_fixed = ~(could_leave & (mate != outside)) & ~elsewhere
    pair = np.where(is_chosen, np.where(is_fixed[rows], _FORCED, _POSSIBLE), np.where(is_round, _POSSIBLE, _NEVER))
    of_paired = np.where(could_leave, _POSSIBLE, _FORCED)
    of_left = np.where(elsewhere, _POSSIBLE, _NEVER)
    return Standings(pair.astype(np.int32), np.where(mate == outside, of_left, of_paired).astype(np.int32))


def _components(nodes: int, starts: I64, ends: I64) -> I64:
    """Number the strongly connected components: int64 (nodes,). Tarjan 1972, without recursion."""
    order, begins = _grouped(starts, nodes)
    following = ends[order]
    after = [following[first:last].tolist() for first, last in pairwise(begins.tolist())]
    component, index, low = [-1] * nodes, [-1] * nodes, [0] * nodes
    count, found = 0, 0
    stack: list[int] = []
    for root in range(nodes):
        if index[root] >= 0:
            continue
        walk: list[tuple[int, Iterator[int]]] = [(root, iter(after[root]))]
        index[root] = low[root] = count
        count += 1
        stack.append(root)
        while walk:
            node, rest = walk[-1]
            step = next(rest, None)
            if step is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == index[node]:
                    while True:
                        member = stack.pop()
                        component[member] = found
                        if member == node:
                            break
                    found += 1
            elif index[step] < 0:
                index[step] = low[step] = count
                count += 1
                stack.append(step)
                walk.append((step, iter(after[step])))
            elif component[step] < 0:
                low[node] = min(low[node], index[step])
    return np.array(component, np.int64)


def blocking_pairs(problem: PairingProblem, result: PairingResult, edges: Edges | None = None) -> I64:
    """Return the pairs in which both would fit better than with whom they have: int64 (k, 2), ascending.

    She is left over or fits less well with her mentor, and the mentor has a place left or a mentee who fits less well.
    A diagnosis, no fault: the best set for all is not the one in which each has her best (Gale and Shapley 1962).
    Locked pairs are no one's to leave.
    """
    edges = edges_of(problem) if edges is None else edges
    is_free = ~locked_pairs(problem, result)
    chosen, scores = result.pairs[is_free], result.scores[is_free]
    hers = np.full(problem.mentees, NOT_ASKED, np.int64)
    hers[chosen[:, 0]] = scores
    worst = np.full(problem.mentors, FAR, np.int64)
    np.minimum.at(worst, chosen[:, 1], scores)
    used = np.bincount(chosen[:, 1], minlength=problem.mentors)
    worst = np.where(used < _places(problem), NOT_ASKED, worst)
    rows = edges.row
    is_better = (edges.score > hers[rows]) & (edges.score > worst[edges.column])
    return np.stack([rows[is_better], edges.column[is_better].astype(np.int64)], axis=1)
