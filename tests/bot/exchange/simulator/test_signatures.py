"""Who may act: signatures, agents, nonces, lives of requests."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from hyperliquid.utils import signing

from bot.exchange.simulator.nonces import NonceRefused, Nonces
from bot.exchange.simulator.server import SimulatedVenue
from bot.exchange.simulator.signatures import Unrecoverable, signers_of_action
from core.settings import ExchangeRules
from tests.bot.exchange.simulator.client import Wallet, WireClient, limit
from tests.bot.exchange.simulator.market import START_MS

KEY = "0x0123456789012345678901234567890123456789012345678901234567890123"
SIGNER = "0x14791697260e4c9a71f18484c9f997b308e59325"
DAY_MS = 86_400_000
STOP = {"trigger": {"isMarket": True, "triggerPx": "103", "tpsl": "sl"}}
GTC = {"limit": {"tif": "Gtc"}}
SHORT = {"a": 110001, "b": False, "p": "317.25", "s": "0.5", "r": True, "t": {"limit": {"tif": "Alo"}}}


def batch(**changes: Any) -> dict[str, Any]:
    order = {"a": 1, "b": True, "p": "100", "s": "100", "r": False, "t": GTC, **changes}
    return {"type": "order", "orders": [order], "grouping": "na"}


VECTORS: list[tuple[dict[str, Any], int, int | None, str | None, bool, str, str, int]] = [
    (
        {
            "type": "order",
            "orders": [{"a": 4, "b": True, "p": "1670.1", "s": "0.0147", "r": False, "t": {"limit": {"tif": "Ioc"}}}],
            "grouping": "na",
        },
        1677777606040,
        None,
        None,
        True,
        "0xe302c107c0048633293299b066317048f69f685aa4f536fe56c050efaf04996c",
        "0x70e01d4d26e3d724fb8f8ab54b3f2544a37ea1b092f83532349405274f3f3962",
        28,
    ),
    (
        batch(),
        0,
        None,
        None,
        True,
        "0xd65369825a9df5d80099e513cce430311d7d26ddf477f5b3a33d2806b100d78e",
        "0x2b54116ff64054968aa237c20ca9ff68000f977c93289157748a3162b6ea940e",
        28,
    ),
    (
        batch(),
        0,
        None,
        None,
        False,
        "0x82b2ba28e76b3d761093aaded1b1cdad4960b3af30212b343fb2e6cdfa4e3d54",
        "0x6b53878fc99d26047f4d7e8c90eb98955a109f44209163f52d8dc4278cbbd9f5",
        27,
    ),
    (
        batch(c="0x00000000000000000000000000000001"),
        0,
        None,
        None,
        True,
        "0x41ae18e8239a56cacbc5dad94d45d0b747e5da11ad564077fcac71277a946e3",
        "0x3c61f667e747404fe7eea8f90ab0e76cc12ce60270438b2058324681a00116da",
        27,
    ),
    (
        batch(t=STOP),
        0,
        None,
        None,
        True,
        "0x98343f2b5ae8e26bb2587daad3863bc70d8792b09af1841b6fdd530a2065a3f9",
        "0x6b5bb6bb0633b710aa22b721dd9dee6d083646a5f8e581a20b545be6c1feb405",
        27,
    ),
    (
        {"type": "scheduleCancel"},
        0,
        None,
        None,
        True,
        "0x6cdfb286702f5917e76cd9b3b8bf678fcc49aec194c02a73e6d4f16891195df9",
        "0x6557ac307fa05d25b8d61f21fb8a938e703b3d9bf575f6717ba21ec61261b2a0",
        27,
    ),
    (
        {"type": "order", "orders": [SHORT], "grouping": "na"},
        1790000000000,
        None,
        None,
        False,
        "0x1e7098bee7b7f49825578cb940ee79a6208fd855e95541720925fe33c897929c",
        "0x3d4983e6d95555ebaf99c4200959bf4b3b179050f63dcca3c2b17909f33d5733",
        28,
    ),
    (
        {"type": "order", "orders": [SHORT], "grouping": "na"},
        1790000000000,
        1790000060000,
        None,
        False,
        "0x9f9eb1c61f4aa6c363ea5af64af4b1bca4d20e461adaef244f6e3a79c84b5d0c",
        "0x411dd4acfee7d6279313b2f6020a5cb75e1825ac7e6a0a241535841b47408cae",
        28,
    ),
    (
        {"type": "order", "orders": [SHORT], "grouping": "na"},
        1790000000000,
        None,
        "1719884eb866cb12b2287399b15f7db5e7d775ea",
        False,
        "0x18bcb615b810c7b160b2bd446a91f8ee3795ac3d6c2f9829542a1c202a080951",
        "0x6861e76a3f47ac0d01dc47fa91572c43262dc2a1a2c7dfb5b6f7dd87f93506bc",
        28,
    ),
]


@pytest.mark.parametrize(("action", "nonce", "expires", "vault", "mainnet", "r", "s", "v"), VECTORS)
def test_the_vectors_recover_to_their_signer(
    action: dict[str, Any], nonce: int, expires: int | None, vault: str | None, mainnet: bool, r: str, s: str, v: int
) -> None:
    test, main = signers_of_action(action, {"r": r, "s": s, "v": v}, vault, nonce, expires)
    assert (main if mainnet else test) == SIGNER
    assert (test if mainnet else main) != SIGNER


def test_unpadded_numbers_and_small_v_are_accepted() -> None:
    wallet = Account.from_key(KEY)
    for nonce in range(400):
        signature = signing.sign_l1_action(wallet, batch(), None, nonce, None, False)
        if len(signature["r"]) < 66:
            break
    else:
        pytest.fail("no signature with a leading zero was found")
    smaller = {**signature, "v": signature["v"] - 27}
    assert next(iter(signers_of_action(batch(), smaller, None, nonce, None))) == SIGNER


@pytest.mark.parametrize(
    "signature",
    [{}, {"r": "0x0", "s": "0x0", "v": 27}, {"r": "zz", "s": "1", "v": 27}, {"r": "0x" + "f" * 80, "s": "1", "v": 27}],
)
def test_what_is_no_signature_cannot_be_recovered(signature: dict[str, Any]) -> None:
    with pytest.raises(Unrecoverable, match=r"Unable to recover signer\."):
        list(signers_of_action(batch(), signature, None, 0, None))


async def test_mainnet_and_test_signatures_are_both_accepted(client: WireClient) -> None:
    for mainnet in (True, False):
        assert (await client.act({"type": "noop"}, mainnet=mainnet))["status"] == "ok"


async def test_a_changed_order_makes_its_sender_a_stranger(client: WireClient) -> None:
    body = client.signed({"type": "order", "orders": [limit(0, True, "50000", "0.01")], "grouping": "na"})
    body["action"]["orders"][0]["s"] = "0.02"
    answer = await client.post(body)
    assert answer["status"] == "err"
    assert answer["response"].startswith("User or API Wallet 0x")
    assert answer["response"].endswith("does not exist.")


async def test_trailing_zeros_make_a_stranger_as_on_the_real_exchange(client: WireClient) -> None:
    action = {"type": "order", "orders": [limit(0, True, "50000.0", "0.010")], "grouping": "na"}
    assert "does not exist" in (await client.act(action))["response"]


async def test_an_expired_request_is_refused_and_burns_no_nonce(client: WireClient) -> None:
    late = await client.act({"type": "noop"}, expires=START_MS - 1, nonce=START_MS + 500)
    assert late == {"status": "err", "response": "Action already expired"}
    assert (await client.act({"type": "noop"}, expires=START_MS, nonce=START_MS + 500))["status"] == "ok"


async def test_a_nonce_is_good_once(client: WireClient) -> None:
    body = client.signed({"type": "noop"}, nonce=START_MS + 7)
    assert (await client.post(body))["status"] == "ok"
    again = await client.post(body)
    assert again == {"status": "err", "response": f"Invalid nonce: duplicate nonce {START_MS + 7}"}


def test_the_hundred_highest_nonces_are_remembered_and_lower_ones_refused() -> None:
    nonces = Nonces(ExchangeRules())
    for nonce in range(1000, 1101):
        nonces.use("0x1", nonce, (1050,))
    with pytest.raises(NonceRefused, match="duplicate nonce 1050"):
        nonces.use("0x1", 1050, (1050,))
    with pytest.raises(NonceRefused, match="nonce too low 1000 < 1001"):
        nonces.use("0x1", 1000, (1050,))
    nonces.use("0x2", 1000, (1050,))


def test_a_nonce_lies_within_two_days_back_and_one_ahead_of_some_clock() -> None:
    nonces = Nonces(ExchangeRules())
    now = 1_790_000_000_000
    for bad in (now - 2 * DAY_MS - 1, now + DAY_MS + 1):
        with pytest.raises(NonceRefused):
            nonces.use("0x1", bad, (now,))
    nonces.use("0x1", now + 300 * DAY_MS, (now, now + 300 * DAY_MS))


async def test_an_agent_trades_for_its_master_until_it_is_revoked(venue: SimulatedVenue, client: WireClient) -> None:
    agent = Wallet.of(77)

    async def approve(address: str, name: str = "") -> Any:
        action = {"type": "approveAgent", "agentAddress": address, "agentName": name, "nonce": next(client.nonces)}
        signature = signing.sign_agent(client.wallet.account, action, False)
        if not name:
            del action["agentName"]
        return await client.post({"action": action, "nonce": action["nonce"], "signature": signature})

    order = {"type": "order", "orders": [limit(0, True, "50000", "0.01")], "grouping": "na"}
    assert "does not exist" in (await client.act(order, wallet=agent))["response"]
    assert (await approve(agent.account.address))["status"] == "ok"
    assert (await client.act(order, wallet=agent))["response"]["type"] == "order"
    assert len(await client.info("openOrders", user=client.wallet.address)) == 1
    assert await client.info("openOrders", user=agent.address) == []
    assert await client.info("userRole", user=agent.address) == {
        "role": "agent",
        "data": {"user": client.wallet.address},
    }
    assert await client.info("extraAgents", user=client.wallet.address) == []
    sent = {"type": "usdClassTransfer", "amount": "1", "toPerp": False, "nonce": next(client.nonces)}
    async with WireClient(venue.base_url, agent) as own:
        body = own.user_signed(sent, signing.USD_CLASS_TRANSFER_SIGN_TYPES, "UsdClassTransfer")
        answer = await own.post(body)
    assert answer["response"] == f"Must deposit before performing actions. User: {agent.address}"
    assert (await approve("0x" + "0" * 40))["status"] == "ok"
    assert "does not exist" in (await client.act(order, wallet=agent))["response"]


async def test_named_agents_are_listed_limited_and_not_shared(client: WireClient) -> None:
    async def approve(number: int, name: str) -> Any:
        action = {"type": "approveAgent", "agentAddress": Wallet.of(number).address, "agentName": name}
        action["nonce"] = next(client.nonces)
        signature = signing.sign_agent(client.wallet.account, action, False)
        answer = await client.post({"action": action, "nonce": action["nonce"], "signature": signature})
        return answer["response"]

    for number, name in ((10, "a"), (11, "b"), (12, f"c valid_until {START_MS + DAY_MS}")):
        assert await approve(number, name) == {"type": "default"}
    assert "Current limit is 3" in await approve(13, "d")
    assert await approve(11, "a") == "Extra agent already used."
    assert await approve(14, f"e valid_until {START_MS + 181 * DAY_MS}") == "Agent valid_until already expired."
    listed = await client.info("extraAgents", user=client.wallet.address)
    assert [one["name"] for one in listed] == ["a", "b", "c"]
    assert listed[2]["validUntil"] == START_MS + DAY_MS


async def test_a_signed_transfer_cannot_be_repeated_under_another_nonce(client: WireClient) -> None:
    sent = {"type": "usdClassTransfer", "amount": "1", "toPerp": False, "nonce": next(client.nonces)}
    body = client.user_signed(sent, signing.USD_CLASS_TRANSFER_SIGN_TYPES, "UsdClassTransfer")
    assert (await client.post(body))["status"] == "ok"
    assert "duplicate nonce" in (await client.post(body))["response"]
    again = await client.post({**body, "nonce": next(client.nonces)})
    assert again["response"].startswith("Invalid nonce: ")
    assert (await client.info("spotClearinghouseState", user=client.wallet.address))["balances"][0]["total"] == "1.0"


async def test_a_foreign_vault_is_not_registered_and_the_own_address_is_fine(client: WireClient) -> None:
    vault = "0x" + "12" * 20
    assert (await client.act({"type": "noop"}, vault=vault))["response"] == f"Vault not registered: {vault}"
    own = client.wallet.address
    assert (await client.act({"type": "noop"}, vault=own))["status"] == "ok"
    assert (await client.act({"type": "noop"}, vault=own.removeprefix("0x")))["status"] == "ok"
