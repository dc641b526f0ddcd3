"""Proposals of links: which probable pairs are put before a person, and what became of earlier ones.

Here: one run, from the customers of the newest build to `ops.link_proposal`. Not here: what is probable (linkage.py),
the person's word (identity/decisions.py). A run links nothing.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.brands import Brand
from orchestration.identity import desk as desks
from orchestration.identity.desk import Desk
from orchestration.modeling import linkage, people
from orchestration.modeling.errors import ModelingError
from orchestration.modeling.linkage import Likely
from orchestration.modeling.people import People
from orchestration.proposal_settings import ProposalSetting
from orchestration.warehouse.connect import connect
from orchestration.warehouse.locks import brand_lock
from orchestration.warehouse.migrate import Connection
from orchestration.warehouse.progress import say

_BUILT = "select state, as_of from ops.build where phase = 'foundation' order by build_id desc limit 1"
_OPEN = """
    select proposal_id, left_key, right_key, probability, agreement, both_hold, model_version
    from ops.link_proposal where state = 'open'
"""
_LAPSE = """
    update ops.link_proposal set state = 'lapsed', settled_at = clock_timestamp()
    where state = 'open' and proposal_id = any(%s)
"""
_INSERT = """
    insert into ops.link_proposal (
        left_key, right_key, probability, agreement, both_hold, model_name, model_version, as_of, scored_at, state
    ) values (%s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp(), 'open')
"""
_DECIDED = "select left_key, right_key from ops.identity_decision where decision in ('release', 'refuse')"


@dataclass(frozen=True)
class Proposal:
    """A probable pair that may be proposed; `both_hold`: the namespace that keeps a release from joining the two."""

    pair: Likely
    both_hold: str | None


@dataclass(frozen=True)
class Proposed:
    """What a run did.

    `people` were compared, `likely` pairs are over the threshold; `waiting` proposals wait now, `new` of them since
    this run, `not_joinable` for another system to join; `lapsed` earlier ones wait no more.
    """

    as_of: date
    model: str
    threshold: float
    people: int
    likely: int
    waiting: int
    new: int
    not_joinable: int
    lapsed: int


def setting_of(brand: Brand) -> ProposalSetting:
    """The brand's setting; ModelingError when proposals are off, or Splink is missing."""
    found = brand.file.proposals
    if found is None:
        raise ModelingError(
            f"{brand.path.name} turns no proposals on: add the table [proposals] (it may stay empty; threshold, most "
            "and cadence have defaults, see docs/identity.md)"
        )
    if importlib.util.find_spec("splink") is None:
        raise ModelingError(
            "Splink is not installed: `uv pip install 'touchstream[splink]'`, or in a checkout `make setup`"
        )
    return found


def propose(brand: Brand, *, wait_seconds: float = 0) -> Proposed:
    """Look for probable pairs among the customers of the newest build, and keep the best as proposals.

    Waits up to `wait_seconds` for a build under way, then raises LockHeld. Raises ModelingError when proposals are off,
    Splink is missing or the newest build is not done.
    """
    setting = setting_of(brand)
    with (
        brand_lock(brand.name, name="dbt", what="touchstream identity propose", wait_seconds=wait_seconds),
        desks.opened(brand, role=people.ROLE) as desk,
    ):
        as_of = _as_of(desk)
        say("propose", "reading names, birthdays and addresses")
        found = people.read(desk)
    say("propose", f"comparing {len(found.people)} customers")
    likely = linkage.likely_pairs(found.people, threshold=setting.threshold)
    say("propose", f"{len(likely)} pairs over {setting.threshold:g}")
    wanted = allowed(found, likely)[: setting.most]
    with connect(brand.name, application_name="touchstream identity propose") as connection:
        waiting, new, lapsed = _record(connection, wanted, as_of)
    return Proposed(
        as_of=as_of,
        model=f"{linkage.NAME} {model_version()}",
        threshold=setting.threshold,
        people=len(found.people),
        likely=len(likely),
        waiting=waiting,
        new=new,
        not_joinable=sum(item.both_hold is not None for item in wanted),
        lapsed=lapsed,
    )


def model_version() -> str:
    """The version of the comparison and of Splink: another one scores every pair anew."""
    from splink import __version__

    return f"{linkage.VERSION} (Splink {__version__})"


def _as_of(desk: Desk) -> date:
    built = desk.rows(_BUILT)
    if not built or built[0][0] != "done":
        raise ModelingError(
            f"the newest build of brand {desk.brand.name} is not done, so its customers may be half of it: run "
            f"`touchstream --brand {desk.brand.name} build` first"
        )
    return built[0][1]


def allowed(found: People, likely: Sequence[Likely]) -> list[Proposal]:
    """The pairs nobody has spoken about, those first that a release can join; each group most probable first."""
    fit: list[Proposal] = []
    for item in likely:
        one, other = found.customers[item.left_key], found.customers[item.right_key]
        if frozenset((one, other)) not in found.settled:
            both = found.unique_held.get(one, set()) & found.unique_held.get(other, set())
            fit.append(Proposal(item, min(both, default=None)))
    return sorted(fit, key=lambda item: item.both_hold is not None)


def _record(connection: Connection, wanted: Sequence[Proposal], as_of: date) -> tuple[int, int, int]:
    """Keep what waits and is found again alike, let the rest lapse, add what is new; how many wait, are new, lapsed.

    What was decided while this run compared is not proposed; decisions wait until it has recorded.
    """
    connection.execute("lock table ops.identity_decision, ops.link_proposal in share row exclusive mode")
    version = model_version()
    decided = {tuple(row) for row in connection.execute(_DECIDED)}
    rows = {
        (pair.left_key, pair.right_key): (round(pair.probability, 4), pair.agreement, item.both_hold, version)
        for item in wanted
        if ((pair := item.pair).left_key, pair.right_key) not in decided
    }
    waiting, stale = len(rows), list[int]()
    for proposal_id, left, right, probability, agreement, both_hold, scored_by in connection.execute(_OPEN):
        if rows.get((left, right)) == (float(probability), agreement, both_hold, scored_by):
            del rows[left, right]
        else:
            stale.append(proposal_id)
    connection.execute(_LAPSE, (stale,))
    with connection.cursor() as cursor:
        cursor.executemany(
            _INSERT,
            [
                (*pair, probability, json.dumps(agreement), both_hold, linkage.NAME, scored_by, as_of)
                for pair, (probability, agreement, both_hold, scored_by) in rows.items()
            ],
        )
    return waiting, len(rows), len(stale)
