"""The activation room: from a contact plan to messages that left, never twice.

Here: campaigns as files, planning (decisions and intents in one transaction), the gate, the ledger's states, the
dispatcher, adapters to destinations, content. Not here: who should hear what (dbt_project/models/activation), the
tables (warehouse/migrations), schedules (defs/). All state is in `ops`: a run that was killed is taken up by any other.
"""
