"""Bad input for every command of the chat: each is answered with what would be right, and changes nothing.

One bot is asked everything: what a mistake broke, the next row would show.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from core.flows.watch import watch
from core.market.symbols import AssetClass, Market
from core.replay.run import ACCOUNT
from handlers.commands import BY_NAME, COMMANDS
from storage.database import Database
from tests.handlers.office import Office, shown

TSM = Market("TSM", AssetClass.EQUITY, "xyz:TSM", max_leverage=10, size_decimals=3)
"""Beside TSLA it makes “TS” mean two markets."""
EVENT = "FOMC 2026-12-09T19:00"
PRICE, PART, AMOUNT = "is no price; one above zero", "is no part; a percentage between", "is no amount; USDC above zero"
SPAN, SCOPE = "is no time to block for; 3d, 7d or 30d", "is neither a span nor a market; 30m, 2h or 1d"
UNIVERSE = "/universe add SYMBOL [CLASS] · /universe remove SYMBOL"
ALONE = [("BTC", "“BTC” is too much. Right would be: /")]
"""What a command that takes nothing is given. Left unsaid, /pause BTC would pause everything."""
NONE: list[tuple[str, str]] = []
"""Only what :func:`rows` gives to all of a kind."""

ROWS: dict[str, list[tuple[str, str]]] = {
    "chart": NONE,
    "why": NONE,
    "enrich": NONE,
    "size": NONE,
    "leverage": NONE,
    "unblock": [("ETH", "That is so already (ETH)")],
    "close": [
        *((part, PART) for part in ("half", "nan", "1e999", "-1", "0", "100", "50%%", "12,5", "5 6")),
        ("BTC 0.01", "10.0 are the least. /close BTC closes it all"),
        ("BTC 1e-99999", "10.0 are the least"),
        ("50 BTC", "There is no market “50”"),
        ("ETH", "no open position in ETH. /positions"),
        ("ETH 50", "no open position in ETH. /positions"),
    ],
    "stop": [
        ("", "/stop BTC 64250"),
        ("BTC", "/stop BTC 64250"),
        ("BTC 1 2", "“2” is too much. Right would be: /stop BTC 64250"),
        *((price, PRICE) for price in ("low", "sNaN", "inf", "1e999", "-1", "0", "1e30", "59800,5", "59.800,5")),
        ("BTC 70000", "would act at once: it is not below the mark, 60000"),
        ("BTC 1e-99999", "would never act: it is liquidated at"),
        ("59800 BTC", "There is no market “59800”"),
        ("ETH 2900", "no open position in ETH. /positions"),
    ],
    "target": [
        ("", "/target BTC 64250"),
        ("BTC", "/target BTC 64250"),
        ("BTC 1 2", "“2” is too much. Right would be: /target BTC 64250"),
        *((price, PRICE) for price in ("high", "nan", "1e999", "0")),
        ("BTC 50000", "would act at once: it is not above the mark, 60000"),
        ("ETH 3100", "no open position in ETH. /positions"),
    ],
    "margin": [
        *((amount, AMOUNT) for amount in ("much", "NaN", "1e400", "-5", "0", "1.005", "25,50", "1e-99999", "5 6")),
        ("BTC 999999", "999999 USDC are not free; at most 8651."),
        ("ETH 5", "no open position in ETH. /positions"),
    ],
    "block": [*((span, SPAN) for span in ("soon", "3", "3h", "0d", "-1d", "366d", "1.5d", "3d 4d"))],
    "blackout": [
        ("FOMC", "/blackout FOMC 2026-12-09T19:00 30m crypto"),
        ("off", "/blackout off FOMC"),
        ("off FOMC CPI", "“CPI” is too much. Right would be: /blackout off FOMC"),
        ("off FOMC", "'FOMC' is no event of the list; it holds no event"),
        ("FOMC tomorrow", "'tomorrow' is no date and time; 2026-12-09T19:00 (Europe/Berlin) or"),
        ("FOMC 2026-12-09", "'2026-12-09' is no date and time"),
        ("FOMC 2026-13-09T19:00", "'2026-13-09T19:00' is no date and time"),
        ("FOMC 2026-03-29T02:30", "2026-03-29T02:30 does not exist in Europe/Berlin"),
        ("FOMC 2025-12-09T19:00", "FOMC is over; a time that is still to come"),
        ("FOMC 0001-01-01T00:00", "a year from 2000 to 2999 would be right"),
        ("FOMC 9999-12-31T23:59", "a year from 2000 to 2999 would be right"),
        ("F$MC 2026-12-09T19:00", "'F$MC' is no name of an event; up to 20 letters"),
        ("A12345678901234567890 2026-12-09T19:00", "is no name of an event; up to 20 letters"),
        *((f"{EVENT} {words}", f"'{words}' {SCOPE}") for words in ("30x", "-5m", "30m/")),
        (f"{EVENT} 1h 2h 3h", f"'3h' {SCOPE}"),
        (f"{EVENT} 8d", "11520m is no span of a blackout; up to 7d would be right"),
        (f"{EVENT} 0m", "0m is no span of a blackout; up to 7d would be right"),
        (f"{EVENT} BTCC", "Nearest: BTC"),
        (f"{EVENT} TS", "can mean several markets: TSLA, TSM"),
    ],
    "universe": [
        ("sell BTC", f"'sell' is no change of the universe; {UNIVERSE}"),
        ("add", f"/universe add needs something more, for example: {UNIVERSE}"),
        ("remove", f"/universe remove needs something more, for example: {UNIVERSE}"),
        ("remove BTC ETH", "“ETH” is too much. Right would be: /universe remove BTC"),
        ("remove BTCC", "Nearest: BTC"),
        ("remove TS", "can mean several markets: TSLA, TSM"),
        ("add TS", "can mean several markets: TSLA, TSM"),
        ("add QQQ", "There is no market “QQQ”"),
        ("add BTC", "That is so already (BTC)"),
        ("add BTC stocks", "'stocks' is no class; crypto, equity, commodity, forex, index would be right"),
    ],
    "mode": [(mode, f"'{mode}' is no mode; auto, semi, manual, readonly are") for mode in ("fast", "1", "auto now")],
    "live": [("please", "there is nothing to confirm. Real money needs LIVE_TRADING=mainnet")],
    "confirm": [
        ("", "for example: /confirm K7Q2MX"),
        ("XXXXXX", "No open question has the code “XXXXXX”; the right one stands under its question"),
        ("K7 Q2", "No open question has the code “K7 Q2”"),
    ],
    "status": ALONE,
    "positions": ALONE,
    "balance": ALONE,
    "scan": ALONE,
    "regime": ALONE,
    "top": ALONE,
    "funding": ALONE,
    "liq": ALONE,
    "risk": ALONE,
    "audit": ALONE,
    "flatten": ALONE,
    "pause": ALONE,
    "resume": ALONE,
    "blocks": ALONE,
    "health": ALONE,
    "help": ALONE,
    "start": [("K7Q2MX", "at your service"), ("x" * 4_000, "4,000 characters long; 64 are the most")],
}
"""By command: what is sent after it, and words that its answer must hold. Figures stand behind BTC where no symbol is."""

ONE_SYMBOL = ("chart", "why", "enrich", "size", "leverage", "unblock")
"""Commands that take a symbol and nothing else."""
WITH_FIGURE = {"close": "", "stop": " 9", "target": " 9", "margin": "", "block": ""}
"""Commands that take a figure behind the symbol, and one that they need."""
NOT_A_COMMAND = [
    ("hello", "/help lists them"),
    ("/", "There is no command /. /help lists them all"),
    ("/statsu", "There is no command /statsu. Did you mean /status?"),
    ("/" + "x" * 4_000, "/help lists them all"),
    ("x" * 4_000, "4,000 characters long; 64 are the most"),
]


def rows(name: str) -> Iterator[tuple[str, str]]:
    """Everything that is said to one command, with the words of its answer."""
    for given, words in ROWS[name]:
        figure = name in WITH_FIGURE and words in (PRICE, PART, AMOUNT, SPAN)
        yield f"/{name} {'BTC ' if figure else ''}{given}", words + name * (words.endswith(": /"))
    if name in ONE_SYMBOL or name in WITH_FIGURE:
        needed = WITH_FIGURE.get(name, "")
        yield f"/{name} BTCC{needed}", "There is no market “BTCC”. Nearest: BTC."
        yield f"/{name} zzzz{needed}", "There is no market “zzzz”. /universe lists them."
        yield f"/{name} ts{needed}", "“ts” can mean several markets: TSLA, TSM. Write one of them in full."
    if name in ONE_SYMBOL:
        yield f"/{name} BTC 5", f"“5” is too much. Right would be: /{name} BTC"
    if BY_NAME[name].argument:
        yield f"/{name} {'5' * 4_000}", "4,000 characters long; 64 are the most"


async def standing(office: Office) -> dict[str, Any]:
    """Everything that a command could change."""
    return {
        "positions": await office.ledger.live_positions(),
        "orders": office.stage.running.exchange.open_orders(ACCOUNT),
        "switches": await office.ledger.switches(),
        "markets": [market.symbol for market in office.desk.entered],
        "margin": (await office.stage.venue.account()).positions,
    }


def test_every_command_has_its_rows() -> None:
    assert set(ROWS) == {command.name for command in COMMANDS}
    assert all(list(rows(name)) for name in ROWS)


async def test_bad_input_is_answered_with_what_would_be_right_and_changes_nothing(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    poor = []
    async with Office(database, timezone="Europe/Berlin") as office:
        await office.stage.open("BTC")
        await watch(office.desk)
        await office.chat.wait_text("BTC long 4× opened")
        office.desk.universe = [*office.desk.universe, TSM]
        before = await standing(office)
        said = [*NOT_A_COMMAND, *(row for name in ROWS for row in rows(name))]
        for text, words in said:
            answer = shown(await office.ask(text, ""))
            if words not in answer:
                poor.append(f"{text[:60]!r} should be told {words!r}, not {answer[:200]!r}")
        after = await standing(office)
    assert poor == []
    assert after == before
    assert [one.getMessage() for one in caplog.get_records("call") if one.levelno >= logging.ERROR] == []
