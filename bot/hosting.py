"""``vektor status``, ``pause``, ``resume``, ``flatten``, ``compromised`` from the host.

They speak to the process that runs on the state folder; only if none answers and its lock is free do they act
themselves.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from bot.environment import read_environment
from bot.host import COMPROMISED, VERBS, ask_running, is_flat
from bot.state import read_settings
from bot.terminal import complain, say
from core.errors import StartRefused

REFUSED = 1


def host_command(options: argparse.Namespace) -> int:
    """Carry out one verb; 0 when it was done. Raises :class:`StartRefused` where nothing was ever kept."""
    if not options.state.is_dir():
        raise StartRefused(f"no state folder {options.state}; name the one of `vektor run` with --state")
    done, text = asyncio.run(carried_out(options.state, options.command))
    (say if done else complain)(text)
    return 0 if done else REFUSED


async def carried_out(state: Path, verb: str) -> tuple[bool, str]:
    """One verb; the one that puts a key out of use does more than the desk can."""
    if verb != COMPROMISED:
        done, text = await obey(state, verb)
        return done and is_flat(text), text
    from bot.compromised import compromised

    return await compromised(state)


async def obey(state: Path, verb: str) -> tuple[bool, str]:
    """Ask the running process, or act in its place."""
    answer = await ask_running(state, verb)
    return answer if answer is not None else await act_alone(state, verb)


async def act_alone(state: Path, verb: str) -> tuple[bool, str]:
    """Open the desk without chat and timetable, do the one thing, close. What closes brings the book up by itself."""
    from bot.alone import ALONE
    from bot.choices import recall_choices
    from bot.trading_side import open_trading_side
    from core.flows.reconcile import recover

    settings, _ = read_settings(state)
    async with AsyncExitStack() as stack:
        choices = await asyncio.to_thread(recall_choices, state)
        side = await open_trading_side(stack, choices, read_environment(), settings, lambda: None)
        if verb not in ALONE:
            await recover(side.desk)
        return True, await {**VERBS, **ALONE}[verb](side.desk, "host")
