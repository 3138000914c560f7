"""How the exchange fails, and what it answers to nonsense."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import aiohttp
import msgspec
import pytest

from bot.exchange.simulator.info.table import QUESTIONS
from bot.exchange.simulator.server import SimulatedVenue
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit
from tests.bot.exchange.simulator.conftest import MakeVenue
from tests.bot.exchange.simulator.market import START_MS, WavyMarket

UNSUITABLE = "Failed to deserialize the JSON body into the target type"


async def ask(client: WireClient, path: str = "/info", **request: Any) -> tuple[int, str]:
    async with client.http.post(client.base_url + path, **request) as response:
        return response.status, await response.text()


@pytest.mark.parametrize("path", ["/info", "/exchange"])
@pytest.mark.parametrize(
    "body",
    [{"type": "nonsense"}, {}, [], "text", 5, {"type": "l2Book"}, {"type": "clearinghouseState", "user": "0x1"}],
)
async def test_what_is_no_request_is_refused_with_422(client: WireClient, path: str, body: Any) -> None:
    assert await ask(client, path, json=body) == (422, UNSUITABLE)


async def test_broken_json_a_wrong_type_and_a_wrong_method_fail_as_on_the_real_exchange(client: WireClient) -> None:
    as_json = {"Content-Type": "application/json"}
    assert await ask(client, data="{oops", headers=as_json) == (400, "Failed to parse the request body as JSON")
    wrong = await ask(client, data="{}", headers={"Content-Type": "text/plain"})
    assert wrong == (415, "Expected request with `Content-Type: application/json`")
    async with client.http.get(f"{client.base_url}/info") as response:
        assert (response.status, await response.text()) == (405, "")


async def test_unknown_coins_and_dexes_are_null_or_break_it(client: WireClient) -> None:
    assert await client.info("l2Book", coin="NOPE") is None
    assert await client.info("recentTrades", coin="btc") is None
    for body in (
        {"type": "fundingHistory", "coin": "NOPE", "startTime": 0},
        {"type": "metaAndAssetCtxs", "dex": "nope"},
        {"type": "clearinghouseState", "user": "0x" + "1" * 40, "dex": "nope"},
    ):
        assert await ask(client, json=body) == (500, "null")


async def test_every_question_has_an_answer(client: WireClient) -> None:
    fields = {
        "user": client.wallet.address,
        "coin": "BTC",
        "startTime": 0,
        "id": 56,
        "oid": 1,
        "builder": "0x" + "a" * 40,
        "req": {"coin": "BTC", "interval": "1h", "startTime": 0},
    }
    for kind, question in QUESTIONS.items():
        wanted = {_camel(name) for name in question.shape.__struct_fields__}
        await client.info(kind, **{name: value for name, value in fields.items() if name in wanted})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


async def test_ids_of_listed_markets_are_the_real_exchanges(client: WireClient) -> None:
    universe = (await client.info("meta", dex="xyz"))["universe"]
    places = {market["name"]: place for place, market in enumerate(universe)}
    assert (places["xyz:TSLA"], places["xyz:HOOD"], places["xyz:SP500"]) == (1, 4, 52)
    assert universe[places["xyz:TSLA"] + 1]["isDelisted"] is True
    main = [market["name"] for market in (await client.info("meta"))["universe"]]
    assert (main.index("BTC"), main.index("ETH"), main.index("SOL"), main.index("kPEPE")) == (0, 1, 5, 6)


async def test_candles_end_with_the_forming_bar_and_contain_the_start(client: WireClient) -> None:
    start = START_MS - 3 * 3_600_000 + 12_345
    rows = await client.info("candleSnapshot", req={"coin": "BTC", "interval": "1h", "startTime": start})
    assert rows[0]["t"] <= start <= rows[0]["T"]
    assert rows[-1]["t"] <= START_MS <= rows[-1]["T"]
    assert {row["T"] - row["t"] for row in rows} == {3_599_999}
    assert (
        await ask(client, json={"type": "candleSnapshot", "req": {"coin": "BTC", "interval": "6h", "startTime": 0}})
    )[0] == 422


async def test_only_the_newest_five_thousand_candles_exist(client: WireClient) -> None:
    rows = await client.info("candleSnapshot", req={"coin": "BTC", "interval": "1m", "startTime": 0})
    assert len(rows) == 5000
    old = {"coin": "BTC", "interval": "1m", "startTime": 0, "endTime": rows[0]["t"] - 1}
    assert await client.info("candleSnapshot", req=old) == []


async def test_the_weight_budget_follows_market_time_and_answers_429(make_venue: MakeVenue) -> None:
    venue = await make_venue(limited=True)
    async with WireClient(venue.base_url, Wallet.of(1)) as client:
        for _ in range(1200 // 20):
            await client.info("meta")
        assert (await ask(client, json={"type": "meta"}))[0] == 429
        assert (await ask(client, json={"type": "allMids"}))[0] == 429
        await client.step(START_MS + 60_000)
        await client.info("meta")


async def test_books_are_aggregated_outward(client: WireClient) -> None:
    fine = await client.info("l2Book", coin="BTC")
    coarse = await client.info("l2Book", coin="BTC", nSigFigs=3)
    assert coarse["levels"][0][0]["px"] == "61200.0"
    assert coarse["levels"][1][0]["px"] == "61400.0"
    assert coarse["levels"][0][0]["n"] == sum(level["n"] for level in fine["levels"][0])
    assert await ask(client, json={"type": "l2Book", "coin": "BTC", "nSigFigs": 5, "mantissa": 1}) == (500, "null")


class TestClock:
    async def test_a_stepped_clock_moves_only_when_told(self, client: WireClient) -> None:
        before = await self.clock(client)
        assert before == {"now_ms": START_MS, "speed": "step", "end_ms": None}
        assert (await client.step(START_MS + 60_000))["now_ms"] == START_MS + 60_000
        assert (await self.clock(client))["now_ms"] == START_MS + 60_000

    async def test_it_does_not_go_back(self, client: WireClient) -> None:
        status, text = await ask(client, "/clock", json={"to": START_MS - 1})
        assert (status, text) == (400, f"time does not go back from {START_MS} to {START_MS - 1}")

    async def test_a_running_clock_cannot_be_stepped(self, make_venue: MakeVenue) -> None:
        venue = await make_venue(speed=1.0)
        async with WireClient(venue.base_url, Wallet.of(1)) as client:
            status, text = await ask(client, "/clock", json={"to": START_MS + 10})
            assert (status, text) == (400, "this clock runs at speed 1.0 and cannot be stepped")

    async def test_it_stops_where_the_recording_ends(self, make_venue: MakeVenue) -> None:
        venue = await make_venue(WavyMarket(end_ms=START_MS + 30_000))
        async with WireClient(venue.base_url, Wallet.of(1)) as client:
            assert (await client.step(START_MS + 90_000))["now_ms"] == START_MS + 30_000

    async def clock(self, client: WireClient) -> Any:
        async with client.http.get(f"{client.base_url}/clock") as response:
            return await response.json()


class TestFaults:
    async def order(self, client: WireClient, **fault: Any) -> None:
        status, _ = await ask(client, "/faults", json=fault)
        assert status == 200

    async def open_oids(self, client: WireClient) -> int:
        return len(await client.info("openOrders", user=client.wallet.address))

    @pytest.mark.parametrize(("kind", "done"), [("drop_before", 0), ("drop_after", 1)])
    async def test_a_cut_connection_did_or_did_not_act(self, client: WireClient, kind: str, done: int) -> None:
        await self.order(client, kind=kind, action="order")
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.order(limit(0, True, "50000", "0.01"))
        assert await self.open_oids(client) == done
        await client.order(limit(0, True, "50000", "0.01"))
        assert await self.open_oids(client) == done + 1

    async def test_a_lost_answer_acted(self, client: WireClient) -> None:
        await self.order(client, kind="lose_answer")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await client.order(limit(0, True, "50000", "0.01"))
        assert await self.open_oids(client) == 1

    async def test_a_status_does_nothing_and_is_used_up(self, client: WireClient) -> None:
        await self.order(client, kind="status", status=502, count=2)
        body = client.signed({"type": "noop"})
        assert [(await ask(client, "/exchange", json=body))[0] for _ in range(3)] == [502, 502, 200]

    async def test_a_refusal_does_nothing_and_says_so_in_the_venue_s_words(self, client: WireClient) -> None:
        await self.order(client, kind="refuse", action="order")
        body = client.signed({"type": "order", "orders": [limit(0, True, "50000", "0.01")], "grouping": "na"})
        status, said = await ask(client, "/exchange", json=body)
        assert (status, msgspec.json.decode(said)) == (200, {"status": "err", "response": "Trading is halted."})
        assert await self.open_oids(client) == 0
        await client.order(limit(0, True, "50000", "0.01"))
        assert await self.open_oids(client) == 1

    async def test_a_stale_answer_is_the_first_one_over_and_over(self, client: WireClient) -> None:
        await self.order(client, kind="stale", path="/info", action="openOrders", count=9)
        assert await self.open_oids(client) == 0
        await client.order(limit(0, True, "50000", "0.01"))
        assert await self.open_oids(client) == 0
        async with client.http.delete(f"{client.base_url}/faults") as response:
            assert await response.json() == []
        assert await self.open_oids(client) == 1

    async def test_an_unknown_fault_says_which_there_are(self, client: WireClient) -> None:
        status, text = await ask(client, "/faults", json={"kind": "fire"})
        assert status == 400
        assert "drop_before" in text

    async def test_an_action_narrows_it(self, client: WireClient) -> None:
        await self.order(client, kind="status", action="cancel")
        assert (await client.act({"type": "noop"}))["status"] == "ok"
        async with client.http.delete(f"{client.base_url}/faults") as response:
            assert await response.json() == []


async def test_the_venue_listens_on_loopback_only_and_names_a_taken_port(
    venue: SimulatedVenue, make_venue: MakeVenue
) -> None:
    assert venue.base_url.startswith("http://127.0.0.1:")
    port = int(venue.base_url.rpartition(":")[2])
    with pytest.raises(Exception, match=f"port {port} of 127.0.0.1 cannot be opened"):
        await make_venue(port=port)


async def test_an_account_is_funded_once(venue: SimulatedVenue, client: WireClient) -> None:
    venue.fund(client.wallet.address, Decimal(10_000))
    state = await client.info("clearinghouseState", user=client.wallet.address.upper().replace("0X", "0x"))
    assert state["withdrawable"] == "10000.0"
