"""Who is who, computed a second time, apart from the models.

Here: components by scipy, contested ones by a Kruskal of its own, devices by walking through their logins; from plain
facts. It follows the written rules, not the SQL. Not here: worlds (told_worlds.py), comparison (the tests).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tests.scenarios.identity.facts import Decision, Facts, Namespace, Pair, Record

Turn = tuple[datetime, datetime, str | None]
"""From, until, whose: an interval of a device, with the ends of time written out."""

BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Identity:
    """Whose every strong identifier is (None: nobody's), whose every device was when, which links were left out."""

    customer_of: dict[str, str | None]
    turns_of: dict[str, tuple[Turn, ...]]
    left_out: frozenset[Pair]


@dataclass
class _Case:
    """The facts up to one evening, and what follows from them step by step."""

    facts: Facts
    namespaces: Mapping[str, Namespace]
    as_of: date
    zone: ZoneInfo
    namespace_of: dict[str, str] = field(default_factory=dict[str, str])
    first_seen: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def __post_init__(self) -> None:
        self.records = [record for record in self.facts.records if record.day <= self.as_of and not record.unbinds]
        for record in self.records:
            for namespace, key in record.identifiers.items():
                self.namespace_of[key] = namespace
                self.first_seen[key] = min(self.first_seen.get(key, record.at), record.at)
        self.withdrawals = [*self._withdrawals()]
        self.verdicts = self._verdicts()
        self.released = {
            pair: decision.at
            for pair, decision in self.verdicts.items()
            if decision.kind == "release" and all(self.is_strong(key) for key in pair)
        }
        self.refused = {pair for pair, decision in self.verdicts.items() if decision.kind == "refuse"}

    def space(self, key: str) -> Namespace:
        return self.namespaces[self.namespace_of[key]]

    def is_strong(self, key: str) -> bool:
        return key in self.namespace_of and self.space(key).is_strong

    def _withdrawals(self) -> Iterator[tuple[Pair, str | None, date]]:
        for record in self.facts.records:
            if record.unbinds and record.day <= self.as_of:
                for one, other in combinations(record.identifiers.values(), 2):
                    yield _pair(one, other), record.rule, record.day
        for decision in self.facts.decisions:
            if decision.kind == "withdraw" and decision.day <= self.as_of:
                yield decision.pair, None, decision.day

    def _verdicts(self) -> dict[Pair, Decision]:
        found: dict[Pair, Decision] = {}
        for decision in self.facts.decisions:
            if decision.kind == "withdraw" or decision.day > self.as_of:
                continue
            before = found.get(decision.pair)
            if before is None or _weight(before) < _weight(decision):
                found[decision.pair] = decision
        return found

    def is_withdrawn(self, pair: Pair, record: Record) -> bool:
        return any(
            pair == withdrawn and rule in (None, record.rule) and record.day <= day
            for withdrawn, rule, day in self.withdrawals
        )

    def links(self) -> dict[Pair, datetime]:
        """The pairs of strong identifiers that evidence or a release links, with the moment first seen."""
        found: dict[Pair, datetime] = {}
        for record in self.records:
            strong = [key for key in record.identifiers.values() if self.is_strong(key)]
            for pair in (_pair(*ends) for ends in combinations(strong, 2)):
                if pair not in self.refused and not self.is_withdrawn(pair, record):
                    found[pair] = min(found.get(pair, record.at), record.at)
        for pair in self.released:
            day = self.verdicts[pair].day
            found.setdefault(pair, datetime(day.year, day.month, day.day, tzinfo=self.zone))
        return found

    def usable(self, links: Mapping[Pair, datetime]) -> set[str]:
        """The strong identifiers that may be used: neither blocked nor, unless released, over their limit."""
        neighbours: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for left, right in links:
            for one, other in ((left, right), (right, left)):
                if other not in self.facts.blocked:
                    neighbours[one][self.namespace_of[other]].add(other)
        freed = {key for pair in self.released for key in pair if not self.facts.blocked.intersection(pair)}
        return {
            key
            for key in self.namespace_of
            if self.is_strong(key)
            and key not in self.facts.blocked
            and (
                key in freed
                or max((len(keys) for keys in neighbours[key].values()), default=0)
                <= self.space(key).maximum_neighbours
            )
        }

    def contradicts(self, keys: Iterable[str]) -> bool:
        """Whether these may not be one customer."""
        found = [*keys]
        unique = [self.namespace_of[key] for key in found if self.space(key).is_unique]
        return len(unique) != len(set(unique)) or any({*pair} <= {*found} for pair in self.refused)

    def turn_of(self, link: tuple[Pair, datetime]) -> tuple[object, ...]:
        """The place of a link in the strict order."""
        pair, at = link
        priorities = sorted(self.space(key).priority for key in pair)
        newest_first = -self.released[pair].timestamp() if pair in self.released else float("inf")
        return (newest_first, *priorities, at, *pair)

    def clusters(self, usable: set[str], links: Mapping[Pair, datetime]) -> list[set[str]]:
        """Components as they are, or grown anew link by link where one contradicts a rule."""
        resolved: list[set[str]] = []
        for component in _components(usable, links):
            if not self.contradicts(component):
                resolved.append(component)
                continue
            trees = {key: {key} for key in component}
            inside = {pair: at for pair, at in links.items() if pair[0] in component}
            for (left, right), _ in sorted(inside.items(), key=self.turn_of):
                grown = trees[left] | trees[right]
                if not self.contradicts(grown):
                    trees.update(dict.fromkeys(grown, grown))
            resolved += [set(tree) for tree in {frozenset(tree) for tree in trees.values()}]
        return resolved

    def turns(self, customer_of: Mapping[str, str | None]) -> dict[str, tuple[Turn, ...]]:
        """Whose every device was, from the beginning to the end of time."""
        logins: dict[str, dict[datetime, list[tuple[int, str, date]]]] = defaultdict(lambda: defaultdict(list))
        logouts: dict[str, set[datetime]] = defaultdict(set)
        for record in self.records:
            weak = [key for key in record.identifiers.values() if not self.is_strong(key)]
            for device in weak:
                if record.is_logout:
                    logouts[device].add(record.at)
                for key in record.identifiers.values():
                    pair = _pair(device, key)
                    if customer_of.get(key) and pair not in self.refused and not self.is_withdrawn(pair, record):
                        logins[device][record.at].append((self.space(key).priority, key, record.day))
        devices = [key for key in self.namespace_of if not self.is_strong(key)]
        return {device: self._turns(device, logins[device], logouts[device], customer_of) for device in devices}

    def _turns(
        self,
        device: str,
        logins: Mapping[datetime, list[tuple[int, str, date]]],
        logouts: set[datetime],
        customer_of: Mapping[str, str | None],
    ) -> tuple[Turn, ...]:
        is_store = device in self.facts.store_devices
        met = {customer_of[key] for told in logins.values() for _, key, _ in told}
        nobody: tuple[Turn, ...] = ((BEGINNING, END, None),)
        if device in self.facts.blocked or (not is_store and len(met) > self.space(device).maximum_neighbours):
            return nobody
        chosen = [(at, *min(told)) for at, told in sorted(logins.items())]
        if not chosen:
            return nobody if is_store else ((BEGINNING, END, device),)
        found: list[Turn] = []
        for number, (at, _, key, day) in enumerate(chosen):
            begin, until = _utc(at), _utc(chosen[number + 1][0]) if number + 1 < len(chosen) else END
            if is_store:
                midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(days=1)
                until = min([until, _utc(midnight), *(_utc(out) for out in logouts if out >= at)])
            elif number == 0:
                begin = BEGINNING
            found.append((begin, until, customer_of[key]))
        return merged(found)


def identity(facts: Facts, namespaces: Mapping[str, Namespace], as_of: date, zone: ZoneInfo) -> Identity:
    """Who is who on the evening of `as_of`."""
    case = _Case(facts, namespaces, as_of, zone)
    links = case.links()
    usable = case.usable(links)
    kept = {pair: at for pair, at in links.items() if usable.issuperset(pair)}
    customer_of: dict[str, str | None] = {key: None for key in case.namespace_of if case.is_strong(key)}
    for cluster in case.clusters(usable, kept):
        founder = min(cluster, key=lambda key: (case.first_seen[key], case.space(key).priority, key))
        customer_of.update(dict.fromkeys(cluster, founder))
    left_out = frozenset(pair for pair in kept if customer_of[pair[0]] != customer_of[pair[1]])
    return Identity(customer_of, case.turns(customer_of), left_out)


def merged(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Intervals without empty ones, with gaps filled by nobody, and neighbours of one customer as one."""
    whole: list[Turn] = []
    reached = BEGINNING
    for begin, until, customer in sorted((turn for turn in turns if turn[0] < turn[1]), key=lambda turn: turn[:2]):
        if begin > reached:
            whole.append((reached, begin, None))
        whole.append((begin, until, customer))
        reached = until
    if reached < END:
        whole.append((reached, END, None))
    found: list[Turn] = []
    for begin, until, customer in whole:
        if found and found[-1][2] == customer:
            found[-1] = (found[-1][0], until, customer)
        else:
            found.append((begin, until, customer))
    return tuple(found)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _pair(one: str, other: str) -> Pair:
    return (min(one, other), max(one, other))


def _weight(decision: Decision) -> tuple[date, datetime, bool]:
    return (decision.day, decision.at, decision.kind == "refuse")


def _components(nodes: set[str], links: Iterable[Pair]) -> list[set[str]]:
    ordered = sorted(nodes)
    number = {key: index for index, key in enumerate(ordered)}
    ends = [(number[left], number[right]) for left, right in links]
    rows, columns = zip(*ends, strict=True) if ends else ((), ())
    graph = coo_matrix((np.ones(len(ends)), (rows, columns)), shape=(len(ordered), len(ordered)))
    _, labels = connected_components(graph, directed=False)
    found: dict[int, set[str]] = defaultdict(set)
    for key, label in zip(ordered, labels, strict=True):
        found[int(label)].add(key)
    return list(found.values())
