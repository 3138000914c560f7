"""What every test stands on: no network outside loopback, and real market data where the machine has it."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


LONGEST = ("chaos", "faults", "test_spilled", "test_live_safety", "e2e", "soak", "test_every_await", "paper")
"""Folders and files that take minutes of waiting: begun first, so that no worker is left with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, everything else as it was found."""
    items.sort(key=lambda item: not any(part in LONGEST for part in (*item.path.parts, item.path.stem)))


def is_loopback(address: Any) -> bool:
    """Whether a socket address stays on this machine."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        if not is_loopback(address):
            raise PermissionError(f"a test tried to reach {address!r}")
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        if not is_loopback(address):
            raise PermissionError(f"a test tried to reach {address!r}")
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_ex)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of recorded market data; tests that need it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no recorded market data beside the checkout (../shared/data)")
    return SHARED_DATA
