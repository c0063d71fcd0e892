"""What every SARIF log of recanon is made of (SARIF 2.1.0, OASIS standard, errata 01)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote_from_bytes

from recanon import __version__
from recanon.report.model import Rule
from recanon.safe_text import safe_text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"


def log_text(run: Mapping[str, Any]) -> str:
    """Return a log of one run as a text that ends with a newline; pure ASCII."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, separators=(",", ":")) + "\n"


def run_head(rules: Sequence[Rule], category: str) -> dict[str, Any]:
    """Return a run without its results.

    Args:
        rules: in the order in which results count them.
        category: what tells runs of different kinds apart (3.17.3); it ends with a slash.
    """
    return {
        "tool": {"driver": {"name": "recanon", "version": __version__, "rules": [_rule(rule) for rule in rules]}},
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the tree."}}},
        "automationDetails": {"id": category},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
    }


def uri(path: str) -> str:
    """Return a path as a relative reference (RFC 3986), percent-encoded; undecodable bytes as they stand on the disk.

    Args:
        path: relative to the root.
    """
    return quote_from_bytes(path.encode("utf-8", "surrogateescape"), safe="/")


def artifact(path: str) -> dict[str, str]:
    """Return the location of a file of the tree."""
    return {"uri": uri(path), "uriBaseId": ROOT}


def message_text(text: str) -> str:
    """Make plain text of a message: braces are doubled (SARIF 3.11.5), and nothing reads as a link (3.11.6)."""
    shown = "\n".join(safe_text(line) for line in text.split("\n"))
    return shown.replace("](", "] (").replace("{", "{{").replace("}", "}}")


def _rule(rule: Rule) -> dict[str, Any]:
    title = rule.title.rstrip(".")
    return {
        "id": rule.id,
        "shortDescription": {"text": message_text(title) + "."},
        "fullDescription": {"text": message_text(f"{title}. {rule.help.partition(chr(10) * 2)[0]}"[:1000])},
        "help": {"text": message_text(rule.help)},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["migration"]},
    }
