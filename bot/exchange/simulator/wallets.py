"""API wallets (agents) and builders that an account has approved. It holds addresses only, never a key.

An agent signs for its master; it refuses more than one unnamed and a few named ones per account, and an address twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from core.errors import VektorError
from core.settings import WireRules

NOBODY = "0x" + "0" * 40
_VALID_UNTIL = re.compile(r"^(?P<name>.*?) ?valid_until (?P<ms>\d+)$")


class WalletRefused(VektorError):
    """An approval that cannot be; the text is the venue's."""


@dataclass(frozen=True, slots=True)
class Agent:
    """An API wallet: its name (empty for the unnamed one), its address and the end of its life (epoch ms)."""

    name: str
    address: str
    valid_until_ms: int


class Wallets:
    """Who may sign for whom."""

    def __init__(self, rules: WireRules) -> None:
        self._rules = rules
        self._agents: dict[str, list[Agent]] = {}
        self._masters: dict[str, str] = {}
        self._builders: dict[str, dict[str, int]] = {}

    def master_of(self, agent: str, now_ms: int) -> str | None:
        """The account for which ``agent`` may sign now."""
        master = self._masters.get(agent)
        living = master is not None and any(
            one.address == agent and now_ms <= one.valid_until_ms for one in self._agents[master]
        )
        return master if living else None

    def approve_agent(self, master: str, address: str, name: str, now_ms: int) -> str | None:
        """Let ``address`` sign for ``master``; an agent of the same name is replaced, address zero only revokes.

        ``name`` may end with ``valid_until <ms>``. Returns the address of the agent that was replaced.
        Raises :class:`WalletRefused`.
        """
        name, valid_until = self._life(name, now_ms)
        agents = self._agents.setdefault(master, [])
        replaced = next((one for one in agents if one.name == name), None)
        if address != NOBODY:
            self._check(master, address, name, replaced)
        if replaced is not None:
            agents.remove(replaced)
            del self._masters[replaced.address]
        if address != NOBODY:
            agents.append(Agent(name, address, valid_until))
            self._masters[address] = master
        return replaced.address if replaced else None

    def named_agents(self, master: str) -> list[Agent]:
        """The agents that the exchange lists: those with a name."""
        return [one for one in self._agents.get(master, ()) if one.name]

    def approve_builder(self, account: str, builder: str, tenths_bp: int) -> None:
        """Let ``builder`` take up to ``tenths_bp`` tenths of a basis point of the account's orders."""
        self._builders.setdefault(account, {})[builder] = tenths_bp

    def builder_limit(self, account: str, builder: str) -> int:
        """Most that ``builder`` may take, in tenths of a basis point; 0 when it was never approved."""
        return self._builders.get(account, {}).get(builder, 0)

    def snapshot(self) -> dict[str, Any]:
        """Everything approved, JSON-able."""
        agents = {m: [[a.name, a.address, a.valid_until_ms] for a in held] for m, held in self._agents.items()}
        return {"agents": agents, "builders": {account: dict(held) for account, held in self._builders.items()}}

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Know what ``snapshot`` knew."""
        self._agents = {m: [Agent(*row) for row in rows] for m, rows in snapshot["agents"].items()}
        self._masters = {one.address: m for m, held in self._agents.items() for one in held}
        self._builders = {account: dict(held) for account, held in snapshot["builders"].items()}

    def _life(self, name: str, now_ms: int) -> tuple[str, int]:
        found = _VALID_UNTIL.match(name)
        if found is None:
            return name, now_ms + self._rules.agent_life_ms
        until = int(found["ms"])
        if not now_ms < until <= now_ms + self._rules.agent_life_most_ms:
            raise WalletRefused("Agent valid_until already expired.")
        return found["name"], until

    def _check(self, master: str, address: str, name: str, replaced: Agent | None) -> None:
        if address in self._masters and (replaced is None or replaced.address != address):
            raise WalletRefused("Extra agent already used.")
        named = len(self.named_agents(master))
        if name and replaced is None and named >= self._rules.named_agents:
            raise WalletRefused(
                f"Too many extra agents for cumulative volume traded. Current limit is {self._rules.named_agents}"
            )
