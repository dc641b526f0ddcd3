"""The house rules as functions: each takes the root of a tree and returns what it finds there.

Here: rules that no tool of the shelf has. Not here: style and types (ruff, basedpyright, sqlfluff), who may import whom
(import-linter) and who may read what (dbt-bouncer). A rule never looks outside the tree it is given, so that a planted
violation in a small tree is judged by the same function as the project.
"""
