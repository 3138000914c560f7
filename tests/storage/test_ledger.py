"""The stored ledger keeps the contract on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from core.desk import Ledger
from storage.database import Database
from storage.ledger import SqlLedger
from tests.storage.ledger_contract import LedgerContract


class TestSqliteLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, sqlite: Database) -> Ledger:
        return SqlLedger(sqlite, "sim:0xab")


class TestPostgresLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, postgres: Database) -> Ledger:
        return SqlLedger(postgres, "sim:0xab")
