"""A plan as JSON, schema `recanon/plan/1`.

The schema is a promise: keys are added, never renamed or taken away, under the same number. Output is pure ASCII;
a byte of a path that is no UTF-8 stands as a lone surrogate (`"\\udcff"`), as Python's `surrogateescape` has it. Spans
count characters of the decoded text. A file's `kind` is `edit`, `create` or `delete`, and the digest
of a text that is not there is null. `mentions` holds every mention with its verdict: as many as `account.mentions`.
`guests` are those of the phases, in the order in which they ran; what they count are files.
"""

from __future__ import annotations

import json
from typing import Any

from recanon.outcome import Finding, Verdict
from recanon.plan import FileChange, Plan
from recanon.source import digest_of

SCHEMA = "recanon/plan/1"


def plan_json(plan: Plan) -> str:
    """Return the plan as a JSON text that ends with a newline; equal plans give equal texts.

    Args:
        plan: the plan to write down.
    """
    value = {
        "schema": SCHEMA,
        "pack": plan.pack,
        "options": dict(sorted(plan.options.items())),
        "phases": list(plan.phases),
        "digest": plan.digest,
        "tree": {"files": plan.files, "candidates": plan.candidates},
        "account": _account(plan),
        "files": [_file(change) for change in plan.changes],
        "mentions": [_mention(finding) for finding in plan.findings],
        "skipped": [
            {"path": skip.path, "reason": skip.reason, "hint": skip.hint, "mentions": skip.mentions}
            for skip in plan.skipped
        ],
        "reverted": [{"path": back.path, "step": back.step, "reason": back.reason} for back in plan.reverted],
        "guests": [_guest(part) for part in plan.guests],
    }
    return json.dumps(value, indent=1) + "\n"


def _guest(part: Plan) -> dict[str, Any]:
    return {
        "guest": part.pack,
        "phase": next(iter(part.phases)),
        "account": _account(part),
        "files": [_mention(finding) for finding in part.findings],
    }


def _account(plan: Plan) -> dict[str, Any]:
    account = plan.account
    counts = {str(verdict): account.verdicts.get(verdict, 0) for verdict in Verdict}
    return {
        "mentions": account.mentions,
        **counts,
        "balanced": account.balanced,
        "unexplained": list(account.unexplained),
    }


def _file(change: FileChange) -> dict[str, Any]:
    return {
        "path": change.path,
        "kind": str(change.kind),
        "before_sha256": digest_of(change.old) or None,
        "after_sha256": digest_of(change.new) or None,
        "phases": list(change.phases),
        "edits": [
            {
                "start": edit.span.start,
                "end": edit.span.end,
                "expected": edit.expected,
                "replacement": edit.replacement,
                "codemod": edit.codemod,
            }
            for edit in change.edits
        ],
    }


def _mention(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.path,
        "line": finding.line,
        "column": finding.column,
        "name": finding.word,
        "kind": finding.kind,
        "verdict": str(finding.verdict),
        "codemod": finding.codemod,
        "reason": finding.reason,
        "hint": finding.hint,
        "origin": finding.origin,
        "chain": list(finding.chain),
        "group": finding.group,
        "notes": list(finding.notes),
        "phase": finding.phase,
        "applied": finding.applied,
    }
