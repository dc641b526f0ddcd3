"""Publishing who is who: what a build changed against the one before, written down.

Here: `ops.published_customer` and the append-only `ops.customer_key_log`. Not here: the keys themselves (dbt). A build
of a past day publishes nothing: it answers a question.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from psycopg.types.json import Jsonb

from orchestration.brands import Brand
from orchestration.warehouse.connect import connect
from orchestration.warehouse.migrate import Connection

KIND_OF_CHANGE = """
    case
        when after.customer_key is null then 'left'
        when before.customer_key in (select customer_key from now_customer) then 'split'
        when after.customer_key in (select customer_key from ops.published_customer) then 'merged'
        else 'renamed'
    end
"""
"""What became of an identifier: `before` as published, `after` of `now_customer`, which holds all of the build's."""

_NOW = """
create temporary table now_customer on commit drop as
select identifier_key, customer_key, namespace
from core.bridge_customer_identifier
where is_first and is_usable
"""
_LOG = f"""
insert into ops.customer_key_log
    (build_id, as_of, identifier_key, namespace, change, old_customer_key, new_customer_key, recorded_at)
select
    %(build)s, %(as_of)s, before.identifier_key, before.namespace,
    {KIND_OF_CHANGE},
    before.customer_key, after.customer_key, now()
from ops.published_customer as before
left join now_customer as after on after.identifier_key = before.identifier_key
where after.customer_key is distinct from before.customer_key
"""
_FORGET = """
delete from ops.published_customer as before
where not exists (select 1 from now_customer as after where after.identifier_key = before.identifier_key)
"""
_UPDATE = """
update ops.published_customer as before
set customer_key = after.customer_key, namespace = after.namespace
from now_customer as after
where after.identifier_key = before.identifier_key and after.customer_key <> before.customer_key
"""
_ADD = """
insert into ops.published_customer (identifier_key, customer_key, namespace)
select after.identifier_key, after.customer_key, after.namespace
from now_customer as after
left join ops.published_customer as before on before.identifier_key = after.identifier_key
where before.identifier_key is null
"""


@dataclass(frozen=True)
class Published:
    """What changed: identifiers by kind of change, customers now, and identifiers seen for the first time."""

    merged: int
    split: int
    renamed: int
    left: int
    new: int
    customers: int


def publish(brand: Brand, build_id: int, as_of: date) -> Published | None:
    """Log what the foundation of this build changed and take it as the state; None for a day before the newest one."""
    with connect(brand.name, application_name="touchstream publish identity") as connection:
        newer = connection.execute("select 1 from ops.identity_publication where as_of > %s", (as_of,)).fetchone()
        if newer:
            return None
        published = _publish(connection, build_id, as_of)
        connection.execute(
            "insert into ops.identity_publication (build_id, as_of, counts, published_at) values (%s, %s, %s, now())",
            (build_id, as_of, Jsonb(asdict(published))),
        )
        return published


def _publish(connection: Connection, build_id: int, as_of: date) -> Published:
    connection.execute(_NOW)
    connection.execute("analyze now_customer")
    connection.execute(_LOG, {"build": build_id, "as_of": as_of})
    changes = dict(
        connection.execute(
            "select change, count(*) from ops.customer_key_log where build_id = %s group by change", (build_id,)
        ).fetchall()
    )
    connection.execute(_FORGET)
    connection.execute(_UPDATE)
    new = connection.execute(_ADD).rowcount
    (customers,) = connection.execute("select count(distinct customer_key) from now_customer").fetchall()[0]
    told = {kind: int(changes.get(kind, 0)) for kind in ("merged", "split", "renamed", "left")}
    return Published(**told, new=new, customers=int(customers))
