"""What the identity commands say, in words that need no knowledge of the tables.

Here: lines from findings. Not here: the findings (orchestration/identity), printing (output.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from orchestration.identity.decisions import Decided
from orchestration.identity.desk import Desk
from orchestration.identity.explain import Explanation, Step
from orchestration.identity.impact import Impact
from orchestration.identity.obstacles import Obstacle
from orchestration.identity.review import Item, Review
from orchestration.identity.show import Customer, Held
from orchestration.modeling.proposals import Proposed


def explanation(desk: Desk, found: Explanation) -> Iterator[str]:
    """The verdict, then the chain or the obstacles, a line each."""
    yield _verdict(found)
    for number, step in enumerate(found.steps, start=1):
        yield f"{number}. {step.one} – {step.other}"
        yield from (f"     {line}" for line in _step(desk, step))
    for obstacle in found.obstacles:
        yield f"- {_obstacle(obstacle)}"
    for item in found.pending:
        yield f"* decided since ({item.decision}, by {item.decided_by}: {item.reason}): the next build takes it in"


def _verdict(found: Explanation) -> str:
    both = f"{found.one} and {found.other}"
    if found.verdict == "one":
        return f"{both} are one customer ({found.customers[0]})."
    if found.verdict == "at_times":
        return f"{both} were one customer for a time, and are not now:"
    if found.verdict == "nobody":
        return f"{both} are not one customer, for not each of the two names somebody:"
    return f"{both} are two customers ({found.customers[0]}; {found.customers[1]}):"


def _step(desk: Desk, step: Step) -> Iterator[str]:
    for told in step.told:
        yield f"{told.title} ({told.rule}): {_since(told.first_date)}, on {_days(told.day_count)}"
    if step.release is not None and step.release.decision == "release":
        said = step.release
        yield f"released by {said.decided_by}, counting from {said.as_of}: {said.reason}"
    if step.login_at is not None:
        begin = f"from {step.since}" if step.since else "from the beginning"
        end = f"until {desk.day(step.until)}" if step.until else "until now"
        yield f"logged in on {_moment(desk, step.login_at)} ({step.login}); the device counts {begin} {end}"


def _obstacle(item: Obstacle) -> str:
    ends = " and ".join(str(name) for name in item.between)
    link = " – ".join(str(name) for name in item.between)
    counts = _counts(item.neighbours)
    return {
        "blocked": f"{ends} is blocked, so it names nobody: {item.reason}{counts}",
        "limit": f"{ends} is over its limit, so it names nobody: {item.reason}{counts}",
        "unusable": f"{ends} names nobody: {item.reason}{counts}",
        "refused": f"{item.by} refused that {ends} are one person, counting from {item.day}: {item.reason}",
        "quarantined": f"a link between the two is in quarantine, {link} ({_since(item.day)}): it {item.reason}",
        "withdrawn": f"records said that {ends} are one person; up to {item.day or 'any day'} that was withdrawn",
        "shared": f"both were seen with {item.via}, which names nobody: {item.reason}{counts}",
        "device": f"both logged in on {item.via} ({_since(item.day)}): a device never makes one customer of two",
        "by_way": f"they hang together only by way of others, where a link is in quarantine, {link}: it {item.reason}",
        "no_evidence": "no record links them, directly or by way of others",
    }[item.kind]


def customer(desk: Desk, found: Customer) -> Iterator[str]:
    """A customer's identity: identifiers, devices, what was set aside, former keys, the log, quarantine."""
    if found.customer is None:
        yield f"{found.asked} names nobody: {'; '.join(item.reason for item in found.set_aside) or 'no reason known'}"
    else:
        yield f"customer {found.customer} (key {found.customer.identifier_key})"
        yield from _section("identifiers", (_strong(held) for held in _own(found, is_strong=True)))
        yield from _section("devices", (_device(desk, held) for held in _own(found, is_strong=False)))
        yield from _section("seen with, of no use", (f"{item.name}: {item.reason}" for item in found.set_aside))
        yield from _section("former keys", map(str, found.former_keys))
    yield from _section(
        "what builds changed",
        (
            f"{item.as_of} (build {item.build_id}) {item.name} {item.change}: {item.old_customer} → "
            f"{item.new_customer or 'nobody'}"
            for item in found.log
        ),
    )
    yield from _section(
        "links in quarantine",
        (
            f"{item.one} – {item.other} ({_since(item.first_date)}): it {item.reason}; "
            f"the other customer: {item.other_customer}"
            for item in found.quarantine
        ),
    )


