"""Touchstream's Python side: the rooms, and who may know whom.

`settings`, `failpoints` and `sources.contracts` know nobody; `source_settings` and `toml_places` help `brands`, which
knows the contracts' names. `warehouse` (PostgreSQL: server, connections, migrations, locks, dbt) knows those.
`sources` (contracts, connectors, landing) and `activation` (planning, ledger, dispatch) know `warehouse`. `defs`
(Dagster objects) and `cli` (the `touchstream` command) know all of them and are known by none. Only `defs`,
`definitions` and `cli` import Dagster.
"""
