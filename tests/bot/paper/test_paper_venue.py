"""The paper venue over the wire: the bot's own adapter trades on what a loopback exchange tells the public."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.paper import paper_venue
from core.errors import FeedUnavailable, StartRefused
from core.settings import Settings
from core.trading.orders import Intent
from tests.bot.paper.exchange import RealExchange, now_ms, serving
from tests.bot.paper.stage import QUICK, PaperStage, on_paper, until

D = Decimal
HOUR = 3_600_000
ASKS = [(60_001, "0.02"), (60_004, "0.02"), (60_100, "0.5"), (60_500, "9")]


@pytest.fixture
async def real() -> AsyncIterator[RealExchange]:
    async with serving() as server:
        yield server


async def entered(stage: PaperStage) -> None:
    """A long position of 0.05 BTC with stop and target."""
    await stage.venue.set_leverage("BTC", 5, isolated=True)
    tickets = (stage.ticket(), stage.ticket(Intent.STOP), stage.ticket(Intent.TARGET))
    answers = await stage.venue.submit(tickets, attached=True)
    assert [one.reason for one in answers] == [""] * 3


async def test_an_entry_fills_at_the_levels_of_the_real_book_and_nothing_is_sent_there(
    real: RealExchange, tmp_path: Path
) -> None:
    real.set("BTC", 60_000, asks=ASKS)
    async with on_paper(real.url, tmp_path) as stage:
        await entered(stage)
        fills = await stage.venue.fills(0)
        assert [(one.price, one.size) for one in fills] == [
            (60_001, D("0.02")),
            (60_004, D("0.02")),
            (60_100, D("0.01")),
        ]
        paid = sum(one.price * one.size for one in fills)
        assert sum(one.fee for one in fills) == (paid * D("0.00045")).quantize(D("0.000001"))
        position = (await stage.venue.account()).positions[0]
        assert (position.size, position.leverage, position.isolated) == (D("0.05"), 5, True)
    assert real.asked["/exchange"] == 0
    assert real.asked["l2Book"] >= 2


async def test_the_book_is_looked_at_when_the_order_comes_not_before(real: RealExchange, tmp_path: Path) -> None:
    async with on_paper(real.url, tmp_path) as stage:
        real.set("BTC", 60_000, asks=[(60_050, "1")])
        await stage.venue.submit([stage.ticket()], attached=False)
        assert [one.price for one in await stage.venue.fills(0)] == [60_050]


async def test_a_thin_book_fills_a_part_and_a_far_one_nothing(real: RealExchange, tmp_path: Path) -> None:
    async with on_paper(real.url, tmp_path) as stage:
        real.set("BTC", 60_000, asks=[(60_100, "0.03"), (60_200, "5")])
        await stage.venue.submit([stage.ticket()], attached=False)
        assert await stage.size() == D("0.03")
        real.set("BTC", 60_000, asks=[(60_181, "5")])
        (answer,) = await stage.venue.submit([stage.ticket()], attached=False)
        assert "could not immediately match" in answer.reason
        assert await stage.size() == D("0.03")


async def test_a_stop_fires_when_the_stream_tells_a_lower_mark(real: RealExchange, tmp_path: Path) -> None:
    async with on_paper(real.url, tmp_path) as stage:
        await entered(stage)
        stage.listen()
        await real.until_followed("activeAssetCtx", "BTC")
        real.set("BTC", 58_990, bids=[(58_970, "0.01"), (58_960, "9")])
        await real.say("BTC")
        await until(lambda: flat(stage))
        assert [(one.price, one.size) for one in (await stage.venue.fills(0))[-2:]] == [
            (58_970, D("0.01")),
            (58_960, D("0.04")),
        ]
        assert not await stage.venue.open_orders()


async def flat(stage: PaperStage) -> bool:
    return await stage.size() == 0


async def test_positions_and_stops_survive_and_hours_that_were_missed_are_paid(
    real: RealExchange, tmp_path: Path
) -> None:
    async with on_paper(real.url, tmp_path) as stage:
        await entered(stage)
        before = await stage.venue.account()
        fills, orders = await stage.venue.fills(0), await stage.venue.open_orders()
    first = (now_ms() // HOUR + 1) * HOUR
    real.shift_ms = 2 * HOUR
    real.settlements["BTC"] = [(first - HOUR, "1.0"), (first, "0.0001"), (first + HOUR, "-0.0002")]
    async with on_paper(real.url, tmp_path) as stage:
        await until(lambda: paid(stage, 2))
        rows = await stage.venue.funding(0)
        assert [(one.time_ms, one.amount) for one in rows] == [(first, D("-0.3")), (first + HOUR, D("0.6"))]
        account = await stage.venue.account()
        assert await stage.venue.fills(0) == fills
        assert await stage.venue.open_orders() == orders
        assert account.positions[0].size == D("0.05")
        assert account.equity == before.equity + D("0.3")


async def paid(stage: PaperStage, hours: int) -> bool:
    return len(await stage.venue.funding(0)) >= hours


async def test_nothing_is_told_that_a_death_could_take_back(real: RealExchange, tmp_path: Path) -> None:
    """What an acknowledged order did is in the file at once: a copy of it, as after kill -9, holds the position."""
    async with on_paper(real.url, tmp_path) as stage:
        await entered(stage)
        copy = copied(tmp_path)
        async with on_paper(real.url, copy) as again:
            assert await again.size() == D("0.05")
            assert len(await again.venue.open_orders()) == 2


def copied(state: Path) -> Path:
    """The venue's file as a death would leave it."""
    copy = state / "died"
    copy.mkdir()
    for file in state.glob("paper.db*"):
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