def _own(found: Customer, *, is_strong: bool) -> list[Held]:
    return [held for held in found.identifiers if held.is_strong is is_strong]


def _strong(held: Held) -> str:
    told = f"{held.name}, {_since(held.first_date)}"
    if held.now_held_by is None:
        return told
    return f"{told}; last seen with another customer, {held.now_held_by}: it is not written to"


def _device(desk: Desk, held: Held) -> str:
    by = f", logged in as {held.assigned_to}" if held.assigned_to else ", nobody ever logged in"
    end = f"until {_moment(desk, held.until)}" if held.until else "until now"
    return f"{held.name}, {f'from {held.since}' if held.since else 'from the beginning'} {end}{by}"


def review(found: Review) -> Iterator[str]:
    """What waits, item by item; then what was not shown."""
    if not found.items:
        yield "Nothing waits for a person."
    for item in found.items:
        yield _item(item)
        yield from (f"     {command}" for command in item.commands)
    for kind, total in found.totals.items():
        shown = sum(item.kind == kind for item in found.items)
        if shown < total:
            yield f"… and {total - shown} more of kind {kind} (--limit)"


def _item(item: Item) -> str:
    if item.kind == "link":
        left, right = item.customers
        return (
            f"link {item.names[0]} – {item.names[1]} ({_since(item.first_date)}, {_days(item.evidence_days)} of "
            f"records): it {item.reason}; customers {left} and {right}"
        )
    if item.kind == "proposal":
        left, right = item.customers
        return (
            f"probably one person ({item.probability:.2%}): {item.names[0]} – {item.names[1]} "
            f"({_since(item.first_date)}): {item.reason}; customers {left} and {right}"
        )
    word = "over its limit" if item.kind == "limit" else "blocked"
    return f"{word}: {item.names[0]} ({_since(item.first_date)}): {item.reason}{_counts(item.neighbours)}"


def proposed(brand: str, found: Proposed) -> Iterator[str]:
    """What a run of the model found and keeps for a person."""
    yield (
        f"compared {found.people} customers as of {found.as_of}: {found.likely} pairs are probably one person "
        f"(at least {found.threshold:g}; {found.model})"
    )
    yield f"proposals that wait: {found.waiting}, new: {found.new}; no longer so: {found.lapsed}"
    if found.not_joinable:
        yield f"{found.not_joinable} of them no release can join: both have a value of which a customer has one"
    yield f"Nothing is linked by it: `touchstream --brand {brand} identity review` shows them, with the commands."


def decided(brand: str, found: Decided) -> Iterator[str]:
    """What was recorded, and when it counts."""
    for one, other in found.pairs:
        yield f"{found.word}: {one} – {other}"
    yield f"by {found.decided_by}, counting from {found.as_of}: {found.reason}"
    yield f"{found.effect} The next build takes it in (`touchstream --brand {brand} build`); until then nothing moves."


def impact(found: Impact) -> Iterator[str]:
    """The figures of a build against what is published."""
    yield f"customers: {found.customers} (published: {found.customers_before}), identifiers of use: {found.identifiers}"
    if found.is_published:
        yield "Nothing differs from what is published."
    else:
        yield f"merges: {found.merges} customers join another ({found.merged} identifiers)"
        yield f"splits: {found.splits} customers come of another ({found.split} identifiers)"
        yield f"renamed: {found.renamed} identifiers; left: {found.left}; new: {found.new}"
        yield f"re-keyed: {found.rekeyed} customers, {found.rekeyed_share:.2%} of those published"
    if found.logged is not None:
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(found.logged.changes.items())) or "nothing"
        yield f"logged with build {found.logged.build_id} of {found.logged.as_of}: {told}"
    yield f"in quarantine: {found.quarantined_links} links; of no use: {found.unusable_identifiers} identifiers"
    yield f"largest component: {found.largest_component} identifiers; components by size:"
    yield "     " + ", ".join(f"{size}: {count}" for size, count in found.histogram.items())
    yield from _section(
        "largest customers",
        (f"{item.customer}: {item.identifiers} (published: {item.identifiers_before})" for item in found.largest),
    )


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield f"{title}:"
        yield f"     {line}"


def _since(day: date | None) -> str:
    return f"since {day}" if day else "undated"


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _counts(neighbours: Iterable[tuple[str, int]]) -> str:
    told = ", ".join(f"{count} {namespace}" for namespace, count in neighbours)
    return f" (seen with {told})" if told else ""


def _moment(desk: Desk, at: datetime) -> str:
    day = desk.day(at)
    return str(day) if day else "an unknown day"
