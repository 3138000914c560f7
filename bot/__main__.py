"""The ``vektor`` command. Parses, imports the one part that is asked for, and turns errors into one clear line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.options import EXIT_MISTAKE, Parser, port, seconds, seed

STATE = Path("state")
STATEFUL = {"run", "venue", "chat", "status", "pause", "resume", "flatten", "compromised"}
"""Commands that write into a state folder: keys, balances, what was said."""
PRIVATE = 0o077


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = Parser(prog="vektor", description="A chat-operated trading desk for perpetual futures.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_run(commands.add_parser("run", help="the bot: chat, markets, trading"))
    add_replay(commands.add_parser("replay", help="the whole pipeline over recorded candles"))
    add_moment(commands.add_parser("scan", help="one scan over recorded candles: every market's outcome"))
    add_moment(commands.add_parser("enrich", help="timeframes and the 35 dimensions of every recorded market"))
    add_venue(commands.add_parser("venue", help="the simulated exchange alone, on loopback"))
    add_chat(commands.add_parser("chat", help="the local Bot API server and chat page alone"))
    for verb, words in (
        ("status", "equity, positions and switches"),
        ("pause", "no new entries until resumed"),
        ("resume", "allow entries again"),
        ("flatten", "halt, cancel, close everything, verify flat"),
        ("compromised", "somebody else may know the key: flatten, sign nothing more, stop"),
    ):
        add_host(commands.add_parser(verb, help=f"{words} (works with Telegram down)"))
    numbers = commands.add_parser("numbers", help="every setting: name, value, unit, bounds, origin")
    numbers.add_argument("--state", type=Path, default=STATE, help="state folder whose settings.toml counts")
    return top


def add_run(one: argparse.ArgumentParser) -> None:
    """Options of ``vektor run``."""
    one.add_argument("--chat", choices=("local", "telegram"), help="default: telegram with a token in .env, else local")
    one.add_argument("--venue", choices=("sim", "paper", "testnet", "mainnet"), default="sim")
    one.add_argument("--data", type=Path, help="folder of recorded candles with a manifest.csv")
    one.add_argument("--from", dest="start", help="where in the data to begin: ISO 8601 or epoch ms")
    one.add_argument("--speed", default="1", help="market seconds per second, or 'step'")
    one.add_argument("--seed", type=seed, default=None, help="seed of the synthetic market")
    one.add_argument("--state", type=Path, default=STATE, help="folder of everything that is kept")
    one.add_argument("--port", type=port, default=0, help="port of the chat page (0: any)")
    one.add_argument("--duration", type=seconds, help="stop cleanly after so many seconds")


def add_replay(one: argparse.ArgumentParser) -> None:
    """Options of ``vektor replay``."""
    one.add_argument("--data", type=Path, required=True)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--from", dest="start", help="ISO 8601 or epoch ms")
    one.add_argument("--to", dest="end", help="ISO 8601 or epoch ms")
    one.add_argument("--state", type=Path, default=STATE, help="state folder whose settings.toml counts")
    one.add_argument("--json", action="store_true", help="print summary.json instead of a few lines")


def add_moment(one: argparse.ArgumentParser) -> None:
    """Options of ``vektor scan`` and ``vektor enrich``."""
    one.add_argument("--data", type=Path, required=True, help="folder of recorded candles with a manifest.csv")
    one.add_argument("--at", help="ISO 8601 or epoch ms (default: the last 15m close with the most sound markets)")
    one.add_argument("--state", type=Path, default=STATE, help="state folder whose settings.toml counts")
    one.add_argument("--json", action="store_true", help="everything, for programs")


def add_venue(one: argparse.ArgumentParser) -> None:
    """Options of ``vektor venue``."""
    one.add_argument("--data", type=Path)
    one.add_argument("--from", dest="start", help="ISO 8601 or epoch ms")
    one.add_argument("--seed", type=seed, default=None)
    one.add_argument("--port", type=port, default=0)
    one.add_argument(
        "--account", action="append", default=[], metavar="ADDRESS[=USD]", help="open and fund; repeatable"
    )
    one.add_argument("--speed", default="1", help="market seconds per second, or 'step'")
    one.add_argument("--state", type=Path, help="file that keeps accounts and market")


def add_chat(one: argparse.ArgumentParser) -> None:
    """Options of ``vektor chat``."""
    one.add_argument("--port", type=port, default=0)


def add_host(one: argparse.ArgumentParser) -> None:
    """Options of the host verbs."""
    one.add_argument("--state", type=Path, default=STATE)


def commands() -> dict[str, Callable[[argparse.Namespace], int]]:
    """The part that carries out each command; imported when asked for."""

    def run(options: argparse.Namespace) -> int:
        from bot.running import run_command

        return run_command(options)

    def replay(options: argparse.Namespace) -> int:
        from bot.replaying import replay_command

        return replay_command(options)

    def scan(options: argparse.Namespace) -> int:
        from bot.scanning import scan_command

        return scan_command(options)

    def enrich(options: argparse.Namespace) -> int:
        from bot.enriching import enrich_command

        return enrich_command(options)

    def venue(options: argparse.Namespace) -> int:
        from bot.standalone import venue_command

        return venue_command(options)

    def chat(options: argparse.Namespace) -> int:
        from bot.standalone import chat_command

        return chat_command(options)

    def host(options: argparse.Namespace) -> int:
        from bot.hosting import host_command

        return host_command(options)

    def numbers(options: argparse.Namespace) -> int:
        from bot.numbers import table
        from bot.state import read_settings
        from bot.terminal import say

        settings, source = read_settings(options.state)
        say(table(settings, source))
        return 0

    verbs = dict.fromkeys(("status", "pause", "resume", "flatten", "compromised"), host)
    recorded = {"replay": replay, "scan": scan, "enrich": enrich}
    return {"run": run, **recorded, "venue": venue, "chat": chat, "numbers": numbers, **verbs}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it came through, 2 for a mistake or a refused start."""
    options = parser().parse_args(arguments)
    if options.command in STATEFUL:
        os.umask(PRIVATE)
    from core.errors import VektorError

    try:
        return commands()[options.command](options)
    except VektorError as mistake:
        from bot.terminal import complain

        complain(str(mistake))
        return EXIT_MISTAKE
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
