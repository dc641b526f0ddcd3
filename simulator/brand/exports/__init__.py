"""What each vendor exports: one module per group of channels.

Here: every export with its columns, as the vendors name them. `EXPORTERS` makes the batches of a chunk of people,
`REFERENCE` those that are the same for everybody.
"""
