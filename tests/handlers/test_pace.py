"""Telegram's limits are kept, on a clock of the test's own."""

from __future__ import annotations

import asyncio

from core.settings import Chat
from handlers.pace import Pace

ANN, BOB, GROUP = 1001, 1002, -100


class Stepped:
    """A clock that the pauses themselves move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> int:
        return round(self.now)

    async def pause(self, seconds: float) -> None:
        self.now += max(seconds * 1000, 1)
        await asyncio.sleep(0)


async def departures(chat: Chat, chats: list[int]) -> list[int]:
    """When messages to these chats leave, one after the other."""
    clock = Stepped()
    pace = Pace(chat, clock, clock.pause)
    left = []
    for chat_id in chats:
        await pace.turn(chat_id)
        left.append(clock())
    return left


async def test_a_burst_leaves_at_once_and_then_one_per_second() -> None:
    assert await departures(Chat(), [ANN] * 6) == [0, 0, 0, 1000, 2000, 3000]


async def test_a_group_gets_no_more_than_its_share_of_a_minute() -> None:
    left = await departures(Chat(), [GROUP] * 40)
    for start in left:
        assert sum(start <= at < start + 60_000 for at in left) <= Chat().group_per_minute + Chat().burst


async def test_all_chats_together_keep_the_overall_limit() -> None:
    left = await departures(Chat(), list(range(1, 101)))
    for start in left:
        assert sum(start <= at < start + 1000 for at in left) <= 2 * Chat().per_second


async def test_a_held_chat_waits_and_others_do_not() -> None:
    clock = Stepped()
    pace = Pace(Chat(), clock, clock.pause)
    pace.hold(ANN, 7_000)
    await pace.turn(BOB)
    assert clock() == 0
    await pace.turn(ANN)
    assert clock() == 7_000


async def test_who_came_first_goes_first() -> None:
    clock = Stepped()
    pace = Pace(Chat(burst=1), clock, clock.pause)
    order: list[int] = []

    async def send(number: int) -> None:
        await pace.turn(ANN)
        order.append(number)

    await asyncio.gather(*(send(number) for number in range(8)))
    assert order == list(range(8))
