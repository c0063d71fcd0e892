"""A plan file is made, edited by a person, applied phase by phase, and made again when the tree has moved on."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from recanon.rollback import Request, rollback
from recanon.runs import list_runs
from tests.helpers import CANON, WORLD, write_tree
from tests.phases.kit import OLD, PACK, TREE, apply, edit, made, places, recanon, texts, tree

NEW = f"from {CANON} import get_websocket_manager\n"


def test_a_plan_writes_nothing_into_the_tree(tmp_path: Path) -> None:
    root = tree(tmp_path)
    before = sorted(path for path in root.rglob("*"))
    made(root)
    assert sorted(path for path in root.rglob("*")) == before
    assert texts(root) == {path: text.encode() for path, text in TREE.items()}


@pytest.mark.parametrize("command", ["plan", "report"])
def test_another_tree_is_refused_and_a_finished_one_is_not(tmp_path: Path, command: str) -> None:
    other = write_tree(tmp_path / "other", {"main.py": "import os\n"})
    done = recanon(command, other, *PACK)
    assert (done.exit_code, "no mention of the old API" in done.output) == (2, True), done.output
    write_tree(other, {CANON.replace(".", "/") + ".py": "x = 1\n"})
    assert recanon(command, other, *PACK).exit_code == 0


def test_equal_trees_give_equal_plan_files(tmp_path: Path) -> None:
    root = tree(tmp_path)
    first = made(root).read_bytes()
    assert made(root).read_bytes() == first


def test_each_phase_is_a_run_of_its_own_and_they_are_undone_the_last_first(tmp_path: Path) -> None:
    root = tree(tmp_path)
    done = apply(root, made(root))
    assert done.exit_code == 0, done.output
    assert [run.phases for run in list_runs(root)] == [("production",), ("tests",)]
    assert texts(root)["tests/c.py"].decode().startswith(NEW)
    for phase in ("tests", "production"):
        assert rollback(root, Request(phase=phase)).complete
    assert texts(root) == {path: text.encode() for path, text in TREE.items()}


def test_a_phase_is_applied_alone_and_what_is_done_is_passed_over(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    assert apply(root, file, "--phase", "production").exit_code == 0
    assert texts(root)["tests/c.py"] == TREE["tests/c.py"].encode()
    again = apply(root, file)
    assert again.exit_code == 0
    assert "phase production has nothing left to apply" in again.output
    assert texts(root)["tests/c.py"].decode().startswith(NEW)


def test_phases_apply_in_any_order_where_they_do_not_build_upon_each_other(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    assert apply(root, file, "--phase", "tests").exit_code == 0
    assert apply(root, file, "--phase", "production").exit_code == 0


def _leave(path: str) -> Any:
    def change(value: dict[str, Any]) -> None:
        for place in places(value, path):
            place["decision"] = "leave"

    return change


def _take_out(path: str) -> Any:
    def change(value: dict[str, Any]) -> None:
        for phase in value["phases"]:
            for file in phase["files"]:
                if file["path"] == path:
                    file["places"] = []

    return change


def _promote(value: dict[str, Any]) -> None:
    for place in places(value, "tests/e.py"):
        assert (place["verdict"], place["decision"]) == ("review", "leave")
        place["decision"] = "apply"


@pytest.mark.parametrize("change", [_leave("tests/c.py"), _take_out("tests/c.py")], ids=["left", "taken out"])
def test_what_a_person_takes_out_is_not_rewritten(tmp_path: Path, change: Any) -> None:
    root = tree(tmp_path)
    file = made(root)
    edit(file, change)
    assert apply(root, file).exit_code == 0
    assert texts(root)["tests/c.py"] == TREE["tests/c.py"].encode()
    assert texts(root)["tests/d.py"].decode().startswith(NEW)


def test_what_a_person_promotes_is_rewritten(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    edit(file, _promote)
    assert apply(root, file, "--phase", "exports").exit_code == 0
    assert texts(root)["tests/e.py"].decode().startswith(NEW)


def test_a_half_decision_leaves_no_broken_file(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)

    def only_the_import(value: dict[str, Any]) -> None:
        for place in places(value, "tests/c.py"):
            place["decision"] = "apply" if place["kind"] == "import" else "leave"

    edit(file, only_the_import)
    done = apply(root, file)
    assert done.exit_code == 0
    assert texts(root)["tests/c.py"] == TREE["tests/c.py"].encode()
    assert "held: 1 place cannot be rewritten as decided" in done.output


def test_a_stale_file_is_named_and_stays_while_the_rest_goes_on(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    later = TREE["tests/c.py"] + "\n# a later thought\n"
    (root / "tests/c.py").write_text(later)
    done = apply(root, file, "--phase", "tests")
    assert done.exit_code == 3
    assert "stale: 1 file not as planned upon" in done.output
    assert "  tests/c.py\n" in done.output
    assert texts(root)["tests/c.py"] == later.encode()
    assert texts(root)["tests/d.py"].decode().startswith(NEW)


def test_the_next_phase_is_not_begun_when_one_is_not_complete(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    (root / "app/services/a.py").write_text(TREE["app/services/a.py"] + "\n")
    (root / "app/services/z.py").write_text("")
    done = apply(root, file)
    assert done.exit_code in {2, 3}
    assert texts(root)["tests/c.py"] == TREE["tests/c.py"].encode()


def test_a_plan_for_another_tree_is_refused(tmp_path: Path) -> None:
    root = tree(tmp_path / "one")
    file = made(root)
    other = tree(tmp_path / "two")
    for path in TREE:
        (other / path).write_text("x = 1\n")
    done = apply(other, file)
    assert done.exit_code == 2
    assert "made for another tree" in done.output
    assert not list_runs(other)


def test_a_phase_out_of_order_is_refused(tmp_path: Path) -> None:
    root = tree(tmp_path)
    both = OLD.replace("\n", " as one\n") + "from app.websocket_core import create_websocket_manager\n"
    both += "\n\nasync def f(c):\n    return await one(c), await create_websocket_manager(c)\n"
    (root / "tests/c.py").write_text(both)
    (root / "tests/d.py").unlink()
    done = apply(root, made(root), "--phase", "tests")
    assert done.exit_code == 2
    assert "phase tests of the plan builds upon phase exports, which is not applied: tests/c.py" in done.output
    assert (root / "tests/c.py").read_text() == both


def test_an_outcome_that_the_file_does_not_say_is_refused(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)

    def forge(value: dict[str, Any]) -> None:
        for phase in value["phases"]:
            for each in phase["files"]:
                each["after"] = "0" * 64

    edit(file, forge)
    done = apply(root, file)
    assert done.exit_code == 2
    assert "would not come out as the plan says, for example in app/" in done.output
    assert not list_runs(root)


def test_a_foreign_text_in_the_edits_is_never_written(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)

    def forge(value: dict[str, Any]) -> None:
        for phase in value["phases"]:
            for each in phase["files"]:
                for planned in each["edits"]:
                    planned["replacement"] = "import os; os.abort()"

    edit(file, forge)
    assert apply(root, file).exit_code == 0
    assert all(b"abort" not in text for text in texts(root).values())


def _drop(key: str) -> Any:
    return lambda value: value.pop(key)


def _put(**more: Any) -> Any:
    return lambda value: value.update(more)


def _path(path: str) -> Any:
    def change(value: dict[str, Any]) -> None:
        value["phases"][1]["files"][0]["path"] = path

    return change


def _decide(value: dict[str, Any]) -> None:
    value["phases"][1]["files"][0]["places"][0]["decision"] = "perhaps"


WRONG = {
    "no schema": (_drop("schema"), "is no plan file of recanon"),
    "another version": (_put(schema="recanon/plan-file/9"), "has the form recanon/plan-file/9"),
    "another JSON": (_put(schema="recanon/plan/1"), "is no plan file of recanon"),
    "a key too many": (_put(more=1), "unknown field `more`"),
    "a key too few": (_drop("pack"), "missing required field `pack`"),
    "an unknown pack": (_put(pack="nothing"), "there is no pack nothing"),
    "a pack by its path": (_put(pack="./evil"), "names the pack './evil', which is no id"),
    "a pack that ends its line": (_put(pack="evil\n"), "which is no id"),
    "a decision that is none": (_decide, "$.phases[1].files[0].places[0].decision"),
    "a path that climbs out": (_path("../c.py"), "not below the tree: '../c.py'"),
    "an absolute path": (_path("/etc/passwd"), "not below the tree: '/etc/passwd'"),
    "an empty path": (_path(""), "not below the tree: ''"),
    "a path that names no file": (_path("\ud800.py"), "not below the tree"),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_plan_file_is_refused_by_name(tmp_path: Path, change: Any, message: str) -> None:
    root = tree(tmp_path)
    file = made(root)
    edit(file, change)
    done = apply(root, file)
    assert done.exit_code == 2, done.output
    assert message in " ".join(done.output.split())
    assert not list_runs(root)


def test_a_pack_that_a_plan_file_names_by_its_path_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(tmp_path)
    file = made(root)
    write_tree(root, {"evil/pack.toml": '[pack]\nid = "evil"\n', "evil/codemod.py": "open('fired', 'w').close()\n"})
    edit(file, _put(pack="./evil"))
    monkeypatch.chdir(root)
    assert apply(root, file).exit_code == 2
    assert not (root / "fired").exists()


@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "large"])
def test_a_plan_file_that_is_no_file_to_be_read_is_refused(tmp_path: Path, kind: str) -> None:
    root = tree(tmp_path)
    file = tmp_path / "plan.json"
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "device":
        file.symlink_to("/dev/zero")
    elif kind == "folder":
        file.mkdir()
    else:
        file.touch()
        os.truncate(file, 1 << 40)
    done = apply(root, file)
    assert done.exit_code == 2
    assert "cannot be read" in done.output


def test_a_fifo_in_the_place_of_a_planned_file_is_stale_and_not_waited_for(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    (root / "tests/c.py").unlink()
    os.mkfifo(root / "tests/c.py")
    done = apply(root, file, "--phase", "tests")
    assert done.exit_code == 3, done.output
    assert "tests/c.py" in done.output


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", "[]", '"x"', "\xff"], ids=range(7))
def test_what_is_no_plan_at_all_is_refused(tmp_path: Path, text: str) -> None:
    root = tree(tmp_path)
    file = tmp_path / "plan.json"
    file.write_bytes(text.encode("latin-1"))
    done = apply(root, file)
    assert done.exit_code == 2
    assert str(file) in done.output.replace("\n", "")


@pytest.mark.parametrize("words", [["--set", "prefix=app"], ["--include", "review"]])
def test_what_the_file_says_itself_is_not_said_again(tmp_path: Path, words: list[str]) -> None:
    root = tree(tmp_path)
    done = apply(root, made(root), *words)
    assert done.exit_code == 2
    assert f"{words[0]} and --plan contradict each other" in done.output


def test_the_pack_of_the_file_may_be_named_and_no_other_one(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    other = tmp_path / "other"
    other.mkdir()
    (other / "pack.toml").write_text('[pack]\nid = "other"\n')
    done = apply(root, file, "--pack", str(other))
    assert done.exit_code == 2
    assert "is a plan of pack websocket-ssot" in done.output
    assert apply(root, file, "--pack", "websocket-ssot").exit_code == 0


def test_decisions_are_kept_when_the_tree_moves_on(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    edit(file, _leave("tests/c.py"))
    edit(file, _promote)
    (root / "tests/c.py").write_text("# moved\n\n" + TREE["tests/c.py"])
    made(root, "--keep", file)
    value = json.loads(file.read_bytes())
    assert {place["decision"] for place in places(value, "tests/c.py")} == {"leave"}
    assert {place["decision"] for place in places(value, "tests/e.py")} == {"apply"}
    made(root, "--keep", file)
    assert json.loads(file.read_bytes()) == value
    assert apply(root, file).exit_code == 0
    assert texts(root)["tests/c.py"] == b"# moved\n\n" + TREE["tests/c.py"].encode()
    assert texts(root)["tests/e.py"].decode().startswith(NEW)


def test_a_decision_that_fits_no_more_is_named(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    edit(file, _leave("tests/c.py"))
    (root / "tests/c.py").write_text("x = 1\n")
    done = recanon("plan", root, *PACK, "--keep", file)
    assert done.exit_code == 0
    assert "a decision that does not fit any more: tests/c.py: create_websocket_manager" in done.output


def test_an_older_plan_of_another_pack_is_not_kept(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    edit(file, _put(pack="other"))
    done = recanon("plan", root, *PACK, "--keep", file)
    assert done.exit_code == 2
    assert "the older plan is one of pack other" in done.output


def test_risk_is_high_for_production_code_that_no_test_imports(tmp_path: Path) -> None:
    root = tree(tmp_path)
    value = json.loads(made(root).read_bytes())
    risks = {file["path"]: file["risk"] for phase in value["phases"] for file in phase["files"]}
    assert risks["app/services/a.py"]["level"] == "high"
    assert risks["app/services/a.py"]["facts"][:2] == ["production code", "imported by 1 file, 0 of them tests"]
    assert risks["tests/c.py"]["level"] == "low"
    assert risks["tests/e.py"]["level"] == "medium"


def test_a_left_import_stays_left_however_often_the_plan_is_made_anew(tmp_path: Path) -> None:
    root = tree(tmp_path)
    text = OLD.replace("\n", " as make\n") + "\n\nasync def f(c):\n    return await make(c)\n"
    (root / "tests/c.py").write_text(text)
    file = made(root)
    edit(file, _leave("tests/c.py"))
    for _ in range(3):
        made(root, "--keep", file)
    assert apply(root, file).exit_code == 0
    assert (root / "tests/c.py").read_text() == text


def test_equal_lines_decided_in_several_ways_are_all_left_when_one_is_gone(tmp_path: Path) -> None:
    root = tree(tmp_path)
    call = "    a = await create_websocket_manager(c)\n"
    text = f"{OLD}\n\nasync def f(c):\n{call}\n\nasync def g(c):\n{call}"
    (root / "tests/c.py").write_text(text)
    file = made(root)

    def leave_second(value: dict[str, Any]) -> None:
        places(value, "tests/c.py")[-1]["decision"] = "leave"

    edit(file, leave_second)
    (root / "tests/c.py").write_text(text.replace(call, "    pass\n", 1))
    done = recanon("plan", root, *PACK, "--keep", file, "-o", file)
    assert "a decision that does not fit any more: tests/c.py: create_websocket_manager" in done.output
    assert apply(root, file).exit_code == 0
    assert call in (root / "tests/c.py").read_text()


@pytest.mark.parametrize("how", ["gone", "folder", "no text"])
def test_decisions_about_a_file_that_cannot_be_read_any_more_are_named(tmp_path: Path, how: str) -> None:
    root = tree(tmp_path)
    file = made(root)
    edit(file, _leave("tests/c.py"))
    (root / "tests/c.py").unlink()
    if how == "folder":
        (root / "tests/c.py").mkdir()
    elif how == "no text":
        (root / "tests/c.py").write_bytes(b"\xff\xfe create_websocket_manager")
    done = recanon("plan", root, *PACK, "--keep", file)
    assert done.exit_code == 0, done.output
    assert "a decision that does not fit any more: tests/c.py: " in done.output


def test_a_place_that_was_deleted_and_moved_on_is_named(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    edit(file, _take_out("tests/c.py"))
    (root / "tests/c.py").write_text(TREE["tests/c.py"].replace("(c)\n", "(c)  # changed\n"))
    done = recanon("plan", root, *PACK, "--keep", file)
    assert "a decision that does not fit any more: tests/c.py: " in done.output


def test_decisions_of_other_phases_are_not_dropped_in_silence(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)
    done = recanon("plan", root, *PACK, "--phase", "tests", "--keep", file, "-o", file)
    assert done.exit_code == 2
    assert "decides about phase exports too" in done.output


def test_the_excludes_of_the_older_plan_are_kept(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root, "--exclude", "tests/c.py")
    made(root, "--keep", file)
    assert json.loads(file.read_bytes())["exclude"] == ["tests/c.py"]


def test_a_decision_about_a_place_that_is_none_is_refused(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)

    def forge(value: dict[str, Any]) -> None:
        places(value, "tests/c.py")[0]["line"] = 999

    edit(file, forge)
    done = apply(root, file, "--phase", "tests")
    assert done.exit_code == 2
    assert "decides upon a place that is none: tests/c.py:999" in done.output


PATCHING = {
    "app/services/a.py": TREE["app/services/a.py"],
    "tests/p.py": "from unittest.mock import patch\n\n\n"
    "@patch('app.services.a.create_websocket_manager')\ndef test_f(made):\n    pass\n",
}


def test_a_phase_that_was_interrupted_is_finished_as_it_was_begun(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "tree", {**WORLD, **PATCHING})
    file = made(root)
    assert apply(root, file, "--phase", "production").exit_code == 0
    rollback(root, Request(("tests/p.py",)))
    done = apply(root, file, "--phase", "production")
    assert done.exit_code == 0, done.output
    assert "app.services.a.get_websocket_manager" in (root / "tests/p.py").read_text()


def test_without_the_texts_before_a_half_applied_phase_is_refused(tmp_path: Path) -> None:
    root = write_tree(tmp_path / "tree", {**WORLD, **PATCHING})
    file = made(root)
    apply(root, file, "--phase", "production")
    rollback(root, Request(("tests/p.py",)))
    shutil.rmtree(root / ".recanon")
    done = apply(root, file, "--phase", "production")
    assert done.exit_code == 2
    assert "is half applied, and the text that app/services/a.py had before is not kept" in done.output


def test_an_edited_plan_is_resumed_too(tmp_path: Path) -> None:
    root = tree(tmp_path)
    file = made(root)

    def leave_one(value: dict[str, Any]) -> None:
        places(value, "tests/c.py")[-1]["decision"] = "leave"

    (root / "tests/c.py").write_text(
        TREE["tests/c.py"] + "\n\nasync def g(c):\n    return create_websocket_manager(c)\n"
    )
    made(root)
    edit(file, leave_one)
    edit(file, _promote)
    assert apply(root, file).exit_code == 0
    again = apply(root, file)
    assert again.exit_code == 0, again.output
    assert "phase tests has nothing left to apply" in again.output


def test_a_file_that_was_left_in_one_phase_is_stale_in_the_next(tmp_path: Path) -> None:
    root = tree(tmp_path)
    both = OLD.replace("\n", " as one\n") + "from app.websocket_core import create_websocket_manager\n"
    both += "\n\nasync def f(c):\n    return await one(c), await create_websocket_manager(c)\n"
    (root / "tests/c.py").write_text(both)
    file = made(root)

    def leave_exports(value: dict[str, Any]) -> None:
        for planned in value["phases"][0]["files"]:
            for place in planned["places"]:
                place["decision"] = "leave"

    edit(file, leave_exports)
    done = apply(root, file)
    assert done.exit_code == 3
    assert "stale: 1 file not as planned upon" in done.output
    made(root, "--keep", file)
    assert apply(root, file).exit_code == 0
    assert "await create_websocket_manager(c)" in (root / "tests/c.py").read_text()


def test_a_use_without_a_mention_goes_with_the_plan_although_its_import_stays(tmp_path: Path) -> None:
    root = tree(tmp_path)
    text = "from app.websocket_core import get_websocket_manager as make\n\n\nasync def f(c):\n"
    text += "    return await make(c)\n\n\nasync def g():\n    return await make()\n"
    (root / "tests/e.py").write_text(text)
    file = made(root)
    value = json.loads(file.read_bytes())
    assert {place["decision"] for place in places(value, "tests/e.py")} == {"leave"}
    edit(file, _leave("tests/c.py"))
    assert apply(root, file).exit_code == 0
    assert "return await get_websocket_manager(c)" in (root / "tests/e.py").read_text()
    again = apply(root, file)
    assert again.exit_code == 0
    assert "phase exports has nothing left to apply" in again.output
