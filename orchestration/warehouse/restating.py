"""When a build may restate its tables from the build before instead of making them whole.

Here: the cut that staging and identity stand at, where everything that was known then still is. Not here: what is
restated and how (dbt_project/macros/restating/).

A build that failed or was killed, a build of some models, other code or settings, a day that lies before, a batch or a
decision that came in under an older moment: each leaves tables from which nobody can tell what is new. Then they are
made whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from orchestration.brands import Brand
from orchestration.warehouse.builds import Build, settings_hash
from orchestration.warehouse.connect import connect

_LAST = """
    select build_id, as_of, known_at, counts -> 'inputs'
    from ops.build
    where build_id = (select max(build_id) from ops.build where build_id < %s and phase in ('foundation', 'partial'))
        and phase = 'foundation' and state = 'done'
"""
_KNOWN = """
    select
        (select count(*) from ops.batch where loaded_at <= %(known_at)s),
        (select count(*) from ops.identity_decision where decided_at <= %(known_at)s)
"""


@dataclass(frozen=True)
class Cut:
    """The build whose tables stand, its last business day and the last moment of landing it knew."""

    build_id: int
    as_of: date
    known_at: datetime

    @property
    def variables(self) -> dict[str, str]:
        """What dbt is told of it."""
        return {"standing_as_of": self.as_of.isoformat(), "standing_known_at": self.known_at.isoformat()}


def standing_cut(brand: Brand, build: Build) -> Cut | None:
    """The cut that a foundation, whose row is open, may restate from; None where its tables must be made whole."""
    wanted = build.inputs
    with connect(brand.name, application_name="touchstream builds") as connection:
        row = connection.execute(_LAST, (build.build_id,)).fetchone()
        if row is None or row[3] is None or "decisions" not in row[3]:
            return None
        cut, before = Cut(*row[:3]), row[3]
        known = connection.execute(_KNOWN, {"known_at": cut.known_at}).fetchone()
    is_continued = (
        before["code"] == wanted.code
        and before["settings"] == settings_hash(brand, as_of=cut.as_of)
        and known == (sum(before["batches"].values()), before["decisions"])
        and cut.as_of <= wanted.as_of
        and cut.known_at <= wanted.known_at
    )
    return cut if is_continued else None
