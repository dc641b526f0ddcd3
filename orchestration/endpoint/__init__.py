"""The HTTP endpoint that takes what others push to us.

Here: proof of the sender (signature), writing to the inbox with shared commits (writer), the HTTP answers (app),
landing every few seconds (lander), the process that holds them (server). Not here: the inbox table and the records in a
body (sources/push/), what a record must look like (contracts/), landing itself (sources/landing/).
"""
