"""The ledger in memory keeps the contract of the stored one."""

from __future__ import annotations

import pytest

from core.desk import Ledger
from core.replay.ledger import MemoryLedger
from tests.storage import samples
from tests.storage.ledger_contract import LedgerContract


class TestMemoryLedger(LedgerContract):
    @pytest.fixture
    def ledger(self) -> Ledger:
        return MemoryLedger()


async def test_events_stay_in_the_order_told_with_their_time() -> None:
    ledger = MemoryLedger()
    await ledger.store(events=[samples.opened(1)], at_ms=5)
    await ledger.store(events=[samples.closed(1), samples.opened(2)], at_ms=9)
    assert ledger.events == [(5, samples.opened(1)), (9, samples.closed(1)), (9, samples.opened(2))]
