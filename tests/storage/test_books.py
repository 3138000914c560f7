"""What only the stored ledger can show: books apart, the history of a position, figures that were none."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from decimal import Decimal

import pytest
from sqlalchemy import Table, select

from core.decision.record import Outcome
from core.desk import Decision, Opening
from core.errors import BrokenInvariant
from core.market.snapshots import Context
from core.risk.governor import Standing
from core.risk.switches import Block, Switches, Watch
from core.signals.cascade import Exhaustion
from core.trading.orders import Fill, FundingPayment, Ticket, Transfer
from core.trading.positions import ClosedTrade, Position, PositionState
from storage import tables
from storage.chats import Person, Room
from storage.database import Database
from storage.ledger import SqlLedger
from tests.storage import samples

AT = 1_700_000_000_000


async def test_a_book_never_sees_another(database: Database) -> None:
    sim, real = SqlLedger(database, "sim:0xab"), SqlLedger(database, "mainnet:0xab")
    await sim.store(
        positions=[samples.position()],
        tickets=[samples.ticket("0xa")],
        fills=[samples.fill()],
        funding=[samples.payment()],
        trade=samples.trade(),
        switches=samples.switches(),
        at_ms=AT,
    )
    await sim.begin(Opening("0xab", AT, Decimal(5)))
    await sim.store_scan(samples.report())
    assert list(await real.live_positions()) == []
    assert list(await real.tickets("BTC-1")) == []
    assert list(await real.fills(0)) == []
    assert list(await real.funding(0)) == []
    assert list(await real.trades(5)) == []
    assert await real.switches() == Switches()
    assert await real.opening("0xab") is None
    assert await real.last_scan() is None
    await real.store(positions=[samples.position(stop=Decimal(1))], fills=[samples.fill()], at_ms=AT)
    assert list(await sim.live_positions()) == [samples.position()]
    assert len(await real.fills(0)) == 1


async def test_every_change_of_a_position_is_a_line_of_its_history(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    life = [
        samples.position(state=PositionState.OPENING, size=Decimal(0)),
        samples.position(),
        samples.position(),
        samples.position(best_mark=Decimal(62000)),
        samples.position(stop=Decimal("61320.2")),
        samples.position(stop=Decimal("61320.2"), state=PositionState.CLOSED),
    ]
    for number, step in enumerate(life):
        await ledger.store(positions=[step], at_ms=AT + number)
    query = select(tables.POSITION_STEPS).order_by(tables.POSITION_STEPS.c.id)
    async with database.reading() as connection:
        steps = [(row["at_ms"] - AT, row["state"], row["stop"]) for row in (await connection.execute(query)).mappings()]
    start, moved = Decimal("60000.10"), Decimal("61320.2")
    assert steps == [(0, "opening", start), (1, "open", start), (4, "open", moved), (5, "closed", moved)]


async def test_a_measured_figure_that_is_no_number_is_stored_as_absent(database: Database) -> None:
    ledger = SqlLedger(database, "sim")
    whole = samples.report()
    odd = replace(whole.outcomes[1], measured=math.nan, limit=math.inf)
    await ledger.store_scan(replace(whole, outcomes=(odd,)))
    found = await ledger.last_scan()
    assert found is not None
    assert found.outcomes == (replace(odd, measured=None, limit=None),)


@dataclass(frozen=True)
class FundingOfTomorrow(FundingPayment):
    """A value with a field that no migration made room for yet."""

    venue_day: int = 1


async def test_a_field_without_a_column_is_a_bug_and_named(sqlite: Database) -> None:
    payment = samples.payment()
    odd = FundingOfTomorrow(**{field.name: getattr(payment, field.name) for field in fields(payment)})
    with pytest.raises(BrokenInvariant, match="venue_day"):
        await SqlLedger(sqlite, "sim").store(funding=[odd], at_ms=AT)


@pytest.mark.parametrize(
    ("table", "value"),
    [
        (tables.POSITIONS, Position),
        (tables.TICKETS, Ticket),
        (tables.FILLS, Fill),
        (tables.FUNDING, FundingPayment),
        (tables.TRADES, ClosedTrade),
        (tables.OPENINGS, Opening),
        (tables.OUTCOMES, Outcome),
        (tables.BLOCKS, Block),
        (tables.WATCHING, Watch),
        (tables.TRANSFERS, Transfer),
        (tables.STANDINGS, Standing),
        (tables.CONTEXTS, Context),
        (tables.EXHAUSTIONS, Exhaustion),
        (tables.DECISIONS, Decision),
        (tables.CHATS, Room),
        (tables.PEOPLE, Person),
    ],
    ids=str,
)
def test_a_table_has_a_column_for_every_field_of_its_value(table: Table, value: type) -> None:
    own = {"book", "id", "scan", "place"} | ({"state", "decided_ms"} if value is Decision else set())
    assert {field.name for field in fields(value)} == {column.name for column in table.columns} - own
