"""Repositories of a fleet, in git."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.authoring.kit import PACK_TOML, WORLD, write, write_pack

USE = "from shop.helpers import now_utc\n\nprint(now_utc())\n"
DONE = "from shop.clock import now\n\nprint(now())\n"
BY_HAND = "from shop.helpers import now_utc\n\nprint(now_utc(2))\n"
PHASES = """
[[phase]]
id = "app"
title = "Ask the clock in the application"
include = ["app/**"]

[[phase]]
id = "rest"
title = "Ask the clock everywhere else"
"""


def git(root: Path, *words: str) -> str:
    """Run git in a repository."""
    named = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    done = subprocess.run(["git", *named, "-C", str(root), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def repository(root: Path, files: Mapping[str, str]) -> Path:
    """Make a repository of git with the shop and some files, whose user has a name."""
    write(root, {**WORLD, **files})
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "config", "user.name", "A")
    git(root, "config", "user.email", "a@example.org")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Begin")
    return root


def described(folder: Path, *entries: str, head: str = "") -> Path:
    """Write the pack of the clock, in phases, and a fleet of some repositories."""
    write_pack(folder / "clock", toml=PACK_TOML + PHASES)
    tables = "\n".join(f"[[repository]]\n{entry}\n" for entry in entries)
    file = folder / "fleet.toml"
    file.write_text(f'pack = "./clock"\n{head}\n{tables}')
    return file


def fleet(file: Path, out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `recanon fleet`."""
    command = [sys.executable, "-P", "-m", "recanon", "fleet", str(file), "-o", str(out), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)
