"""Words on the terminal: the only place that writes to it."""

from __future__ import annotations

import sys


def say(text: str = "") -> None:
    """One line to standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One line to standard error."""
    sys.stderr.write(f"vektor: {text}\n")
    sys.stderr.flush()
