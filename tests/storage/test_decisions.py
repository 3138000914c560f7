"""A question is answered once, by whom, where and when it was meant for."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.desk import Decision
from core.errors import BrokenInvariant
from storage.database import Database
from storage.decisions import SqlDecisionStore
from tests.storage.samples import decision

ASKED = decision()
NOW = ASKED.created_ms + 1


@pytest.fixture
def store(database: Database) -> SqlDecisionStore:
    return SqlDecisionStore(database)


async def tap(store: SqlDecisionStore, **changes: int) -> Decision | str:
    where = {"user_id": ASKED.user_id, "chat_id": ASKED.chat_id, "message_id": 55, "now_ms": NOW} | changes
    return await store.take(ASKED.nonce, **where)


async def test_a_tap_gets_the_decision_as_it_was_offered(store: SqlDecisionStore) -> None:
    await store.offer(ASKED)
    assert await tap(store) == ASKED


async def test_a_second_tap_finds_it_used(store: SqlDecisionStore) -> None:
    await store.offer(ASKED)
    await tap(store)
    assert await tap(store) == "used"


async def test_of_two_taps_at_once_exactly_one_wins(store: SqlDecisionStore) -> None:
    await store.offer(ASKED)
    answers = await asyncio.gather(*(tap(store) for _ in range(8)))
    assert answers.count("used") == 7
    assert [a for a in answers if isinstance(a, Decision)] == [ASKED]


async def test_a_tap_and_a_typed_code_at_once_win_once(store: SqlDecisionStore) -> None:
    await store.offer(ASKED)
    by_code = store.take_code(ASKED.code, user_id=ASKED.user_id, now_ms=NOW)
    answers = await asyncio.gather(tap(store), by_code)
    assert sorted(map(type, answers), key=str) == sorted([Decision, str], key=str)


async def test_a_nonce_that_nobody_made_is_unknown(store: SqlDecisionStore) -> None:
    assert await tap(store) == "unknown"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"user_id": 1}, "other_person"),
        ({"chat_id": 1}, "other_message"),
        ({"message_id": 56}, "other_message"),
        ({"now_ms": ASKED.expires_ms}, "expired"),
    ],
)
async def test_a_foreign_or_late_tap_is_told_why_and_uses_nothing(
    store: SqlDecisionStore, changes: dict[str, int], why: str
) -> None:
    await store.offer(ASKED)
    assert await tap(store, **changes) == why
    assert await tap(store) == ASKED


async def test_a_tap_that_comes_before_the_message_is_known_counts_and_binds_it(store: SqlDecisionStore) -> None:
    await store.offer(replace(ASKED, message_id=None))
    assert await tap(store) == ASKED


async def test_a_question_is_bound_to_its_first_message(store: SqlDecisionStore) -> None:
    await store.offer(replace(ASKED, message_id=None))
    await store.bind(ASKED.nonce, 55)
    await store.bind(ASKED.nonce, 99)
    assert await tap(store, message_id=99) == "other_message"
    assert await tap(store) == ASKED


async def test_a_code_works_from_any_chat_of_the_same_person_once(store: SqlDecisionStore) -> None:
    await store.offer(ASKED)
    assert await store.take_code(ASKED.code, user_id=ASKED.user_id, now_ms=NOW) == ASKED
    assert await store.take_code(ASKED.code, user_id=ASKED.user_id, now_ms=NOW) == "used"
    assert await tap(store) == "used"


async def test_a_code_of_somebody_else_a_late_one_and_a_wrong_one_do_nothing(store: SqlDecisionStore) -> None:
    await store.offer(ASKED)
    assert await store.take_code(ASKED.code, user_id=1, now_ms=NOW) == "other_person"
    assert await store.take_code("WRONG", user_id=ASKED.user_id, now_ms=NOW) == "unknown"
    assert await store.take_code(ASKED.code, user_id=ASKED.user_id, now_ms=ASKED.expires_ms) == "expired"


async def test_a_code_that_came_up_again_means_the_newest_open_question(store: SqlDecisionStore) -> None:
    newer = replace(ASKED, nonce="m" * 22, argument="ETH", created_ms=ASKED.created_ms + 5)
    await store.offer(ASKED)
    await store.offer(newer)
    assert await store.take_code(ASKED.code, user_id=ASKED.user_id, now_ms=NOW + 5) == newer
    assert await store.take_code(ASKED.code, user_id=ASKED.user_id, now_ms=NOW + 5) == ASKED


async def test_a_dropped_question_can_be_dropped_once_and_never_taken(store: SqlDecisionStore) -> None:
    await store.offer(ASKED)
    assert not await store.drop(ASKED.nonce, user_id=1, now_ms=NOW)
    assert await store.drop(ASKED.nonce, user_id=ASKED.user_id, now_ms=NOW)
    assert not await store.drop(ASKED.nonce, user_id=ASKED.user_id, now_ms=NOW)
    assert await tap(store) == "used"


async def test_a_nonce_is_never_offered_twice(store: SqlDecisionStore) -> None:
    await store.offer(ASKED)
    with pytest.raises(BrokenInvariant, match="refuses a row"):
        await store.offer(ASKED)
