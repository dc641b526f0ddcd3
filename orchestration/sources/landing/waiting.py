"""What waits to be landed, by a look from outside: for sensors, which ask for a landing.

Here: names and numbers, from the drop folder, the cursors, the inbox and the noted attempts. Not here: landing it
(land.py). Nothing is opened or changed, and nothing is remembered: what a landing that failed left behind still waits.
"""

from __future__ import annotations

from orchestration.brands import Brand
from orchestration.sources.connectors import files
from orchestration.warehouse import connect


def waiting_files(brand: Brand) -> list[str]:
    """Files of the drop folder, with size and time, that no landing has looked into as they are now."""
    with connect.connect(brand.name, application_name="touchstream waiting") as connection:
        rows = connection.execute("select source, cursor from ops.source_cursor").fetchall()
    cursors = dict(rows)
    return sorted(
        f"{name} {mark}"
        for source_name, source in brand.file.sources.items()
        if source.connector == "files" and not source.only_full
        for name, mark in files.waiting(brand, source, cursors.get(source_name, {}))
    )


def due_sources(brand: Brand) -> dict[str, str]:
    """Sources whose brand file says `every`, and whose last reading is that long ago: with the moment it began."""
    wanted = {name: item.every for name, item in brand.file.sources.items() if item.every is not None}
    with connect.connect(brand.name, application_name="touchstream waiting") as connection:
        rows = connection.execute(
            "select source, tried_at, now() - tried_at from ops.landing_attempt where source = any(%s)", (list(wanted),)
        ).fetchall()
    tried = {source: (moment, age) for source, moment, age in rows}
    due = {name: tried.get(name) for name, every in wanted.items() if name not in tried or tried[name][1] >= every}
    return {name: "never read" if last is None else f"last read {last[0].isoformat()}" for name, last in due.items()}


def waiting_pushes(brand: Brand) -> list[str]:
    """Pushed sources with something in the inbox: how many pushes, and the newest of them."""
    with connect.connect(brand.name, application_name="touchstream waiting") as connection:
        rows = connection.execute(
            "select source, count(*), max(inbox_id) from vault.inbox where batch_id is null group by source"
        ).fetchall()
    return sorted(f"{source}: {count} to {newest}" for source, count, newest in rows if source in brand.file.sources)
