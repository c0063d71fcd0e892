"""The plan file: a migration phase by phase as JSON, for a person to read, to edit, to commit and to apply.

What is rewritten is decided by its places alone. The edits are there to be read: apply makes them anew from the tree,
and refuses where they are not the ones of the file. So nothing in a plan file can make recanon write a foreign text.
"""

from __future__ import annotations

import json
import os
import re
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from recanon.errors import UsageError
from recanon.migration import is_pack_id

SCHEMA: Literal["recanon/plan-file/1"] = "recanon/plan-file/1"

Decision: TypeAlias = Literal["apply", "leave"]
Digest: TypeAlias = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Count: TypeAlias = Annotated[int, Meta(ge=0)]
Number: TypeAlias = Annotated[int, Meta(ge=1)]


class PlannedPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """A mention of the old API for which a rewrite is offered. To take it out, or to promote it: change `decision`.

    Args:
        id: a name that survives when lines move.
        line: from 1, in the text that the phases before leave.
        column: from 1, in characters.
        name: the mention.
        kind: import, call, reference, patch target ...
        verdict: safe, or review when behaviour may change.
        decision: whether it is rewritten; this is for a person to change.
        proposed: what recanon decides by itself; not to be changed.
        codemod: who offers the rewrite.
        reason: why it is right.
        hint: what a person should look at.
    """

    id: str
    line: Number
    column: Number
    name: str
    kind: str
    verdict: Literal["safe", "review"]
    decision: Decision
    proposed: Decision
    codemod: str
    reason: str
    hint: str = ""


class PlannedEdit(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a span of the text, to be read: apply makes the edits from the places.

    Args:
        line: the line of its first character, from 1.
        start: offset of its first character in the decoded text.
        end: offset behind its last character.
        expected: the text that stands there.
        replacement: the text that shall stand there.
        codemod: who asks for it.
    """

    line: Number
    start: Count
    end: Count
    expected: str
    replacement: str
    codemod: str


class PlannedRisk(Struct, frozen=True, forbid_unknown_fields=True):
    """How much care a file needs, and the facts behind it."""

    level: Literal["low", "medium", "high"]
    facts: tuple[str, ...]


class PlannedFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of a phase.

    Args:
        path: relative to the root of the tree.
        before: SHA-256 of its bytes when the phase begins.
        after: SHA-256 of its bytes when the phase is done.
        risk: how much care it needs.
        places: its mentions for which a rewrite is offered.
        planned: the decisions as they were planned, by the id of the place; not to be changed.
        edits: what becomes of its text, to be read.
    """

    path: str
    before: Digest
    after: Digest
    risk: PlannedRisk
    places: tuple[PlannedPlace, ...]
    planned: dict[str, Decision]
    edits: tuple[PlannedEdit, ...]


class PlannedRefusal(Struct, frozen=True, forbid_unknown_fields=True):
    """A definition or a re-export of the old API that the phase would end and cannot, because something needs it.

    Args:
        path: its module.
        line: its line, from 1.
        name: the name.
        needed: every place that needs it.
    """

    path: str
    line: Number
    name: str
    needed: tuple[str, ...]


class PlannedPhase(Struct, frozen=True, forbid_unknown_fields=True):
    """A phase.

    Args:
        id: its name.
        title: what it does.
        files: in the order in which a person would work on them, from leaves to facades to definitions.
        refused: what the phase would end and cannot.
    """

    id: str
    title: str
    files: tuple[PlannedFile, ...]
    refused: tuple[PlannedRefusal, ...]


class PlanFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A plan of a migration, all phases in order.

    Args:
        schema: the form of this file.
        recanon: the version that wrote it.
        pack: id of the pack.
        options: the pack's options in force.
        exclude: glob patterns of files that are left alone.
        review: whether rewrites for review were taken from the start.
        phases: in order; each over the text that those before it leave.
        rest: how many mentions have each verdict when all phases have run.
    """

    schema: Literal["recanon/plan-file/1"]
    recanon: str
    pack: str
    options: dict[str, str]
    exclude: tuple[str, ...]
    review: bool
    phases: tuple[PlannedPhase, ...]
    rest: dict[str, Count]

    def phase(self, name: str) -> PlannedPhase | None:
        """Return a phase by its id."""
        return next((phase for phase in self.phases if phase.id == name), None)


def plan_file_text(plan: PlanFile) -> str:
    """Return a plan file as JSON, pure ASCII, that ends with a newline; equal plans give equal texts."""
    return json.dumps(msgspec.to_builtins(plan), indent=1) + "\n"


def plan_file_schema() -> str:
    """Return the JSON Schema (2020-12) of the plan file."""
    return json.dumps(msgspec.json.schema(PlanFile), indent=1) + "\n"


def read_plan_file(data: bytes, name: str) -> PlanFile:
    """Read a plan file, which is input like any other: it is checked, and never trusted.

    Args:
        data: its bytes.
        name: how the user calls it, for messages.

    Raises:
        UsageError: it is no JSON, no plan of this form, or names a path outside of the tree.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise UsageError(f"{name} is no JSON: {exc}", "Write it anew with `recanon plan`.") from exc
    _check_form(value, name)
    try:
        plan = msgspec.convert(value, PlanFile)
    except (msgspec.ValidationError, RecursionError) as exc:
        raise UsageError(
            f"{name} is no plan: {exc}", "Of a plan, only `decision` is to be changed, and places may be taken out."
        ) from exc
    if not is_pack_id(plan.pack):
        raise UsageError(
            f"{name} names the pack {plan.pack!a}, which is no id",
            "Give a pack that lies elsewhere by --pack.",
        )
    _check_paths(plan, name)
    return plan


def _check_form(value: Any, name: str) -> None:
    found = value.get("schema") if isinstance(value, dict) else None
    if found == SCHEMA:
        return
    if isinstance(found, str) and re.fullmatch(r"recanon/plan-file/[0-9]+", found):
        raise UsageError(
            f"{name} has the form {found}; this recanon reads {SCHEMA}", "Write it anew, or use its recanon."
        )
    raise UsageError(f"{name} is no plan file of recanon", "Make one with `recanon plan TREE --pack PACK -o FILE`.")


def _check_paths(plan: PlanFile, name: str) -> None:
    """Refuse paths that are not plainly below the root, and files and phases that come twice."""
    phases: set[str] = set()
    for phase in plan.phases:
        if phase.id in phases:
            raise UsageError(f"{name} names the phase {phase.id} twice", "Write it anew with `recanon plan`.")
        phases.add(phase.id)
        paths: set[str] = set()
        for path in (file.path for file in phase.files):
            if not _is_beneath(path):
                raise UsageError(f"{name} names a file that is not below the tree: {path!a}", "Do not apply it.")
            if path in paths:
                raise UsageError(f"{name} names {path} twice in phase {phase.id}", "Take one of them out.")
            paths.add(path)


def _is_beneath(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:  # a lone surrogate, which names no file
        return False
    return "\0" not in path and not {"", ".", ".."}.intersection(path.split("/"))
