"""Column types: money as exact decimals, times and foreign ids as 64-bit integers.

SQLite has no exact decimal type, so money is text there and NUMERIC on PostgreSQL. A float is refused: a price that
went through binary is no longer the price.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Numeric, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

Serial = BigInteger().with_variant(Integer, "sqlite")
"""A number the database gives; SQLite counts only what is declared INTEGER."""


class Money(TypeDecorator[Decimal]):
    """An exact decimal, as text in SQLite and NUMERIC without a scale elsewhere; digits come back as they went in."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """NUMERIC where the database has one."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Refuse what is not an exact, finite amount. Raises ``TypeError`` or ``ValueError`` naming the value."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"money is Decimal, not {type(value).__name__} {value!r}")
        if not value.is_finite():
            raise ValueError(f"money is a finite amount, not {value}")
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The amount as it was stored."""
        del dialect  # both give what Decimal reads
        return None if value is None else Decimal(value)
