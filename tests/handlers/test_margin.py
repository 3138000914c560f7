"""/margin in chat, and the alert's button: the distance, the question with its exact figures, one deed per answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from core.flows.guard import danger_of
from core.flows.watch import watch
from core.replay.run import ACCOUNT
from storage.database import Database
from tests.handlers.office import Office, captions, shown
from tests.handlers.test_conversation import too_wide


@pytest.fixture(name="office")
async def open_office(database: Database) -> AsyncIterator[Office]:
    async with Office(database) as opened:
        await opened.stage.open("BTC")
        await watch(opened.desk)
        yield opened


async def endanger(office: Office, share: str = "0.06") -> None:
    """The stop vanishes unseen and the mark comes near the liquidation; nobody has looked yet."""
    stage = office.stage
    for order in stage.running.exchange.open_orders(ACCOUNT):
        stage.running.exchange.cancel(ACCOUNT, order.coin, order.oid)
    held = (await stage.venue.account()).position("BTC")
    assert held is not None
    assert held.liquidation is not None
    await stage.move("BTC", str((held.liquidation / (1 - Decimal(share))).quantize(Decimal(1))))


async def margin_held(office: Office) -> Decimal:
    held = (await office.stage.venue.account()).position("BTC")
    assert held is not None
    return held.margin


async def test_far_from_liquidation_there_is_nothing_to_do(office: Office) -> None:
    said = await office.ask("/margin BTC", "far from its liquidation")
    assert captions(said) == []
    assert "Warns at 10.0%, critical at 5.0%." in shown(said)
    assert "Liquidation" in shown(said)


async def test_the_alert_asks_through_its_button_and_one_tap_adds_exactly_that(office: Office) -> None:
    await endanger(office)
    await watch(office.desk)
    alert = await office.chat.wait_text("from its liquidation")
    danger, _ = await danger_of(office.desk, "BTC")
    needed = f"{danger.needed:,.2f}"
    assert f"{needed} USDC of margin would lead back to 15.0%" in shown(alert)
    (button,) = captions(alert)
    assert button == f"Add {needed} to BTC"
    await office.chat.tap("Ann", alert, text=button)
    question = await office.chat.wait_text("Add margin to BTC long?")
    assert f"Binds {needed} USDC more" in shown(question)
    assert "15.0% away" in shown(question)
    before = await margin_held(office)
    data = question["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await office.chat.tap("Ann", question, text=captions(question)[0])
    done = await office.chat.wait_for(
        lambda m: m["message_id"] == question["message_id"] and "added by Ann" in shown(m)
    )
    assert "✅ Added" in captions(done)[0]
    assert await margin_held(office) == before + danger.needed
    await office.chat.forge("Ann", "private", question["message_id"], data)
    await office.told("trading")
    assert await margin_held(office) == before + danger.needed, "the second tap adds nothing"


async def test_followers_are_not_told_of_it(office: Office) -> None:
    await endanger(office)
    await watch(office.desk)
    await office.chat.wait_text("from its liquidation")
    await office.chat.say("Fay", "/margin BTC", "group")
    await office.told("trading")
    assert not any("iquidation" in shown(m) for m in office.chat.messages("group"))


async def test_two_taps_on_one_alert_make_two_questions_and_one_deed(office: Office) -> None:
    await endanger(office)
    await watch(office.desk)
    alert = await office.chat.wait_text("from its liquidation")
    (button,) = captions(alert)
    questions = []
    for _ in range(2):
        seen = {m["message_id"] for m in office.chat.messages()}
        await office.chat.tap("Ann", alert, text=button)
        questions.append(
            await office.chat.wait_for(lambda m, s=seen: m["message_id"] not in s and "Add margin to" in shown(m))
        )
    before = await margin_held(office)
    danger, _ = await danger_of(office.desk, "BTC")
    for question in questions:
        await office.chat.tap("Ann", question, text=captions(question)[0])
    await office.chat.wait_text("margin was added to BTC meanwhile")
    assert await margin_held(office) == before + danger.needed


async def test_an_amount_of_ones_own_is_asked_for_with_where_it_leads(office: Office) -> None:
    question = await office.ask("/margin btc 25.5", "Binds 25.50 USDC more")
    code = shown(question).split("/confirm ")[1].split()[0]
    before = await margin_held(office)
    await office.ask(f"/confirm {code}", "added by Ann")
    assert await margin_held(office) == before + Decimal("25.5")


async def test_no_means_nothing_is_added(office: Office) -> None:
    question = await office.ask("/margin BTC 25.5", "Binds 25.50 USDC more")
    before = await margin_held(office)
    await office.chat.tap("Ann", question, text="Keep it")
    await office.told("trading")
    assert await margin_held(office) == before


async def test_more_than_is_free_by_then_is_refused_with_what_is(office: Office) -> None:
    question = await office.ask("/margin BTC 8000", "Binds 8,000.00 USDC more")
    await office.stage.open("ETH")
    await office.chat.tap("Ann", question, text=captions(question)[0])
    assert await office.chat.wait_text("USDC are not free; at most")


async def test_margin_offers_what_is_held_and_names_mistakes(office: Office) -> None:
    picked = await office.ask("/margin", "Which position?")
    assert captions(picked) == ["BTC"]
    await office.chat.tap("Ann", picked, text="BTC")
    assert await office.chat.wait_text("far from its liquidation")


@pytest.mark.parametrize("locale", ["en", "de"])
async def test_it_fits_the_phone_in_every_language(database: Database, locale: str) -> None:
    async with Office(database, locale=locale) as office:
        await office.stage.open("BTC")
        await watch(office.desk)
        await office.ask("/margin BTC", "")
        await office.ask("/margin BTC 25", "/confirm")
        await endanger(office, "0.04")
        await watch(office.desk)
        await office.chat.wait_text("🚨")
        assert too_wide(office, "private", 28) == []
