"""Values to store: one of every kind, each with something that a careless store would lose."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from core.decision.record import Outcome, ScanReport, Verdict
from core.desk import Decision
from core.events import Event, TradeClosed, TradeOpened
from core.market.liquidations import Certainty, Liquidation
from core.market.snapshots import Context
from core.market.symbols import AssetClass, Side
from core.risk.blackouts import Blackout
from core.risk.governor import Standing
from core.risk.switches import Block, Mode, Switches, Watch
from core.risk.vigil import Vigil
from core.sifting import Missed
from core.signals.cascade import Exhaustion
from core.trading.injections import Injection
from core.trading.orders import Fill, FundingPayment, Intent, Ticket, TicketState, Transfer
from core.trading.positions import ClosedTrade, CloseReason, Position, PositionState

D = Decimal


def position(number: int = 1, state: PositionState = PositionState.OPEN, **changes: object) -> Position:
    values: dict[str, object] = {
        "position_id": f"BTC-{number}",
        "symbol": "BTC",
        "coin": "BTC",
        "side": Side.LONG,
        "state": state,
        "size": D("0.00012"),
        "entry": D("61320.1234567890123456789"),
        "leverage": 3,
        "initial_stop": D("60000.10"),
        "stop": D("60000.10"),
        "target": D("63300"),
        "atr": 660.06,
        "confidence": 0.7125,
        "strategy": "trend",
        "decided_ms": 1_700_000_000_000 + number,
    }
    return Position(**(values | changes))  # type: ignore[arg-type]


def ticket(
    client_id: str, position_id: str = "BTC-1", state: TicketState = TicketState.PLANNED, **changes: object
) -> Ticket:
    values: dict[str, object] = {
        "client_id": client_id,
        "position_id": position_id,
        "symbol": "BTC",
        "coin": "BTC",
        "intent": Intent.ENTRY,
        "is_buy": True,
        "size": D("0.00012"),
        "limit": D("61504.1"),
        "trigger": None,
        "reduce_only": False,
        "created_ms": 1_700_000_000_000,
        "expires_ms": 1_700_000_015_000,
        "state": state,
    }
    return Ticket(**(values | changes))  # type: ignore[arg-type]


def fill(trade_id: int = 1, time_ms: int = 1_700_000_000_500, coin: str = "BTC", **changes: object) -> Fill:
    values: dict[str, object] = {
        "trade_id": trade_id,
        "coin": coin,
        "is_buy": True,
        "price": D("61320.1"),
        "size": D("0.00012"),
        "time_ms": time_ms,
        "venue_id": 9_007_199_254_740_993,
        "client_id": None,
        "closed_pnl": D("-0.10"),
        "fee": D("0.00331128540000000001"),
        "start_position": D("0.0"),
    }
    return Fill(**(values | changes))  # type: ignore[arg-type]


def payment(time_ms: int = 1_700_000_400_000, coin: str = "BTC") -> FundingPayment:
    return FundingPayment(coin, time_ms, D("-0.0000919801"), D("0.00012"), D("0.0000125"))


def trade(number: int = 1, symbol: str = "BTC", closed_ms: int | None = None) -> ClosedTrade:
    return ClosedTrade(
        trade_id=f"{symbol}-{number}",
        symbol=symbol,
        coin=symbol,
        side=Side.SHORT,
        opened_ms=1_700_000_000_000,
        closed_ms=1_700_000_100_000 + number if closed_ms is None else closed_ms,
        entry=D("100.0"),
        exit=D("99.5"),
        size=D(2),
        leverage=5,
        gross=D("1.0"),
        fees=D("0.0897750"),
        funding=D("-0.0001"),
        pnl=D("0.9101250"),
        r=0.91,
        reason=CloseReason.TARGET,
        confidence=0.66,
        strategy="breakout",
    )


def opened(number: int = 1) -> Event:
    return TradeOpened(position(number), D("7.36"), D("2.4528"), 0.005, 0.65, "BULL", ("4h up +1", "“µ” – ünïcode"))


def closed(number: int = 1) -> Event:
    return TradeClosed(trade(number), by="Ann")


def report(scan_id: str = "s1", at_ms: int = 1_700_000_005_000) -> ScanReport:
    outcomes = (
        Outcome("BTC", Side.LONG, Verdict.OPENED, "execution", "filled", None, None, "", 0.71, 0.65, ("a", "b")),
        Outcome("SOL", None, Verdict.REFUSED, "timeframes", "no_side", 0.0, 1.0, "flat"),
        Outcome("TSLA", Side.SHORT, Verdict.BORDERLINE, "thresholds", "threshold", 0.62, 0.65, steps=("x",)),
    )
    return ScanReport(
        scan_id,
        at_ms,
        812,
        "CHOPPY",
        "correlation 0.12 < 0.20",
        outcomes,
        (Missed("news", "bbc", "timeout"),),
        bullish=20,
        bearish=27,
        neutral=53,
        pairs=421,
        correlation=0.12,
        regime_since_ms=at_ms - 3_600_000,
        regime_before="BULL",
    )


def liquidations(at_ms: int = 1_700_000_000_000) -> list[Liquidation]:
    return [
        Liquidation(
            "BTC", Side.LONG, 0.1 + 0.2, 61320.5, at_ms, "binance", "binance", Certainty.SAMPLED, ("B", 1, 0.3)
        ),
        Liquidation("BTC", Side.SHORT, 2.0, 61320.5, at_ms, "okx", "okx", Certainty.SAMPLED, "text"),
    ]


def exhaustion(at_ms: int = 1_700_000_000_000, **changes: object) -> Exhaustion:
    return replace(Exhaustion("*", at_ms, 3, 6.2e6, 4e5, Side.LONG, 61320.5), **changes)  # type: ignore[arg-type]


def contexts(at_ms: int = 1_700_000_000_000) -> list[Context]:
    return [
        Context("BTC", at_ms, 0.1 + 0.2, 1.25e-05, 8123.4411),
        Context("xyz:TSLA", at_ms, -4.2e-05, 6.25e-06, None),
    ]


def switches() -> Switches:
    blocks = {
        "SOL": Block("SOL", 1_700_000_000_000, None, "Ann", "operator"),
        "ETH": Block("ETH", 1_700_000_000_001, 1_700_000_900_000, "Bob", "three losses"),
    }
    watching = {
        "SOL": Watch("SOL", "SOL", AssetClass.CRYPTO, False, "Ann", 1_700_000_000_000),
        "xyz:NEW": Watch("NEW", "xyz:NEW", AssetClass.EQUITY, True, "Bob", 1_700_000_000_001),
    }
    return Switches(
        True,
        False,
        "Ann",
        1_700_000_000_000,
        blocks,
        watching,
        blackouts(),
        Mode.MANUAL,
        "Bob “B”",
        1_700_000_000_009,
        "Ann",
    )


def blackouts(at_ms: int = 1_700_000_900_000) -> tuple[Blackout, ...]:
    return (
        Blackout("CPI", at_ms, 1_800_000, 90_000, "crypto TSLA", "Ann “A”", 1_700_000_000_000),
        Blackout("FOMC", at_ms, 0, 604_800_000, "", "Bob", 1_700_000_000_001),
        Blackout("CPI", at_ms + 1, 1_800_000, 1_800_000, "", "Ann", 1_700_000_000_002),
    )


def decision(nonce: str = "n" * 22, code: str = "K7P2", **changes: object) -> Decision:
    values: dict[str, object] = {
        "nonce": nonce,
        "code": code,
        "action": "close",
        "argument": "BTC",
        "user_id": 7_000_000_001,
        "chat_id": -1_001_234_567_890,
        "message_id": 55,
        "created_ms": 1_000_000,
        "expires_ms": 1_060_000,
    }
    return Decision(**(values | changes))  # type: ignore[arg-type]


def transfer(name: str = "t1", time_ms: int = 1_700_000_000_000, amount: str = "500.5") -> Transfer:
    return Transfer(name, time_ms, Decimal(amount), "deposit")


def standing() -> Standing:
    return Standing(1_700_000_000_000, 9_500.25, 10_000.0, 9_800.0, 1, False, False)


def injection(name: str = "BTC-1", asked_ms: int = 1_700_000_000_000) -> Injection:
    return Injection(
        name, "BTC", "BTC", Decimal("25.50"), Decimal("250.000001"), asked_ms, asked_ms + 15_000, "Ann “A” <b>"
    )


def vigil() -> Vigil:
    return Vigil(1_700_000_000_000, True, "0xab", 1_707_776_000_000, 7)
