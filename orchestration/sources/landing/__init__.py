"""Landing of batches: whole or not at all, counted twice, nothing lost.

Here: the verdict on every row (judge), the one transaction that writes a batch (write), what is landed when (land),
the second try of quarantined rows (replay). Not here: how a source is read (formats, connectors/), what a row must
look like (contracts/).
"""
