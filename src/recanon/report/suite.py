"""What a report says about a suite of validation tests."""

from __future__ import annotations

from recanon.report.content import Group, Row, Section
from recanon.suite import Suite

_TITLES = {
    "import": "imports of the old API",
    "door": "modules that offer an old name",
    "class": "implementations",
    "call": "calls of the class without the keyword",
    "unreadable": "files that cannot be parsed",
}


def suite_sections(suite: Suite) -> list[Section]:
    """Return what a suite allows, and what it fails on today.

    Args:
        suite: the suite to speak of.
    """
    rows = tuple(
        Row(_TITLES[kind], f"{suite.allowed[kind]} allowed, {suite.broken[kind]} to go") for kind in suite.allowed
    )
    lead = "what stays is allowed with its reason in tables.json; what is to go fails until the migration was applied"
    return [Section("validation tests", lead, (Group(rows),))]
