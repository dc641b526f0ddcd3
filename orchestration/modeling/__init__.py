"""Models that learn from the warehouse: what they take for likely, for a person or a later model to use.

Here: reading what they learn from, learning, scoring, appending the scores. Not here: facts and features (dbt_project),
what a person decides (identity/), when a model runs (defs/).
"""
