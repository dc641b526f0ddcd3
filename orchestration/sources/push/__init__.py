"""What is pushed to us: where in a body the records are, and the inbox that holds bodies until they are landed.

Here: records and their count (records), the inbox table (inbox). Not here: HTTP and signatures (endpoint/), the offer
of a micro-batch (connectors/push.py), landing (landing/).
"""
