"""A real PostgreSQL server for the tests: one that was named, or a private one started from the installed programs.

``VEKTOR_TEST_POSTGRES`` names a server on loopback (``postgresql://user:password@127.0.0.1:5432/postgres``) whose
user may create databases. Where there is neither, the tests are skipped and say so.
"""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

VARIABLE = "VEKTOR_TEST_POSTGRES"
PROGRAMS = Path("/usr/lib/postgresql")
OPTIONS = {"fsync": "off", "synchronous_commit": "off", "listen_addresses": "127.0.0.1", "max_connections": "40"}


@dataclass(frozen=True)
class PostgresServer:
    """``url`` of its maintenance database."""

    url: str

    @asynccontextmanager
    async def fresh(self) -> AsyncIterator[str]:
        """The URL of an empty database, dropped at the end."""
        name = f"vektor_{uuid.uuid4().hex}"
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(f"CREATE DATABASE {name}")
            yield self.url.rpartition("/")[0] + f"/{name}"
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        finally:
            await connection.close()


@contextmanager
def find_server() -> Iterator[PostgresServer]:
    """The named server, a private one, or a skip."""
    if named := os.environ.get(VARIABLE):
        yield PostgresServer(named)
        return
    programs = sorted(PROGRAMS.glob("*/bin"), key=lambda p: int(p.parent.name))
    if not programs:
        pytest.skip(f"no PostgreSQL: {VARIABLE} is not set and {PROGRAMS} holds no server")
    with TemporaryDirectory(prefix="vektor-pg-", dir="/tmp") as place, private_server(programs[-1], Path(place)) as url:
        yield PostgresServer(url)


@contextmanager
def private_server(programs: Path, place: Path) -> Iterator[str]:
    """A server of our own in ``place``, run by a user that is not root (the server refuses root)."""
    user = unprivileged()
    if user is not None:
        os.chown(place, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    data = place / "data"
    choices = ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
    run(user, place, programs / "initdb", "-D", data, "-U", "postgres", *choices)
    port = free_port()
    options = " ".join([f"-p {port}", f"-k {place}", *(f"--{name}={value}" for name, value in OPTIONS.items())])
    control = (programs / "pg_ctl", "-D", data, "-w")
    run(user, place, *control, "-l", place / "log", "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(user, place, *control, "-m", "immediate", "stop")


def run(user: str | None, folder: Path, *command: str | Path) -> None:
    subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def unprivileged() -> str | None:
    """Who runs the server where the tests run as root; ``None`` where they do not."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return None if os.geteuid() else next(name for name in ("postgres", "nobody") if name in known)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
