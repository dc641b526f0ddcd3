"""Connectors of this deployment: one module per system that nobody else has.

Here: what `touchstream source connector NAME` writes. A module is found by its name (`connector = "own.name"`): being
here is all the registration there is. Not here: the connectors that come with the house (the folder above).
"""
