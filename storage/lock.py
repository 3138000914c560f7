"""One process per state folder and per account: a second one is told who was first.

The kernel holds the lock and lets go when the process dies, however it dies; what is written in the file only tells
who holds it. Nothing here waits: the lock is free or it is not.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from core.errors import StartRefused

FILE = "vektor.lock"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock. ``since_ms`` is wall time."""

    pid: int
    host: str
    since_ms: int
    venue: str
    account: str
    folder: str

    def __str__(self) -> str:
        since = datetime.fromtimestamp(self.since_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return f"process {self.pid} on {self.host}, since {since}, venue {self.venue}, state folder {self.folder}"


class StateLock:
    """The lock of a state folder and of an exchange account; a context manager.

    ``account`` is what two processes must not share (``mainnet:0xab…``), empty where sharing does no harm: its lock
    lies in ``shared`` (by default the machine's folder for temporary files), where processes with other state folders
    look too.
    """

    def __init__(
        self, folder: Path, account: str, *, venue: str, host: str, now_ms: int, shared: Path | None = None
    ) -> None:
        self._mine = Holder(os.getpid(), host, now_ms, venue, account, str(folder.resolve()))
        self._paths = [folder / FILE]
        if account:
            self._paths.append(account_file(account, shared))
        self._held: list[int] = []

    def acquire(self) -> Self:
        """Take the lock. Raises :class:`StartRefused` naming who holds it, and takes nothing then."""
        try:
            for path in self._paths:
                self._held.append(self._take(path))
        except StartRefused:
            self.release()
            raise
        return self

    def _take(self, path: Path) -> int:
        file = _opened(path)
        if not _locked(file):
            holder = _read(file)
            os.close(file)
            what = "this state folder" if path.name == FILE else f"the account {self._mine.account}"
            who = str(holder) if holder else "a process that is just starting"
            raise StartRefused(
                f"another Vektor runs with {what}: {who}. Stop it, or choose another with --state",
                path=str(path),
                pid=holder.pid if holder else 0,
            )
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(asdict(self._mine)).encode(), 0)
        return file

    def release(self) -> None:
        """Let go. Doing it twice is no error."""
        while self._held:
            file = self._held.pop()
            os.ftruncate(file, 0)
            os.close(file)

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def holder_of(folder: Path) -> Holder | None:
    """Who runs in a state folder now; ``None`` when nobody does (a dead process holds nothing)."""
    path = folder / FILE
    if not path.exists():
        return None
    file = _opened(path)
    try:
        if _locked(file):
            return None
        return _read(file) or Holder(0, "", 0, "", "", str(folder))
    finally:
        os.close(file)


def account_file(account: str, shared: Path | None = None) -> Path:
    """Where the lock of an account lies; the account's name is not readable from it."""
    digest = hashlib.sha256(account.encode()).hexdigest()[:16]
    return (shared or Path(tempfile.gettempdir())) / f"vektor-{os.getuid()}-{digest}.lock"


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        words = error.strerror or str(error)
        raise StartRefused(f"the lock {path} cannot be opened ({words})", path=str(path)) from error
    owner = os.fstat(file).st_uid
    if path.name != FILE and owner != os.getuid():  # anyone may put a file into the shared folder
        os.close(file)
        raise StartRefused(f"the lock {path} belongs to another user ({owner}); have it removed", path=str(path))
    return file


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: int) -> Holder | None:
    """What the holder wrote, if it has yet."""
    try:
        return Holder(**json.loads(os.pread(file, 4096, 0)))
    except (ValueError, TypeError):
        return None