async def test_a_silent_exchange_refuses_orders_with_a_reason_and_is_named(real: RealExchange, tmp_path: Path) -> None:
    rules = replace(QUICK, stale_ms=1_000)
    async with on_paper(real.url, tmp_path, rules) as stage:
        await entered(stage)
        stage.paper.upstream.check()
        real.silent = True
        await until(lambda: refused(stage))
        assert await stage.size() == D("0.05")
        assert await stage.venue.quotes() == {}
        await until(lambda: named(stage, f"{real.url} was not heard for 1 s; paper orders are refused meanwhile"))
        real.silent = False
        stage.listen()
        await real.until_followed("l2Book", "BTC")
        await until(lambda: quoted(stage))
        stage.paper.upstream.check()
        (answer,) = await stage.venue.submit([stage.ticket(Intent.CLOSE)], attached=False)
        assert answer.reason == ""
        assert await flat(stage)


async def refused(stage: PaperStage) -> bool:
    (answer,) = await stage.venue.submit([stage.ticket(limit=D(59_000))], attached=False)
    return answer.reason.startswith("Trading is halted")


async def named(stage: PaperStage, words: str) -> bool:
    try:
        stage.paper.upstream.check()
    except FeedUnavailable as trouble:
        return str(trouble) == words
    return False


async def quoted(stage: PaperStage) -> bool:
    return "BTC" in await stage.venue.quotes()


async def test_a_stream_that_ends_is_begun_again_and_told_everything_again(real: RealExchange, tmp_path: Path) -> None:
    async with on_paper(real.url, tmp_path) as stage:
        stage.listen()
        await real.until_followed("activeAssetCtx", "ETH")
        await real.hang_up()
        await real.until_followed("activeAssetCtx", "ETH", times=2)
        assert stage.paper.upstream.down_ms is None


async def test_a_market_outside_the_universe_is_followed_from_its_first_order_on(
    real: RealExchange, tmp_path: Path
) -> None:
    (tmp_path / "universe.csv").write_text(
        "symbol,asset_class,hyperliquid_coin,binance_symbol,binance_is_proxy,max_leverage,max_leverage_certain,"
        "size_decimals,margin_mode\nETH,crypto,ETH,ETHUSDT,0,25,1,4,cross\n"
    )
    async with on_paper(real.url, tmp_path) as stage:
        stage.listen()
        await real.until_followed("l2Book", "ETH")
        assert real.followed["l2Book BTC"] == 0
        await stage.venue.submit([stage.ticket()], attached=False)
        await real.until_followed("activeAssetCtx", "BTC")
        assert await stage.size() == D("0.05")


