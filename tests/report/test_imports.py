"""Who imports what: counted by resolved modules, drawn without losing a file."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recanon.import_graph import Flow, ImportGraph, Roads, imported
from recanon.report.flow_chart import OTHERS, flow_charts
from tests.helpers import CANON, FAC, UNI, pack
from tests.report.kit import awaited, report_of

ROADS = Roads.of(pack().migration, source_root=True)
CORE = "app.websocket_core"


@pytest.mark.parametrize(
    ("path", "text", "modules"),
    [
        ("app/a.py", f"from {FAC} import create_websocket_manager", {FAC}),
        ("app/a.py", f"import {FAC} as f", {FAC}),
        ("app/a.py", f"from {CORE} import websocket_manager_factory", {FAC}),
        ("app/a.py", f"from {CORE} import websocket_manager", {CANON}),
        ("app/a.py", f"from {CORE} import create_websocket_manager", {CORE}),
        ("app/a.py", f"from {CORE} import WebSocketManager", {CORE}),
        ("app/a.py", f"from {CORE} import *", {CORE}),
        ("app/a.py", f"def f():\n    if f:\n        from {UNI} import UnifiedWebSocketManager", {UNI}),
        ("app/a.py", f"try:\n    from {CANON} import x\nexcept ImportError:\n    import {UNI}", {CANON, UNI}),
        ("app/websocket_core/a.py", "from .unified_manager import UnifiedWebSocketManager", {UNI}),
        ("app/websocket_core/__init__.py", "from .websocket_manager import WebSocketManager", {CANON}),
        ("app/websocket_core/sub/a.py", "from ..websocket_manager_factory import x", {FAC}),
        ("app/a.py", f"from {CORE}.facade import create_websocket_manager", {f"{CORE}.facade"}),
        ("app/a.py", f"from {CORE} import protocols", set()),
        ("app/a.py", f"import {CORE}", set()),
        ("app/a.py", f"text = 'from {FAC} import x'  # import {UNI}", set()),
        ("app/a.py", "from other.place import create_websocket_manager", set()),
        ("app/a.py", f"from {FAC} import (", set()),
    ],
)
def test_an_import_is_counted_where_it_leads(path: str, text: str, modules: set[str]) -> None:
    assert imported(path, f"{text}\n".encode(), ROADS) == modules


def test_files_are_counted_before_and_after(tmp_path: Path) -> None:
    report = report_of(tmp_path, {"app/x/one.py": awaited(), "app/x/two.py": awaited(), "tests/three.py": awaited()})
    flows = {(flow.folder, flow.module): (flow.before, flow.after) for flow in report.graph.flows}
    assert flows["app/x", FAC] == (2, 0)
    assert flows["app/x", CANON] == (0, 2)
    assert flows["tests", FAC] == (1, 0)
    assert report.graph.canonical == (CANON,)


FLOWS = st.lists(
    st.builds(
        Flow,
        st.sampled_from([f"folder{number}" for number in range(20)]),
        st.sampled_from([CANON, FAC, UNI, CORE]),
        st.integers(0, 500),
        st.integers(0, 500),
    ),
    max_size=60,
    unique_by=lambda flow: (flow.folder, flow.module),
)


@given(FLOWS)
def test_no_file_is_lost_in_the_picture_and_nothing_overlaps(flows: list[Flow]) -> None:
    charts = flow_charts(ImportGraph((CANON,), tuple(flows)))
    if charts is None:
        assert not flows
        return
    for chart, counts in zip(charts, ([f.before for f in flows], [f.after for f in flows]), strict=True):
        for nodes in (chart.folders, chart.modules, chart.ribbons):
            assert sum(node.files for node in nodes) == sum(counts)
        for column in (chart.folders, chart.modules):
            assert all(upper.y + upper.height <= lower.y for upper, lower in pairwise(column))
            assert all(node.y >= 0 and node.y + node.height <= chart.height for node in column)
        numbers = [float(n) for ribbon in chart.ribbons for n in re.findall(r"-?\d+\.\d+", ribbon.path)]
        assert all(0 <= n <= max(chart.height, 600) for n in numbers)
    assert [node.name for node in charts[0].modules] == [node.name for node in charts[1].modules]
    assert sum(node.name == OTHERS for node in charts[0].folders) == (len({f.folder for f in flows}) > 10)
