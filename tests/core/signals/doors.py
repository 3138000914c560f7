"""Doors into the compiled passes, built for the tests; skipped on a machine without a C compiler."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("doors.c")
COMPILER = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


@cache
def doors() -> ctypes.CDLL:
    """The library of the doors."""
    if COMPILER is None:
        pytest.skip("no C compiler: what the compiled passes keep to themselves is not asked")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "doors.so"
        flags = ["-std=c11", "-O1", "-ffp-contract=off", "-fPIC", "-shared"]
        subprocess.run([COMPILER, *flags, "-o", str(target), str(SOURCE), "-lm"], check=True)
        loaded = ctypes.CDLL(str(target))
    loaded.door_volume.argtypes = (ctypes.c_double, ctypes.c_double, ctypes.c_void_p)
    loaded.door_size.restype = ctypes.c_int64
    return loaded
