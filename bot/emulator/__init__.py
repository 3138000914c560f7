"""A local Telegram: a Bot API server on loopback and the chat page that people see of it.

So that a newcomer can talk to a bot with no account, no key and no network, and so that tests can drive a bot through
the same HTTP that Telegram speaks, with a clock they own and faults they choose.

::

    page ──HTTP/WebSocket──▶ page_api ─▶ people ─┐
    tests ─HTTP────────────▶ control ─▶ people ──┤
                                                 ▼
    bot ──Bot API──────────▶ bot_api ─▶ methods ▶ world (pure state) ─▶ store (SQLite) ─▶ stream ─▶ page
                               ▲                  │
                               └── polling, courier (webhook) ◀── updates

It imports nothing else of this project and no Telegram library: what it answers is held against theirs in the tests.
It refuses real tokens, other machines, foreign web pages and the internet.
"""
