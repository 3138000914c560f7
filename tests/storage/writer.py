"""A process that stores bundles for ever, to be killed: ``python -m tests.storage.writer FOLDER [URL]``.

It says ``begin N`` before and ``done N`` after each, so that who kills it knows what had returned.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from core.desk import Ledger
from core.risk.switches import Switches
from storage.ledger import SqlLedger
from storage.messages import Message, MessageKind
from storage.outbox import Outbox
from storage.start import open_database
from tests.storage import samples

FILLS = 400
BOOK = "sim"


async def store_bundle(ledger: Ledger, number: int) -> None:
    """Something of every kind, recognisable by its number, in one call."""
    await ledger.store(
        positions=[samples.position(number)],
        tickets=[samples.ticket(f"0x{number}-{n}", f"BTC-{number}") for n in range(3)],
        fills=[samples.fill(number * FILLS + n, time_ms=number) for n in range(FILLS)],
        funding=[samples.payment(number)],
        trade=samples.trade(number),
        switches=Switches(since_ms=number),
        events=[samples.opened(number)],
        at_ms=number,
    )


async def main(folder: str, url: str | None = None) -> None:
    database = await open_database(Path(folder), url)
    ledger, outbox = SqlLedger(database, BOOK), Outbox(database)
    for number in count(1):
        sys.stdout.write(f"begin {number}\n")
        sys.stdout.flush()
        await store_bundle(ledger, number)
        sys.stdout.write(f"done {number}\n")
        sys.stdout.flush()
        await outbox.put([Message(number, MessageKind.TEXT, {"n": number}, 1)], event_id=number)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