async def test_an_account_is_not_put_on_another_exchanges_prices(real: RealExchange, tmp_path: Path) -> None:
    async with on_paper(real.url, tmp_path):
        pass
    async with serving() as other:
        with pytest.raises(StartRefused, match=f"belongs to 'paper:{real.url}' .* not to 'paper:{other.url}'"):
            async with on_paper(other.url, tmp_path):
                pass


async def test_what_is_listed_are_the_real_terms(real: RealExchange, tmp_path: Path) -> None:
    async with on_paper(real.url, tmp_path) as stage:
        listed = {one.coin: one for one in await stage.venue.listings()}
        assert (listed["BTC"].max_leverage, listed["BTC"].size_decimals, listed["OLD"].delisted) == (40, 5, True)
        assert listed["xyz:TSLA"].isolated_only
        quotes = await stage.venue.quotes()
        assert set(quotes) == {"BTC", "ETH", "xyz:TSLA"}
        assert (quotes["xyz:TSLA"].funding_multiplier, quotes["BTC"].funding_multiplier) == (0.5, 1.0)
        assert (quotes["BTC"].mark, quotes["BTC"].open_interest) == (60_000, 1_000)


async def test_time_is_the_exchanges(real: RealExchange, tmp_path: Path) -> None:
    real.shift_ms = -86_400_000
    async with on_paper(real.url, tmp_path) as stage:
        now, speed = await stage.venue.market_clock()
        assert abs(now - (now_ms() - 86_400_000)) < 5_000
        assert speed == 1.0


@pytest.mark.parametrize("silent", [True, False], ids=["answers 503", "nobody listens"])
async def test_a_start_without_the_exchange_is_refused_in_one_line(
    real: RealExchange, tmp_path: Path, *, silent: bool
) -> None:
    real.silent = silent
    url = real.url if silent else "http://127.0.0.1:9"
    async with AsyncExitStack() as stack:
        with pytest.raises(StartRefused, match=f"{url} gave none within 0.2 s"):
            await paper_venue(stack, url, tmp_path, replace(Settings(), paper=replace(QUICK, boot_ms=200)))


async def test_the_exchange_as_it_was_recorded(real: RealExchange, tmp_path: Path, shared_data: Path) -> None:
    """Listings, figures and book all come from recordings: the whole way is walked on the exchange's own words."""
    info, fixtures = shared_data / "wire/hyperliquid/info", shared_data / "wire/hyperliquid/nautilus"
    exchanges = json.loads(gzip.decompress((info / "gosdk_MetaAndAssetCtxs.json.gz").read_bytes()))
    real.metas = {}
    for one in exchanges:
        if one["request"]["type"] == "metaAndAssetCtxs" and one["request"].get("dex", "") not in real.metas:
            meta, contexts = one["response"]
            real.metas[one["request"].get("dex", "")] = meta
            real.figures |= {row["name"]: context for row, context in zip(meta["universe"], contexts, strict=True)}
    real.dexes = json.loads((info / "live_perpdexs.json").read_bytes())
    real.recorded_books["BTC"] = json.loads((fixtures / "http_l2_book_btc.json").read_bytes())
    async with on_paper(real.url, tmp_path) as stage:
        quotes = await stage.venue.quotes()
        assert (quotes["BTC"].mark, quotes["xyz:XYZ100"].mark) == (113_080, 24_657)
        assert "xyz:COST" not in quotes
        await stage.venue.submit([stage.ticket(limit=D(111_000))], attached=False)
        levels = real.recorded_books["BTC"]["levels"][1]
        assert [one.price for one in await stage.venue.fills(0)] == [D(levels[0]["px"])]
