"""Every event survives its way through the database; what a version cannot read stays where it is."""

from __future__ import annotations

import logging
import math
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
from sqlalchemy import insert, select, update

from core.errors import BrokenInvariant
from core.events import Event, TradeOpened
from core.market.symbols import Side
from core.risk.blackouts import Blackout
from core.trading.positions import ClosedTrade, Position
from storage.database import Database
from storage.event_codec import decode, encode
from storage.events import Events
from storage.ledger import SqlLedger
from storage.tables import EVENTS
from tests.storage import samples

AT = 1_700_000_000_000
PLAIN: dict[Any, Any] = {
    bool: True,
    str: "“words” – with µ & <tags>\n",
    str | None: None,
    int: 9_007_199_254_740_993,
    float: 0.1 + 0.2,
    float | None: 0.1 + 0.7,
    Side: Side.SHORT,
    Side | None: None,
    Decimal: Decimal("-0.10000000000000000000001"),
    Decimal | None: Decimal("1.50"),
    tuple[str, ...]: ("one", "", "three"),
    Position: samples.position(best_mark=Decimal("1.10")),
    ClosedTrade: samples.trade(),
    Blackout: Blackout("FOMC", 1_790_000_000_000, 1_800_000, 3_600_000, "crypto XRP", "Ann", 7),
}


def example(kind: type[Event]) -> Event:
    """An event of a class, every field filled by its type; a field of a new type must be added above."""
    hints = get_type_hints(kind)
    return kind(**{field.name: PLAIN[hints[field.name]] for field in fields(kind)})


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_every_event_reads_back_as_it_was_written(kind: type[Event]) -> None:
    event = example(kind)
    assert decode(*encode(event)) == event


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
async def test_every_event_passes_through_the_database(sqlite: Database, kind: type[Event]) -> None:
    await SqlLedger(sqlite, "sim").store(events=[example(kind)], at_ms=AT)
    [stored] = await Events(sqlite, "sim").unannounced(5)
    assert (stored.at_ms, stored.event) == (AT, example(kind))


def test_money_keeps_every_digit_and_its_zeros() -> None:
    event = decode(*encode(samples.opened()))
    assert isinstance(event, TradeOpened)
    assert (str(event.position.stop), str(event.margin)) == ("60000.10", "2.4528")


def test_a_number_of_numpy_is_stored_as_a_number() -> None:
    odd = replace(example(TradeOpened), risk_share=np.float64(0.25))  # type: ignore[type-var]
    assert decode(*encode(odd)) == replace(odd, risk_share=0.25)


def test_an_event_that_would_not_read_back_is_refused_at_once() -> None:
    with pytest.raises(BrokenInvariant, match=r"TradeOpened cannot be stored.*risk_share"):
        encode(replace(example(TradeOpened), risk_share=math.nan))  # type: ignore[type-var]


async def test_a_refused_event_takes_its_whole_transaction_with_it(sqlite: Database) -> None:
    ledger = SqlLedger(sqlite, "sim")
    odd = replace(example(TradeOpened), risk_share=math.inf)  # type: ignore[type-var]
    with pytest.raises(BrokenInvariant):
        await ledger.store(fills=[samples.fill()], trade=samples.trade(), events=[odd], at_ms=AT)
    assert list(await ledger.fills(0)) == []
    assert list(await ledger.trades(1)) == []


async def test_a_position_whose_figure_is_no_number_is_refused_by_name(sqlite: Database) -> None:
    ledger = SqlLedger(sqlite, "sim")
    with pytest.raises(BrokenInvariant, match=r"Position\.atr is nan"):
        await ledger.store(positions=[samples.position(atr=math.nan)], at_ms=AT)


async def test_events_come_in_the_order_told_and_only_as_many_as_asked(database: Database) -> None:
    ledger, events = SqlLedger(database, "sim"), Events(database, "sim")
    for number in range(5):
        await ledger.store(events=[samples.opened(number), samples.closed(number)], at_ms=AT - number)
    told = [stored.event for stored in await events.unannounced(3)]
    assert told == [samples.opened(0), samples.closed(0), samples.opened(1)]
    assert len(await events.unannounced(100)) == 10


async def test_events_of_another_book_are_not_told_here(database: Database) -> None:
    await SqlLedger(database, "sim").store(events=[samples.opened()], at_ms=AT)
    assert list(await Events(database, "mainnet").unannounced(5)) == []


async def test_an_event_of_an_unknown_kind_is_kept_named_once_and_passed_over(
    sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    row = {"book": "sim", "at_ms": AT, "announced": False}
    foreign = [row | {"kind": "FromTheFuture", "body": '{"a":1}'}, row | {"kind": "StopMoved", "body": '{"new":1}'}]
    async with sqlite.writing() as connection:
        await connection.execute(insert(EVENTS), foreign)
    await SqlLedger(sqlite, "sim").store(events=[samples.opened()], at_ms=AT)
    events = Events(sqlite, "sim")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert [stored.event for stored in await events.unannounced(1)] == [samples.opened()]
    assert [record.message.count("FromTheFuture") for record in caplog.records] == [1, 0]
    async with sqlite.reading() as connection:
        kept = (await connection.execute(select(EVENTS.c.kind, EVENTS.c.announced))).all()
    assert min(kept) == ("FromTheFuture", False)
    assert len(kept) == 3


async def test_a_body_that_is_damaged_is_kept_and_passed_over(sqlite: Database) -> None:
    await SqlLedger(sqlite, "sim").store(events=[samples.opened(), samples.closed()], at_ms=AT)
    async with sqlite.writing() as connection:
        await connection.execute(update(EVENTS).where(EVENTS.c.kind == "TradeOpened").values(body='{"position":'))
    assert [stored.event for stored in await Events(sqlite, "sim").unannounced(5)] == [samples.closed()]


async def test_who_announces_is_woken_after_events_were_committed(sqlite: Database) -> None:
    rung: list[bool] = []
    ledger = SqlLedger(sqlite, "sim", lambda: rung.append(True))
    await ledger.store(fills=[samples.fill()], at_ms=AT)
    assert rung == []
    await ledger.store(events=[samples.opened()], at_ms=AT)
    assert rung == [True]
