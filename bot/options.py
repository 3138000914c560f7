"""Values of command-line options, and mistakes in one line that says what would be right."""

from __future__ import annotations

import argparse
import math
from typing import NoReturn

EXIT_MISTAKE = 2
PORT_MOST, SEED_MOST = 65_535, 2**32 - 1


class Parser(argparse.ArgumentParser):
    """Complains in one line, as everything else does; ``--help`` has the rest."""

    def error(self, message: str) -> NoReturn:
        """End with what was wrong."""
        said = " ".join(message.split())
        self.exit(EXIT_MISTAKE, f"vektor: {said}; see `{self.prog} --help`\n")


def port(text: str) -> int:
    """A TCP port, 0 for any. Raises :class:`argparse.ArgumentTypeError`."""
    return whole(text, 0, PORT_MOST)


def seed(text: str) -> int:
    """What a random walk begins with. Raises :class:`argparse.ArgumentTypeError`."""
    return whole(text, 0, SEED_MOST)


def whole(text: str, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``. Raises :class:`argparse.ArgumentTypeError`."""
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be; a whole number from {low} to {high} would be right")
    return value


def seconds(text: str) -> float:
    """A time over 0. Raises :class:`argparse.ArgumentTypeError`."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} cannot be; a number of seconds over 0 would be right")
    return value
