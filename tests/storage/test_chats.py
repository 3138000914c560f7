"""One owner, roles by number, and a group that changes its number."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import NotAllowed
from storage.chats import Chats, Role
from storage.database import Database
from storage.decisions import SqlDecisionStore
from storage.messages import Message, MessageKind
from storage.outbox import Outbox
from tests.storage.samples import decision

ANN, BOB, GROUP, SUPERGROUP = 7_000_000_001, 7_000_000_002, -4_000, -1_001_234_567_890


@pytest.fixture
def chats(database: Database) -> Chats:
    return Chats(database)


async def test_whoever_is_not_known_is_a_stranger(chats: Chats) -> None:
    assert await chats.role(ANN) is Role.STRANGER
    assert await chats.owner() is None
    assert not Role.STRANGER.may_act


async def test_the_first_to_claim_is_owner_and_hears_things(chats: Chats) -> None:
    assert await chats.claim_owner(ANN, ANN, 5)
    assert not await chats.claim_owner(BOB, BOB, 6)
    assert not await chats.claim_owner(ANN, ANN, 7)
    assert await chats.owner() == ANN
    assert [room.chat_id for room in await chats.active()] == [ANN]
    assert await chats.role(BOB) is Role.STRANGER


async def test_of_many_who_claim_at_once_exactly_one_is_owner(database: Database) -> None:
    claims = [Chats(database).claim_owner(user, user, 5) for user in range(1, 9)]
    assert sorted(await asyncio.gather(*claims)) == [False] * 7 + [True]
    assert len(await Chats(database).people()) == 1


async def test_the_configured_owner_takes_the_place_of_the_claimed_one(chats: Chats) -> None:
    await chats.claim_owner(ANN, ANN, 5)
    await chats.appoint_owner(BOB, BOB, 6)
    await chats.appoint_owner(BOB, BOB, 7)
    assert await chats.owner() == BOB
    assert await chats.role(ANN) is Role.STRANGER
    assert [room.chat_id for room in await chats.active()] == [BOB]


async def test_an_operator_is_added_once_and_removed_once(chats: Chats) -> None:
    await chats.claim_owner(ANN, ANN, 5)
    assert await chats.add_operator(BOB, BOB, 6, "Bob")
    assert not await chats.add_operator(BOB, BOB, 7)
    assert not await chats.add_operator(ANN, ANN, 7)
    assert await chats.role(ANN) is Role.OWNER
    assert await chats.remove(BOB)
    assert not await chats.remove(BOB)
    assert await chats.role(BOB) is Role.STRANGER
    assert [room.chat_id for room in await chats.active()] == [ANN]


async def test_the_owner_cannot_be_removed(chats: Chats) -> None:
    await chats.claim_owner(ANN, ANN, 5)
    with pytest.raises(NotAllowed):
        await chats.remove(ANN)
    assert await chats.owner() == ANN


async def test_a_chat_that_was_forgotten_hears_nothing_until_it_is_revived(chats: Chats) -> None:
    await chats.follow(GROUP, 5)
    await chats.forget(GROUP)
    assert list(await chats.active()) == []
    await chats.revive(GROUP)
    [room] = await chats.active()
    assert (room.role, room.is_private) == (Role.FOLLOWER, False)


async def test_following_again_keeps_what_is_known_of_the_chat(chats: Chats) -> None:
    await chats.follow(GROUP, 5)
    await chats.pin(GROUP, 77)
    await chats.speak(GROUP, locale="de", timezone="Europe/Berlin")
    await chats.follow(GROUP, 9)
    room = await chats.room(GROUP)
    assert room is not None
    assert (room.status_message_id, room.locale, room.timezone, room.since_ms) == (77, "de", "Europe/Berlin", 5)


async def test_a_supergroup_takes_over_everything_but_message_ids(chats: Chats, database: Database) -> None:
    outbox, decisions = Outbox(database), SqlDecisionStore(database)
    await chats.follow(GROUP, 5)
    await chats.pin(GROUP, 77)
    await outbox.put([Message(GROUP, kind, {}, 1) for kind in (MessageKind.TEXT, MessageKind.EDIT)])
    await decisions.offer(decision(chat_id=GROUP))
    for _ in range(2):
        await chats.migrate_chat(GROUP, SUPERGROUP)
    assert await chats.room(GROUP) is None
    room = await chats.room(SUPERGROUP)
    assert room is not None
    assert (room.role, room.status_message_id) == (Role.FOLLOWER, None)
    assert [(out.message.chat_id, out.message.kind) for out in await outbox.pending(9)] == [
        (SUPERGROUP, MessageKind.TEXT)
    ]
    assert await outbox.waiting() == 1
    asked = decision(chat_id=SUPERGROUP)
    assert (
        await decisions.take(asked.nonce, user_id=asked.user_id, chat_id=SUPERGROUP, message_id=3, now_ms=1)
        != "unknown"
    )


async def test_a_supergroup_that_is_known_already_gives_way_to_the_group_it_was(chats: Chats) -> None:
    await chats.follow(GROUP, 5)
    await chats.speak(GROUP, locale="de", timezone="")
    await chats.follow(SUPERGROUP, 6)
    await chats.migrate_chat(GROUP, SUPERGROUP)
    [room] = await chats.active()
    assert (room.chat_id, room.locale) == (SUPERGROUP, "de")
