"""Runs a text over the world of the pack, and checks what must hold whatever the text."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tokenize
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from recanon.outcome import Verdict
from recanon.plan import FileChange, Plan
from recanon.session import make_plan
from recanon.settings import Settings
from recanon.testing.invariants import check_change
from recanon.testing.world import lay_out, load_in_world, phases_of

PACK = "websocket-ssot"
RULES = "F821,F811,F401"


def migrate(
    root: Path, files: dict[str, bytes], *, codemod: str = "", review: bool = False, refusable: bool = False
) -> Plan:
    """Plan over the world with further files, check all that must hold, and return the plan.

    Args:
        root: an empty folder.
        files: by path.
        codemod: whose phases are run; by default those that name no codemod.
        review: whether `review` rewrites are applied.
        refusable: whether the ladder may take edits back; the file then stands as it was.
    """
    pack = load_in_world(PACK)
    lay_out(pack, root, files)
    include = frozenset({Verdict.SAFE, Verdict.REVIEW} if review else {Verdict.SAFE})
    settings = Settings(phases=phases_of(pack, codemod), include=include, jobs=1, bounds=None)
    plan = make_plan(root, pack, settings)
    assert plan.account.balanced, plan.account
    assert refusable or not plan.reverted, plan.reverted
    assert not {item.path for item in plan.reverted} & {change.path for change in plan.changes}
    for change in plan.changes:
        check_change(change)
        (root / change.path).write_bytes(change.after)
    check_complaints(plan.changes)
    assert not make_plan(root, pack, settings).changes, "a second pass changes something"
    return plan


def after(plan: Plan, path: str) -> bytes | None:
    """Return the new bytes of a file, or None when it does not change."""
    return next((change.after for change in plan.changes if change.path == path), None)


def told(plan: Plan, path: str) -> str:
    """Return the findings of a file, for messages."""
    return "\n".join(
        f"{f.line}:{f.column} {f.kind} {f.word}: {f.verdict}: {f.reason}" for f in plan.findings if f.path == path
    )


def check_complaints(changes: Sequence[FileChange]) -> None:
    """Check that ruff, asked apart from the verification ladder, has nothing new to say."""
    old = _complaints([change.before for change in changes])
    new = _complaints([change.after for change in changes])
    for change, before, after_ in zip(changes, old, new, strict=True):
        assert not after_ - before, f"new complaints about {change.path}: {dict(after_ - before)}"


def _complaints(texts: Sequence[bytes]) -> list[Counter[str]]:
    """Return what ruff says of each text; it is asked once, for it takes longer to begin than to read."""
    if not texts:
        return []
    found: list[Counter[str]] = [Counter() for _ in texts]
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(texts):
            encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
            Path(folder, f"m{number}.py").write_bytes(data.decode(encoding).encode())
        line = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--ignore-noqa", "--select", RULES]
        done = subprocess.run([*line, "--output-format", "json", folder], capture_output=True, check=False)
    for item in json.loads(done.stdout):
        found[int(Path(item["filename"]).stem[1:])][item["code"]] += 1
    return found
