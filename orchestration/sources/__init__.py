"""From a channel's export to raw rows: contracts, mappings, connectors, landing.

Here: what a row must look like (contracts/), how a source is read (connectors/, formats), how it gets in (landing/).
Not here: what rows mean together (dbt), when to land (defs/).
"""
