"""A report as one page for a browser that works without a network.

Nothing from the tree becomes markup: the template escapes every value, the script sets text only, and the content
security policy (CSP 3, by hashes) lets neither another script nor another style run, nor anything be fetched.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from recanon import __version__
from recanon.audit import Share
from recanon.history import Moment
from recanon.outcome import Verdict
from recanon.report import flow_chart, time_chart
from recanon.report.findings_data import DETECTED, findings_data
from recanon.report.model import Report
from recanon.report.risks import risk_matrix
from recanon.risk import LEVELS
from recanon.safe_text import safe_text

_FOLDERS, _NEW = 12, 50


def report_html(report: Report) -> str:
    """Return a report as an HTML document.

    Args:
        report: what to show.
    """
    style, script = (_part(name) for name in ("page.css", "page.js"))
    moments = [*report.history, Moment(report.made, report.audit.compliance.places)]
    folders = sorted(report.audit.compliance.folders, key=lambda share: (-share.old, share.name))
    matrix = risk_matrix(report)
    verdicts = [(str(verdict), report.audit.plan.account.verdicts.get(verdict, 0)) for verdict in Verdict]
    detected = sum(not place.is_mention for entry in report.files for place in entry.places)
    text: str = (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            plan=report.audit.plan,
            compliance=report.audit.compliance,
            version=__version__,
            policy=_policy(style, script),
            style=Markup(style),
            script=Markup(script),
            data=Markup(findings_data(report)),
            verdicts=verdicts,
            chips=[*verdicts, (DETECTED, detected)],
            charts=flow_chart.flow_charts(report.graph),
            flow=flow_chart,
            time=time_chart.time_chart(moments),
            matrix=matrix,
            levels=LEVELS,
            guarded=report.guarded,
            new_shown=_NEW,
            most=max((count for counts in matrix.values() for count in counts.values()), default=1),
            folders=folders[:_FOLDERS],
            more_folders=folders[_FOLDERS:],
        )
    )
    return text


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("recanon.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(number=_number, total=_total, stack=_stack)
    return made


def _visible(value: Any) -> Any:
    """Make everything that a value hides visible, wherever the template shows one."""
    return safe_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _number(value: int) -> str:
    return f"{value:,}"


def _total(share: Share) -> int:
    return share.canonical + share.old


def _stack(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int, float, float]]:
    """Return name, count, start and width of the parts of a bar of 100 units."""
    whole = sum(count for _, count in counts) or 1
    parts: list[tuple[str, int, float, float]] = []
    at = 0.0
    for name, count in counts:
        width = 100 * count / whole
        parts.append((name, count, round(at, 2), round(width, 2)))
        at += width
    return parts


def _part(name: str) -> str:
    return (files("recanon.report") / "page" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Return the content security policy of the page; its hashes are over the very text of the elements."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
