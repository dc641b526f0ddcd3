"""Who is who, for people: reviewing, explaining, finding, and the log of what builds published.

Here: reading what dbt made of identity, and writing what a person decides (`ops`). Not here: the rules themselves,
which are SQL (dbt_project/models/identity).
"""
