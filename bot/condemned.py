"""Keys that were declared compromised: their addresses, kept in the state folder. Never a key itself.

The file is asked before every signature and at every start, so it also binds a process that does not answer.
"""

from __future__ import annotations

from pathlib import Path

FILE = "compromised"
ANY = "*"
"""Stands for whatever key there is, where none was to be found."""


def condemned(state: Path) -> frozenset[str]:
    """Addresses that sign nothing any more."""
    try:
        return frozenset((state / FILE).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


def is_condemned(state: Path, address: str) -> bool:
    """Whether an address signs nothing any more."""
    return bool(condemned(state) & {address, ANY})


def condemn(state: Path, address: str) -> None:
    """From now on it signs nothing."""
    file = state / FILE
    file.touch(mode=0o600)
    file.write_text("".join(f"{one}\n" for one in sorted(condemned(state) | {address})), encoding="ascii")
