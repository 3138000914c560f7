"""What outlives the process: tables, repositories, migrations, and the lock of the state folder.

Start with :func:`storage.start.open_database`; :class:`storage.ledger.SqlLedger` is the flows' ledger, the other
repositories serve the chat. This package's front imports nothing, so that a command that needs no database stays
fast; SQL is spoken here and nowhere else.
"""
