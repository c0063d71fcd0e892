"""Codemods that do harm in one file, to see the ladder stop them there and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import libcst as cst

from recanon.codemod import Answer, Build, Example, Rewrite
from recanon.sites import Site
from tests.helpers import FAC, Outcome, migrate, pack, pack_with

BAD = "tests/bad.py"
GOOD = "tests/good.py"
OLD = f"from {FAC} import create_websocket_manager\n"
AWAITED = f"{OLD}\n\nasync def f(c):\n    return await create_websocket_manager(c)\n"


class Bad:
    """A codemod that answers as the real one does, but with other words in one file.

    Args:
        words: what of the answer's fields is another.
        path: the file.
        of: id of the real codemod.
        kinds: the kinds of sites whose answer is changed.
    """

    title: ClassVar[str] = "does harm"
    examples: ClassVar[tuple[Example, ...]] = ()

    def __init__(
        self,
        words: Mapping[str, Any],
        *,
        path: str = BAD,
        of: str = "factory-function",
        kinds: tuple[str, ...] = ("call",),
    ) -> None:
        self.words = words
        self.path = path
        self.real = pack().codemods[of]
        self.kinds = kinds

    def answer(self, site: Site) -> Answer | None:
        """Answer."""
        answer = self.real.answer(site)
        if site.file.path != self.path or site.kind not in self.kinds or not isinstance(answer, Rewrite):
            return answer
        return replace(answer, **self.words)


def written(text: str) -> Build:
    """Return a `build` that writes a text in the place of the call, `NAME` being the local name."""
    return lambda call, name: cst.parse_expression(text.replace("NAME", name))


def named(name: str) -> Build:
    """Return a `build` that writes a name, also one that is none."""
    return lambda call, local: cst.Name(name)


def tried(root: Path, codemod: Bad, text: str = AWAITED, texts: Mapping[str, str] | None = None) -> Outcome:
    """Plan with a bad codemod over a file that it harms and one that it does not."""
    tree = {BAD: text, GOOD: AWAITED, **(texts or {})}
    return migrate(root, tree, using=pack_with(factory_function=codemod))


def check_stopped(done: Outcome, step: str, path: str = BAD) -> None:
    """Check that the ladder took the edits of one file back, said why, and let the rest of the plan stand."""
    reverted = done.reverted(path)
    assert reverted is not None, done.text(path)
    assert reverted.step == step, reverted
    assert reverted.reason
    assert path not in done.changed()
    assert GOOD in done.changed()
    assert all(not f.applied for f in done.found(path))
    told = [f for f in done.found(path) if f.group == "check failed"]
    assert told
    assert all(f.verdict == "manual" and step in f.reason and reverted.reason in f.reason and f.hint for f in told)
