"""Updates, audit trail, exact amounts: small, and each with one promise."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from core.desk import Opening
from core.errors import BrokenInvariant
from core.settings import Storage
from storage.audit import Attempt, AuditTrail
from storage.database import Database
from storage.ledger import SqlLedger
from storage.updates import Updates


async def test_an_update_is_new_once(database: Database) -> None:
    updates = Updates(database)
    assert not await updates.seen(900_000_000_000, 5)
    assert await updates.seen(900_000_000_000, 6)
    assert not await updates.seen(899_999_999_999, 7)


async def test_of_two_deliveries_at_once_one_is_new(database: Database) -> None:
    updates = Updates(database)
    seen = await asyncio.gather(*(updates.seen(1, 5) for _ in range(6)))
    assert sorted(seen) == [False] + [True] * 5


async def test_attempts_are_kept_newest_first(database: Database) -> None:
    audit = AuditTrail(database)
    await audit.append(7, "/close", "BTC", "accepted", 5)
    await audit.append(8, "tap", "forged", "follower", 6)
    assert list(await audit.newest(9)) == [
        Attempt(6, 8, "tap", "forged", "follower"),
        Attempt(5, 7, "/close", "BTC", "accepted"),
    ]
    assert await audit.strangers() == 0


async def test_strangers_are_all_counted_and_only_their_first_attempts_kept(database: Database) -> None:
    database.rules = Storage(stranger_lines=3)
    audit = AuditTrail(database)
    for number in range(10):
        await audit.append(666, "/start", str(number), "stranger", number)
    await audit.append(667, "/start", "", "stranger", 99)
    assert await audit.strangers() == 11
    assert [(a.who, a.argument) for a in await audit.newest(99)] == [(667, ""), (666, "2"), (666, "1"), (666, "0")]


@pytest.mark.parametrize("amount", [1.5, 2, "3", Decimal("NaN"), Decimal("Infinity")])
async def test_money_that_is_not_an_exact_amount_is_refused(database: Database, amount: object) -> None:
    with pytest.raises(BrokenInvariant, match="money is"):
        await SqlLedger(database, "sim").begin(Opening("0xab", 1, amount))  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["0", "0.00", "-0.000000000000000001", "1E+3", "123456789012345678901234567890.5"])
async def test_amounts_come_back_exactly(database: Database, amount: str) -> None:
    ledger = SqlLedger(database, "sim")
    await ledger.begin(Opening("0xab", 1, Decimal(amount)))
    kept = await ledger.opening("0xab")
    assert kept is not None
    assert kept.cash == Decimal(amount)
