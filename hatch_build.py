"""Compiles the passes when the package is built or installed: by the machine's C compiler, else by one from PyPI."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("core/signals/kernels")
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fPIC", "-shared", "-Wall", "-Wextra", "-Werror")
"""No fused and no reordered arithmetic: every machine must come to the same bits."""
COMPILERS = ("cc", "gcc", "clang")
ZIG = "ziglang==0.15.2"
"""A C compiler as a package, for a machine that has none."""
SUFFIX = {"darwin": ".dylib", "win32": ".dll"}.get(sys.platform, ".so")


class CompiledPasses(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's hook: leaves ``compiled.so`` beside the sources and lists it as part of the package."""

    def dependencies(self) -> list[str]:
        """What building needs besides hatchling."""
        return [] if compiler() else [ZIG]

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        """Compile before anything is packed."""
        folder = Path(self.root) / SOURCES
        target = folder / f"compiled{SUFFIX}"
        fresh = target.with_suffix(".new")
        found = compiler()
        command = [found] if found else [sys.executable, "-m", "ziglang", "cc"]
        sources = sorted(str(one) for one in folder.glob("*.c"))
        subprocess.run([*command, *FLAGS, "-o", str(fresh), *sources, "-lm"], check=True)
        fresh.replace(target)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
        build_data["artifacts"].append(f"{SOURCES}/compiled{SUFFIX}")


def compiler() -> str | None:
    """The machine's C compiler, if there is one."""
    return next((path for name in COMPILERS if (path := shutil.which(name))), None)
