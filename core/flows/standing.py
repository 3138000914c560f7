"""Standing reasons why nothing, or not this symbol, may be entered now: facts, each with its rule and figure."""

from __future__ import annotations

from core.desk import Desk
from core.flows.live import withheld
from core.market.hours import refuse_by_hours
from core.risk.blackouts import refuse_by_blackout
from core.risk.limits import refuse_by_cooldown
from core.risk.switches import Mode, Switches
from core.risk.vigil import HOUR_MS
from core.sifting import Refusal

STAGE = "control"


def refuse_by_switch(symbol: str, switches: Switches, desk: Desk) -> Refusal | None:
    """No entries at all: halted, paused, not live, left to a person, or no person there."""
    if switches.halted or switches.paused:
        return Refusal(symbol, STAGE, "halted" if switches.halted else "paused", detail=f"by {switches.by}")
    words = withheld(desk.venue_name, desk.live_allowed, switches)
    if words:
        return Refusal(symbol, STAGE, "not_live", detail=words)
    if switches.mode is Mode.MANUAL:
        return Refusal(
            symbol, STAGE, "manual", detail="in manual mode nothing is entered without a person; /mode changes it"
        )
    if desk.attendance is not None and desk.attendance.is_away(desk.settings.live):
        hours, limit = desk.attendance.absent_ms / HOUR_MS, desk.settings.live.away_ms / HOUR_MS
        return Refusal(symbol, STAGE, "operator_away", hours, limit, "hours since an operator was heard of")
    return None


def refuse_candidate(
    judged_symbol: str, live: set[str], switches: Switches, last_close: dict[str, int], desk: Desk
) -> Refusal | None:
    """Standing reasons why a symbol is no candidate: held, blocked, blacked out, shut, cooling down (SPEC R5, T1, G3)."""
    now = desk.clock.now_ms()
    if judged_symbol in live:
        return Refusal(judged_symbol, "limits", "position_open")
    block = switches.blocks.get(judged_symbol)
    if block is not None and (block.until_ms is None or now < block.until_ms):
        return Refusal(judged_symbol, "limits", "blocked", detail=f"{block.why}, by {block.by}")
    market, rules = desk.market(judged_symbol), desk.settings
    return (
        refuse_by_blackout(market, switches.blackouts, now)
        or refuse_by_hours(market, now, rules.stock_hours, rules.asian_hours)
        or refuse_by_cooldown(judged_symbol, last_close, now, rules.limits)
    )
