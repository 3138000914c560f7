"""Signatures against the published vectors; the key never shows."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import Any

import pytest
from hyperliquid.utils.signing import action_hash

from bot.exchange.hyperliquid.signing import SecretKey, Signer
from bot.exchange.hyperliquid.tickets import order_action, wire_number
from core.errors import BadSetting, BrokenInvariant
from core.trading.orders import Intent
from tests.bot.exchange.hyperliquid.loopback import ADDRESS, KEY, ticket


def limit(asset: int, price: str, size: str, tif: str, *, buy: bool = True, reduce: bool = False) -> dict[str, Any]:
    order = {"a": asset, "b": buy, "p": price, "s": size, "r": reduce, "t": {"limit": {"tif": tif}}}
    return {"type": "order", "orders": [order], "grouping": "na"}


def with_client_id(action: dict[str, Any], client_id: str) -> dict[str, Any]:
    return action | {"orders": [action["orders"][0] | {"c": client_id}]}


FIRST = limit(4, "1670.1", "0.0147", "Ioc")
THIRD = limit(1, "100", "100", "Gtc")
FIFTH = THIRD | {
    "orders": [THIRD["orders"][0] | {"t": {"trigger": {"isMarket": True, "triggerPx": "103", "tpsl": "sl"}}}]
}
SEVENTH = limit(110001, "317.25", "0.5", "Alo", buy=False, reduce=True)
DUMMY = {"type": "dummy", "num": 100_000_000_000}

VECTORS = [
    (FIRST, 1677777606040, None, True, "0xe302c107c0048633293299b066317048f69f685aa4f536fe56c050efaf04996c", "0x70e01d4d26e3d724fb8f8ab54b3f2544a37ea1b092f83532349405274f3f3962", 28),
    (DUMMY, 0, None, True, "0x53749d5b30552aeb2fca34b530185976545bb22d0b3ce6f62e31be961a59298", "0x755c40ba9bf05223521753995abb2f73ab3229be8ec921f350cb447e384d8ed8", 27),
    (DUMMY, 0, None, False, "0x542af61ef1f429707e3c76c5293c80d01f74ef853e34b76efffcb57e574f9510", "0x17b8b32f086e8cdede991f1e2c529f5dd5297cbe8128500e00cbaf766204a613", 28),
    (THIRD, 0, None, True, "0xd65369825a9df5d80099e513cce430311d7d26ddf477f5b3a33d2806b100d78e", "0x2b54116ff64054968aa237c20ca9ff68000f977c93289157748a3162b6ea940e", 28),
    (THIRD, 0, None, False, "0x82b2ba28e76b3d761093aaded1b1cdad4960b3af30212b343fb2e6cdfa4e3d54", "0x6b53878fc99d26047f4d7e8c90eb98955a109f44209163f52d8dc4278cbbd9f5", 27),
    (with_client_id(THIRD, "0x00000000000000000000000000000001"), 0, None, True, "0x41ae18e8239a56cacbc5dad94d45d0b747e5da11ad564077fcac71277a946e3", "0x3c61f667e747404fe7eea8f90ab0e76cc12ce60270438b2058324681a00116da", 27),
    (FIFTH, 0, None, True, "0x98343f2b5ae8e26bb2587daad3863bc70d8792b09af1841b6fdd530a2065a3f9", "0x6b5bb6bb0633b710aa22b721dd9dee6d083646a5f8e581a20b545be6c1feb405", 27),
    ({"type": "scheduleCancel"}, 0, None, True, "0x6cdfb286702f5917e76cd9b3b8bf678fcc49aec194c02a73e6d4f16891195df9", "0x6557ac307fa05d25b8d61f21fb8a938e703b3d9bf575f6717ba21ec61261b2a0", 27),
    (SEVENTH, 1790000000000, None, True, "0x70ed8157989b97d671ce79d8d468755b9a1268ef56cc3529a29c517b9eaf6349", "0x4d720d613380bae2027d748f9b226291f714ae1509e87fdf2209822892a521a4", 27),
    (SEVENTH, 1790000000000, None, False, "0x1e7098bee7b7f49825578cb940ee79a6208fd855e95541720925fe33c897929c", "0x3d4983e6d95555ebaf99c4200959bf4b3b179050f63dcca3c2b17909f33d5733", 28),
    (SEVENTH, 1790000000000, 1790000060000, False, "0x9f9eb1c61f4aa6c363ea5af64af4b1bca4d20e461adaef244f6e3a79c84b5d0c", "0x411dd4acfee7d6279313b2f6020a5cb75e1825ac7e6a0a241535841b47408cae", 28),
]  # fmt: skip


@pytest.mark.parametrize(("action", "nonce", "expires", "mainnet", "r", "s", "v"), VECTORS)
def test_a_signature_is_the_published_one(
    action: dict[str, Any], nonce: int, expires: int | None, mainnet: bool, r: str, s: str, v: int
) -> None:
    signature = Signer(SecretKey(KEY), mainnet=mainnet).action(action, nonce, expires)
    assert signature == {"r": r, "s": s, "v": v}


def test_a_ticket_is_hashed_as_the_exchange_hashes_the_same_order() -> None:
    entry = ticket(limit=Decimal("1670.10"), size=Decimal("0.01470"))
    made = order_action([entry], [4], attached=False)
    published = with_client_id(FIRST, entry.client_id)
    assert action_hash(made, None, 1677777606040, None) == action_hash(published, None, 1677777606040, None)


def test_a_stop_is_a_trigger_order_with_its_keys_in_the_hashed_order() -> None:
    stop = ticket(Intent.STOP, trigger=Decimal("103.0"), limit=Decimal(100), size=Decimal(100), is_buy=True)
    made = order_action([stop], [1], attached=False)
    order = made["orders"][0]
    assert list(order) == ["a", "b", "p", "s", "r", "t", "c"]
    assert list(order["t"]["trigger"]) == ["isMarket", "triggerPx", "tpsl"]
    assert order["t"] == FIFTH["orders"][0]["t"]


def test_a_target_takes_profit_and_an_entry_is_immediate_or_cancel() -> None:
    tickets = [ticket(), ticket(Intent.STOP), ticket(Intent.TARGET), ticket(Intent.CLOSE)]
    made = order_action(tickets, [0] * 4, attached=True)
    assert [next(iter(order["t"].values())).get("tpsl") for order in made["orders"]] == [None, "sl", "tp", None]
    assert made["orders"][0]["t"] == made["orders"][3]["t"] == {"limit": {"tif": "Ioc"}}
    assert made["grouping"] == "normalTpsl"


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity"])
def test_what_is_no_price_is_never_sent(value: str) -> None:
    with pytest.raises(BrokenInvariant):
        wire_number(Decimal(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [("100", "100"), ("1E+5", "100000"), ("1E-8", "0.00000001"), ("0.12345678901234567890123456789012", "0.12345678901234567890123456789012"), ("123456789012345678901234567890.10", "123456789012345678901234567890.1")],
)  # fmt: skip
def test_a_number_goes_out_exactly_as_it_is(value: str, text: str) -> None:
    assert wire_number(Decimal(value)) == text


def test_a_signer_knows_its_address() -> None:
    assert Signer(SecretKey(KEY[2:].upper()), mainnet=False).address == ADDRESS


def test_a_key_shows_in_no_text() -> None:
    key = SecretKey(KEY)
    assert KEY[2:] not in f"{key!r} {key} {[key]}"
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize("text", ["", "0x12", "g" * 64, KEY + "00", "0x" + "0" * 64, "f" * 64])
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(BadSetting, match="64 hexadecimal digits") as refused:
        SecretKey(text)
    assert text not in str(refused.value) or not text
