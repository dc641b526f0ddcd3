"""The warehouse room: PostgreSQL as this project uses it.

Here: the embedded server and its life, connections, migrations, roles, locks, reading SQL, fingerprints, running
dbt. Not here: what a table means (migrations and models say it), how rows get in (sources/), what is sent
(activation/), assets and schedules (defs/).
"""
