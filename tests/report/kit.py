"""Reports for the tests: of the fixture application, and of a tree whose names and code are hostile."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from recanon.audit import make_audit
from recanon.forecast import compliance_after
from recanon.import_graph import import_graph
from recanon.pack import Pack, load_pack
from recanon.phases import make_phased_plan
from recanon.plan import phase_id
from recanon.plan_writer import assessed
from recanon.report.gather import Around, make_report
from recanon.report.model import Report
from recanon.settings import Settings
from tests.helpers import AWAITED, FAC, WORLD, code, pack, write_tree

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "fixtures" / "netra_mini"
MADE = datetime(2025, 9, 14, 8, 15, tzinfo=UTC)
IMPORT = f"from {FAC} import create_websocket_manager"
BIDI = "\u202e"
# A path is a part of the page, of the text and of a URI: each of these means something in one of them.
HOSTILE_PATHS = (
    "tests/<script>alert(1)<" + "/script>.py",
    "tests/<img src=x onerror=alert(2)>.py",
    f"tests/{BIDI}gnitset.py",
    "tests/`@octocat` #1 | x.py",
    "tests/**bold** [link](https:x) <b>.py",
    "tests/line\nend\x1b[31m.py",
    "tests/100% & more?#'\".py",
    os.fsdecode(b"tests/\xff\xfe.py"),
)
HOSTILE_CODE = (
    f"{IMPORT}  # </script><script>alert(3)</script>{BIDI} <!-- <img src=x onerror=alert(4)>\n"
    "from unittest.mock import patch\n"
    f"{AWAITED}\n\nasync def g(c):\n    '@octocat </script>'\n    return [create_websocket_manager(user_id=c)]\n"
)


@cache
def fixture_report() -> Report:
    """Return the report of the fixture application."""
    chosen = load_pack("websocket-ssot", {})
    return _report(FIXTURE, chosen)


def report_of(root: Path, texts: dict[str, str]) -> Report:
    """Write a tree over the small world, and return its report."""
    write_tree(root, {**WORLD, **texts})
    return _report(root, pack())


def _report(root: Path, chosen: Pack) -> Report:
    reading = Settings(jobs=1)
    audit = make_audit(root, chosen, reading)
    phased = make_phased_plan(root, chosen, reading)
    after = compliance_after(audit, phased, reading)
    graph = import_graph(root, chosen.migration, phased.phases, jobs=1)
    risks = {phase_id(item.plan): item.risks for item in assessed(root, phased, chosen.migration)}
    return make_report(root, chosen, audit, Around(phased, after, risks, graph), MADE)


def hostile_report(root: Path) -> Report:
    """Return the report of a tree whose names and code want to be markup."""
    return report_of(root, dict.fromkeys(HOSTILE_PATHS, HOSTILE_CODE))


def awaited(before: str = "") -> str:
    """Return a module with one awaited call of the old function, below other lines."""
    return code(before) + IMPORT + AWAITED
