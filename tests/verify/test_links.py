"""Steps 5, 8, 9 and 10: imports and patches that would dangle, new cycles, and plans that never come to rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from recanon.codemod import Answer, Example, Rewrite
from recanon.propose.demands import Demands
from recanon.propose.needs import Needs
from recanon.propose.program_plan import Planner
from recanon.sites import Site
from tests.helpers import CANON, CORE, FAC, WORLD, migrate, pack, pack_with
from tests.verify.kit import AWAITED, BAD, GOOD, Bad, check_stopped

CONSUMER = "app/services/a.py"
USER = "from app.websocket_core import create_websocket_manager\n\n\n" + (
    "async def f(c):\n    return await create_websocket_manager(c)\n"
)
PROTOCOLS = CORE + "protocols.py"


def none(*args: Any) -> Iterator[tuple[str, Needs]]:
    """Find no needs."""
    return iter(())


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planner that does not ask what files need of each other."""
    for name in ("import_needs", "reach_needs", "hidden_needs"):
        monkeypatch.setattr(Demands, name, none)
    monkeypatch.setattr(Demands, "patch_need", lambda *args: None)


@pytest.mark.usefixtures("careless")
@pytest.mark.parametrize(
    "importer",
    [
        "from app.services.a import create_websocket_manager\n\nprint(create_websocket_manager)\n",
        "def f():\n    from app.services.a import create_websocket_manager as make\n\n    return make\n",
        "try:\n    from app.services.a import create_websocket_manager\nexcept ImportError:\n    pass\nelse:\n"
        "    print(create_websocket_manager)\n",
    ],
)
def test_a_name_that_another_file_imports_is_not_dropped(tmp_path: Path, importer: str) -> None:
    done = migrate(tmp_path, {CONSUMER: USER, "tests/b.py": importer, GOOD: AWAITED})
    check_stopped(done, "5 imports", CONSUMER)
    assert "tests/b.py" in str(done.reverted(CONSUMER))


@pytest.mark.usefixtures("careless")
@pytest.mark.parametrize(
    "patch",
    [
        "patch.object(a, 'create_websocket_manager')",
        "patch.multiple('app.services.a', create_websocket_manager=None)",
    ],
)
def test_a_name_that_a_test_patches_is_not_dropped(tmp_path: Path, patch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Planner, "patches", lambda *args: {})
    head = "from unittest.mock import patch\nfrom app.services import a\n"
    test = f"{head}\n\ndef test_f():\n    with {patch}:\n        a.f(1)\n"
    done = migrate(tmp_path, {CONSUMER: USER, "tests/b.py": test, GOOD: AWAITED})
    check_stopped(done, "8 patch targets", CONSUMER)
    assert "tests/b.py" in str(done.reverted(CONSUMER))


def test_an_import_that_the_canonical_module_leads_back_to_is_stopped(tmp_path: Path) -> None:
    class Careless:
        title: ClassVar[str] = "asks for no cycle"
        examples: ClassVar[tuple[Example, ...]] = ()

        def answer(self, site: Site) -> Answer | None:
            return Rewrite(f"{CANON}.{site.name.name if site.name else ''}", "moved")

    moving = "from app.websocket_core.unified_manager import WebSocketConnection\n\nconnection = WebSocketConnection\n"
    texts = {PROTOCOLS: WORLD[PROTOCOLS] + moving, GOOD: AWAITED}
    done = migrate(tmp_path, texts, using=pack_with(class_path=Careless()))
    check_stopped(done, "9 cycles", PROTOCOLS)


def test_a_cycle_over_a_third_module_is_stopped(tmp_path: Path) -> None:
    consumer = USER.replace("from app.websocket_core import", f"from {FAC} import")
    texts = {
        PROTOCOLS: WORLD[PROTOCOLS] + "\nfrom app.services import a\n\nprint(a)\n",
        CONSUMER: consumer,
        GOOD: AWAITED,
    }
    real = pack().codemods["factory-function"]

    class Careless:
        title: ClassVar[str] = "asks for no cycle"
        examples: ClassVar[tuple[Example, ...]] = ()

        def answer(self, site: Site) -> Answer | None:
            return Rewrite(f"{CANON}.get_websocket_manager", "moved") if site.imported else real.answer(site)

    done = migrate(tmp_path, texts, using=pack_with(factory_function=Careless()))
    check_stopped(done, "9 cycles", CONSUMER)


def test_the_same_import_within_a_function_makes_no_cycle(tmp_path: Path) -> None:
    head = f"    from {FAC} import create_websocket_manager\n\n"
    local = f"async def f(c):\n{head}    return await create_websocket_manager(c)\n"
    texts = {PROTOCOLS: WORLD[PROTOCOLS] + "\nfrom app.services import a\n\nprint(a)\n", CONSUMER: local}
    done = migrate(tmp_path, texts)
    assert f"    from {CANON} import get_websocket_manager\n" in done.text(CONSUMER)


def test_a_codemod_that_takes_its_own_work_back_is_stopped(tmp_path: Path) -> None:
    package, factory = "app.websocket_core.create_websocket_manager", f"{FAC}.create_websocket_manager"

    class Swing(Bad):
        def answer(self, site: Site) -> Answer | None:
            found = site.origin.symbol
            if site.file.path != BAD or site.kind == "reference" or found is None:
                return self.real.answer(site)
            return Rewrite(package if found.module == FAC else factory, "the other one", turns=True)

    done = migrate(tmp_path, {BAD: AWAITED, GOOD: AWAITED}, using=pack_with(factory_function=Swing({})))
    check_stopped(done, "10 second pass")


def test_a_file_beside_a_package_of_its_name_is_never_imported_and_stops_nothing(tmp_path: Path) -> None:
    text = f"from {FAC} import create_websocket_manager\n{AWAITED}"
    patched = f'from unittest.mock import patch\n\npatch("{FAC}.create_websocket_manager")\n'
    shadowed = {"app/services/chat.py": text + patched, "app/services/chat/__init__.py": text}
    done = migrate(tmp_path, {**shadowed, "app/services/user.py": "import app.services.chat\n"})
    assert set(shadowed) <= done.changed()
