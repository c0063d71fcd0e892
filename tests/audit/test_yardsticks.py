"""The owners' yardsticks, each by its definition, on small trees whose figures can be counted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from recanon.audit import measure
from recanon.errors import PackError
from recanon.pack import load_pack
from recanon.yardstick import Figures, Tally, Texts
from tests.audit.kit import ground

APP, OLD, CORE = "netra_backend/app/", "netra_backend/app/websocket/", "netra_backend/app/websocket_core/"


def now(name: str, files: Mapping[str, str]) -> Figures:
    yardsticks = load_pack("websocket-ssot").yardsticks
    (measured,) = measure(Texts(dict(sorted(files.items()))), {name: yardsticks[name]})
    return measured.now


def test_every_yardstick_gives_the_figures_that_were_published() -> None:
    yardsticks = load_pack("websocket-ssot").yardsticks
    assert sorted(yardsticks) == ["census", "compliance", "initialisation"]
    for measured in measure(Texts({}), yardsticks):
        assert set(measured.published) <= set(measured.now)
        assert not any(measured.now.values()), "an empty tree has nothing to count"


def test_compliance_tells_old_mixed_and_compliant_files_apart() -> None:
    files = {
        f"{APP}old.py": "import websocket\nwebsocketmanagerfactory()\n",
        f"{APP}mixed.py": "import websocket\nWebSocketManagerFactory()\n",
        "tests/good.py": "import WebSocketManager\n",
        "scripts/other.py": "import websockets\n",
        "test_framework/silent.py": "import os\n",
        "elsewhere/good.py": "import WebSocketManager\n",
        f"{APP}canonical_imports.py": "import websocket, get_websocket_manager_factory\n",
    }
    expected = {"percent": 25.0, "files": 2, "deprecated": 1, "mixed": 1, "compliant": 1, "neither": 1, "analysed": 4}
    assert now("compliance", files) == expected


def test_compliance_says_what_share_the_files_with_a_manager_have() -> None:
    files = {
        f"{APP}mixed.py": "import websocket\nWebSocketManagerFactory()\n",
        "tests/good.py": "import WebSocketManager\n",
        **{f"scripts/other{number}.py": "import websockets\n" for number in range(6)},
    }
    yardsticks = load_pack("websocket-ssot").yardsticks
    (measured,) = measure(Texts(dict(sorted(files.items()))), {"compliance": yardsticks["compliance"]})
    assert measured.remark == (
        "12.5 % counts 6 of 8 files that mention websockets and hold no manager's name: migrating everything lifts it "
        "to 25.0 % and never to 100 %. Among the files that hold one it is 50.0 %."
    )


def test_initialisation_counts_files_with_several_patterns_and_each_deprecated_one() -> None:
    files = {
        f"{APP}one.py": "websocket = get_websocket_manager(c)\n",
        f"{APP}two.py": "get_websocket_manager(c); create_websocket_manager(c)\n",
        "tests/both.py": "get_websocket_manager_factory(); WebSocketManagerFactory()\n",
        f"{CORE}websocket_manager.py": "get_websocket_manager(c); create_websocket_manager(c)\n",
    }
    assert now("initialisation", files) == {"multiple": 2, "deprecated": 2}


def test_the_census_counts_its_six_things() -> None:
    files = {
        f"{OLD}a.py": "# Compatibility\nfrom netra_backend.app.websocket.b import x\nclass WebSocketManagerMode: 1\n",
        f"{OLD}b.py": "def f():\n    from netra_backend.app.websocket.a import y\n",
        f"{CORE}c.py": "class UnifiedHandler: ...\nclass LegacyHandler: ...\ndef get_manager(): ...\n",
        f"{CORE}broken.py": "class (\n_instance = None\n",
        f"{APP}user.py": "from netra_backend.app.websocket.connection_manager import z\n",
        "tests/t.py": "from netra_backend.app.websocket.connection_manager import z\n",
    }
    expected = {"managers": 1, "shims": 1, "factories": 2, "fragmented": 1, "cycles": 2, "noncanonical": 1}
    assert now("census", files) == expected


class Short:
    title: ClassVar[str] = "short"
    published: ClassVar[Mapping[str, int | float]] = {"one": 1, "two": 2}
    blind: ClassVar[str] = ""
    beside: ClassVar[Mapping[str, str]] = {"one": "cycels"}

    def measure(self, texts: Texts) -> Tally:
        return Tally({"one": len(texts.files)})


class Strange(Short):
    published: ClassVar[Mapping[str, int | float]] = {"one": 1}


def test_a_yardstick_that_lacks_a_published_figure_is_refused() -> None:
    with pytest.raises(PackError, match="two"):
        measure(Texts({}), {"short": Short()})


def test_a_yardstick_beside_an_unknown_detector_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        measure(Texts({}), {"strange": Strange()}, ground(tmp_path, {}))
    assert caught.value.hint == "Did you mean cycles?"


def test_what_the_census_counts_is_held_beside_what_the_detectors_find(tmp_path: Path) -> None:
    files = {
        f"{OLD}a.py": "# Compatibility\nclass WebSocketManagerMode:\n    pass\n",
        f"{OLD}b.py": "# compatibility\nfrom netra_backend.app.websocket.a import WebSocketManagerMode\n",
    }
    loaded = load_pack("websocket-ssot")
    made = ground(tmp_path, files, migration=loaded.migration)
    (measured,) = measure(Texts(files), {"census": loaded.yardsticks["census"]}, made)
    shims = next(item for item in measured.beside if item.figure == "shims")
    assert (len(shims.counted), shims.real, shims.found, shims.unseen) == (2, 1, 1, 0)
    reasons = {thing.path: opinion.reason for thing, opinion in shims.counted}
    assert "defines class WebSocketManagerMode" in reasons[f"{OLD}a.py"]
    managers = next(item for item in measured.beside if item.figure == "managers")
    assert [(thing.name, opinion.real) for thing, opinion in managers.counted] == [("WebSocketManagerMode", False)]
