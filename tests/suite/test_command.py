"""`recanon guard tests` as a user meets it: where it writes, what it refuses, what it says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.helpers import WORLD, write_tree
from tests.suite.kit import PACK, ROOT, edit, recanon, run_suite

SMALL = {path: text for path, text in WORLD.items() if "/__init__" in path or "manager" in path or "protocols" in path}
WORDS = (*PACK, "--set", "prefix=app", "--include", "review")
CONSUMER = """\
from app.websocket_core.websocket_manager_factory import create_websocket_manager


async def greet(context):
    return await create_websocket_manager(context)
"""
FINISHED = {
    "app/__init__.py": "",
    "app/websocket_core/__init__.py": "",
    "app/websocket_core/websocket_manager.py": """\
class WebSocketManager:
    def __init__(self, mode=None, user_context=None):
        self.user_context = user_context


async def get_websocket_manager(user_context=None):
    return WebSocketManager(user_context=user_context)
""",
    "app/websocket_core/factory.py": """\
async def create_websocket_manager(user_context=None):
    from app.websocket_core.websocket_manager import get_websocket_manager

    return await get_websocket_manager(user_context)


def other():
    return 1
""",
    "app/chat.py": CONSUMER.replace("websocket_manager_factory", "factory"),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "tree", {**SMALL, "app/chat.py": CONSUMER})


def test_it_says_what_it_allows_and_where_it_wrote(tree: Path) -> None:
    said = recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards")
    assert "imports of the old API  " in said
    assert "files written to" in said
    written = {file.name for file in (tree / "guards").iterdir()}
    assert {"conftest.py", "tables.json", "manifest.json", "test_canonical_imports.py"} <= written


def test_where_the_old_api_can_go_nothing_of_it_is_allowed(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "tree", FINISHED)
    recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards")
    tables = json.loads((tree / "guards" / "tables.json").read_bytes())
    assert tables["allowed"] == {}
    choice = ("-k", "imports or doors or constructor")
    assert run_suite(tree, *choice, folder="guards").failed == {
        "test_no_import_takes_the_old_api",
        "test_no_module_offers_an_old_name",
        "test_the_running_application_offers_no_other_old_name",
    }
    recanon("apply", tree, *WORDS, "--yes")
    assert "create_websocket_manager" not in (tree / "app" / "websocket_core" / "factory.py").read_text()
    ran = run_suite(tree, *choice, folder="guards")
    assert not ran.failed, ran.said
    assert ran.skipped == 0


def test_it_writes_over_its_own_files(tree: Path) -> None:
    recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards")
    (tree / "guards" / "__pycache__").mkdir()
    (tree / "guards" / "test_own.py").write_text("def test_own(): ...\n")
    recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards")
    assert (tree / "guards" / "test_own.py").exists()


def test_an_edited_suite_is_not_overwritten_without_force(tree: Path) -> None:
    guards = tree / "guards"
    recanon("guard", "tests", tree, *WORDS, "-o", guards)
    edit(tree, "guards/tables.json", '"why": "', '"why": "truly ')
    before = {file.name: file.read_bytes() for file in guards.iterdir()}
    said = recanon("guard", "tests", tree, *WORDS, "-o", guards, code=2)
    assert f"edited since recanon wrote it: {guards / 'tables.json'}" in said
    assert "--force" in said
    assert {file.name: file.read_bytes() for file in guards.iterdir()} == before
    recanon("guard", "tests", tree, *WORDS, "-o", guards, "--force")
    assert "truly" not in (guards / "tables.json").read_text()


def test_a_folder_of_other_things_is_left_alone(tree: Path) -> None:
    (tree / "mine").mkdir()
    (tree / "mine" / "conftest.py").write_text("# mine\n")
    said = recanon("guard", "tests", tree, *WORDS, "-o", tree / "mine", code=2)
    assert "is not empty and holds no suite of recanon: conftest.py" in said
    assert (tree / "mine" / "conftest.py").read_text() == "# mine\n"


def test_a_file_that_came_into_the_suite_is_left_alone(tree: Path) -> None:
    recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards")
    manifest = json.loads((tree / "guards" / "manifest.json").read_bytes())
    del manifest["sha256"]["conftest.py"]
    (tree / "guards" / "manifest.json").write_text(json.dumps(manifest))
    said = recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards", code=2)
    assert "conftest.py is not of this suite" in said


@pytest.mark.parametrize("text", ["[]", "no JSON", '{"sha256": 3}', "{}", "\udcff"])
def test_a_damaged_manifest_makes_it_a_folder_of_other_things(tree: Path, text: str) -> None:
    recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards")
    (tree / "guards" / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert "holds no suite" in recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards", code=2)


def test_wrong_places_end_with_two_and_a_hint(tree: Path) -> None:
    (tree / "file").write_text("")
    for place, words in (("no/such", "there is no folder"), ("file", "is a file")):
        said = recanon("guard", "tests", tree, *WORDS, "-o", tree / place, code=2)
        assert words in said
        assert "hint: " in said
    link = tree / "link"
    link.symlink_to(tree / "elsewhere")
    assert "hint: " in recanon("guard", "tests", tree, *WORDS, "-o", link, code=2)


def test_a_tree_without_the_canonical_module_is_refused(tmp_path: Path) -> None:
    tree = write_tree(tmp_path, {"a.py": "x = 1\n"})
    said = recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards", code=2)
    assert "the tree has no module app.websocket_core.websocket_manager" in said
    assert not (tree / "guards").exists()


@pytest.mark.parametrize("name", ["canonical-way", "guard tests", "1", "class"])
def test_a_folder_that_pytest_would_not_take_as_a_package_is_refused(tree: Path, name: str) -> None:
    said = recanon("guard", "tests", tree, *WORDS, "-o", tree / name, code=2)
    assert "cannot be the name of a package" in said
    assert not (tree / name).exists()


def test_hostile_words_stay_words(tree: Path) -> None:
    folder = "guards"
    words = ("--exclude", 'x"""\n\\ $pack {prefix} \u202e')
    recanon("guard", "tests", tree, *WORDS, *words, "-o", tree / folder)
    recanon("apply", tree, *WORDS, "--yes")
    ran = run_suite(tree, "-k", "imports", folder=folder)
    assert not ran.failed
    assert ran.passed == 3
    assert "\u202e" not in "".join(file.read_text() for file in (tree / folder).iterdir() if file.is_file())


