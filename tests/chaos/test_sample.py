"""A small seeded sample of the crash proof, for every run of the tests; ``make proof-chaos`` is the whole of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.chaos.campaign import Campaign
from tests.chaos.chat_operator import Operator
from tests.chaos.provoke import Provoker
from tests.chaos.stage import open_stage
from tests.chaos.stranger import second_hand

SEED = 3
POINTS = [("tickets.send:venue.submit < open_position", "after"), ("outbox.send:telegram.deliver", "after")]


@pytest.mark.chaos
async def test_killed_with_an_order_sent_a_message_sent_and_twice_at_random_nothing_is_doubled_or_lost(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    async with open_stage(tmp_path, SEED) as stage, second_hand(stage.witness, stage.key) as stranger:
        operator = Operator(stage.chat, stage.witness.book)
        campaign = Campaign(stage, operator, Provoker(stage, operator, stranger), said.append)
        await campaign.strike_all(POINTS)
        await campaign.strike_at_random(2, random.Random(SEED))
        await campaign.end()
    assert set(campaign.struck) == set(POINTS)
    assert campaign.kills == 4, said
    assert stage.witness.looks >= 3
    assert stage.witness.findings.lines() == []
    assert campaign.told_twice >= 1, "the message that was sent and not marked must have been said again"