def test_excluded_files_are_left_alone_by_the_tests_too(tree: Path) -> None:
    write_tree(tree, {"old/copy.py": CONSUMER, "odd.py": CONSUMER})
    recanon("guard", "tests", tree, *WORDS, "--exclude", "old/", "--exclude", "/odd.py", "-o", tree / "guards")
    tables = json.loads((tree / "guards" / "tables.json").read_bytes())
    assert tables["left_alone"] == ["odd.py", "old/"]
    recanon("apply", tree, *WORDS, "--exclude", "old/", "--exclude", "/odd.py", "--yes")
    assert not run_suite(tree, "-k", "imports", folder="guards").failed


def test_a_phase_gives_the_tests_for_the_tree_after_it(tree: Path) -> None:
    write_tree(tree, {"tests/test_chat.py": CONSUMER})
    recanon("guard", "tests", tree, *WORDS, "--phase", "production", "-o", tree / "guards")
    tables = json.loads((tree / "guards" / "tables.json").read_bytes())
    assert "tests/test_chat.py" in tables["allowed"]["import"]
    assert "app/chat.py" not in tables["allowed"]["import"]
    recanon("apply", tree, *WORDS, "--phase", "production", "--yes")
    assert not run_suite(tree, "-k", "imports", folder="guards").failed


def test_what_the_application_lacks_skips_and_what_it_breaks_fails(tmp_path: Path) -> None:
    canonical = "app/websocket_core/websocket_manager.py"
    tree = write_tree(tmp_path / "tree", FINISHED)
    recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards")
    text = (tree / canonical).read_text()
    (tree / canonical).write_text("import a_package_of_others\n" + text)
    ran = run_suite(tree, folder="guards")
    assert "no package a_package_of_others" in ran.said
    assert ran.failed == {"test_no_import_takes_the_old_api", "test_no_module_offers_an_old_name"}
    assert ran.skipped
    (tree / canonical).write_text("import app.gone\n" + text)
    ran = run_suite(tree, folder="guards")
    assert ran.skipped == 0
    assert "No module named 'app.gone'" in ran.said
    assert "test_the_canonical_way_can_be_imported" in ran.failed


def test_what_the_application_prints_does_not_disturb(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "tree", FINISHED)
    recanon("guard", "tests", tree, *WORDS, "-o", tree / "guards")
    edit(tree, "app/__init__.py", "", 'import os\nprint("{hello")\nos.write(1, b"there")\n')
    assert not run_suite(tree, "-k", "can_be_imported", folder="guards").failed


def test_outside_of_its_repository_a_suite_says_so(tree: Path, tmp_path: Path) -> None:
    recanon("guard", "tests", tree, *WORDS, "-o", tmp_path / "guards")
    (tmp_path / "empty").mkdir()
    said = run_suite(tmp_path / "empty", "-k", "imports", folder=str(tmp_path / "guards"), errors=True).said
    assert "run pytest from the root of the repository" in said


@pytest.mark.skipif(sys.version_info < (3, 12), reason="under 3.11 one more file cannot be parsed: other figures")
def test_the_page_shows_what_the_command_says_and_writes(before: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "validation-tests.md").read_text(encoding="utf-8")
    said = recanon("guard", "tests", before, *PACK, "--include", "review", "-o", tmp_path / "canonical_way")
    shown = said[said.index("validation tests: ") :].replace(str(tmp_path), "tests")
    assert shown in page
    excerpt = page.partition("how often and why:")[2].split("```")[1].strip("\n")
    assert excerpt in (tmp_path / "canonical_way" / "tables.json").read_text()
