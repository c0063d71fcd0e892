"""Guests in the phases of a pack: they run over what the codemods leave, in one plan, and are undone with it."""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.guests.kit import digest, fill
from tests.phases.kit import apply, edit, on_terminal, recanon

# Bytecode is read where it lies: with a folder of its own for it, each program would compile the standard library anew.
PYTHON = f"{sys.executable} -B -X pycache_prefix="
UNION = "libcst:libcst.codemod.commands.convert_union_to_or.ConvertUnionToOrCommand"
TREE = {
    "shop/__init__.py": "",
    "shop/clock.py": "def now():\n    return 1\n\n\ndef now_utc():\n    return 1\n",
    "shop/bills.py": "from shop.clock import now_utc\n\n\ndef bill(x: 'int'):\n    return now_utc()\n\n\nLAST = 0\n",
    "shop/plain.py": "import os\n\n\ndef plain():\n    return 2\n",
    "tests/test_bills.py": "from shop.clock import now_utc\n\n\ndef test_it():\n    assert now_utc()\n",
}
SYMBOL = '[[symbol]]\nname = "now_utc"\nhome = "shop"\nbecomes = "shop.clock.now"\n'
HEAD = f'[pack]\nid = "one-clock"\ntitle = "One clock"\n[scope]\nproduction = ["/shop/**"]\n{SYMBOL}'
SHOP, TESTS = '[[phase]]\nid = "shop"\ninclude = ["/shop/**"]\n', '[[phase]]\nid = "tests"\ninclude = ["/tests/**"]\n'
STAMP = """
import sys
for path in sys.argv[1:]:
    with open(path) as file:
        text = file.read()
    if "# seen" not in text and {condition}:
        with open(path, "a") as file:
            file.write("# seen {word}\\n")
"""


def guest(run: str, **more: Any) -> str:
    """Return the table of a guest."""
    return (
        "[[phase.guest]]\nrun = "
        + json.dumps(run)
        + "\n"
        + "".join(f"{k} = {json.dumps(v)}\n" for k, v in more.items())
    )


def stamp(folder: Path, word: str = "", condition: str = "True") -> str:
    """Write a program that puts a comment at the end of files, and return the guest that runs it."""
    script = folder / f"stamp{word}.py"
    script.write_text(STAMP.replace("{word}", word).replace("{condition}", condition))
    return f"command:{PYTHON} {script} {{files}}"


def pack(folder: Path, *phases: str) -> Path:
    """Write a pack and return its folder."""
    return fill(folder / "pack", {"pack.toml": HEAD + "".join(phases)})


def preview(root: Path, found: Path, *words: str) -> dict[str, Any]:
    """Return what a preview says as JSON."""
    done = recanon("preview", root, "--pack", found, "--format", "json", "--jobs", "1", *words)
    assert done.exit_code in {0, 3}, done.output
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def texts(root: Path) -> dict[str, str]:
    """Return the texts of the tree."""
    return {path: (root / path).read_text() for path in TREE}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return fill(tmp_path / "tree", TREE)


def test_a_guest_works_on_what_the_codemods_leave_and_one_run_undoes_both(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest(stamp(tmp_path, condition="'clock import now\\n' in text")))
    before = digest(root)
    done = recanon("apply", root, "--pack", found, "--jobs", "1", "--yes")
    assert done.exit_code == 0, done.output
    assert "account: files 4 = safe 1 + review 0 + manual 0 + left 0 + canonical 3" in done.output
    assert texts(root)["shop/bills.py"].endswith("    return now()\n\n\nLAST = 0\n# seen \n")
    assert texts(root)["shop/plain.py"] == TREE["shop/plain.py"]
    assert recanon("rollback", root, "--all", "--yes").exit_code == 0
    assert digest(root) == before


def test_the_diff_is_what_is_written_and_a_second_preview_finds_nothing(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest(stamp(tmp_path)), TESTS)
    value = preview(root, found)
    planned = {file["path"]: file["after_sha256"] for file in value["files"]}
    assert recanon("apply", root, "--pack", found, "--jobs", "1", "--yes").exit_code == 0
    assert len(planned) == 5
    assert planned == {path: sha256((root / path).read_bytes()).hexdigest() for path in planned}
    assert preview(root, found)["files"] == []


def test_each_edit_is_named_after_who_made_it(root: Path, tmp_path: Path) -> None:
    run = stamp(tmp_path)
    value = preview(root, pack(tmp_path, SHOP, guest(run)))
    names = {file["path"]: {edit["codemod"] for edit in file["edits"]} for file in value["files"]}
    assert names["shop/bills.py"] == {"now-utc", run}
    assert names["shop/plain.py"] == {run}
    assert [(each["guest"], each["phase"]) for each in value["guests"]] == [(run, "shop")]


def test_a_guest_may_be_given_the_files_alone_that_its_phase_changes(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest(stamp(tmp_path), changed=True), TESTS)
    value = preview(root, found)
    assert value["guests"][0]["account"]["mentions"] == 1
    assert {file["path"] for file in value["files"]} == {"shop/bills.py", "tests/test_bills.py"}


def test_patterns_words_and_excludes_choose_its_files(root: Path, tmp_path: Path) -> None:
    run = stamp(tmp_path)
    found = pack(tmp_path, SHOP, guest(run, files=["/shop/[bp]*.py"], exclude=["/shop/bills.py"], holding=["import"]))
    files = {each["file"]: each["verdict"] for each in preview(root, found)["guests"][0]["files"]}
    assert files == {"shop/bills.py": "left", "shop/plain.py": "safe"}
    files = {
        each["file"]: each["verdict"] for each in preview(root, found, "--exclude", "plain.py")["guests"][0]["files"]
    }
    assert files == {"shop/bills.py": "left", "shop/plain.py": "left"}


def test_guests_run_in_their_order_each_over_the_one_before(root: Path, tmp_path: Path) -> None:
    first, second = stamp(tmp_path, "one"), stamp(tmp_path, "two", condition="True")
    found = pack(tmp_path, SHOP, guest(first, files=["/shop/plain.py"]), guest(second))
    recanon("apply", root, "--pack", found, "--jobs", "1", "--yes")
    assert texts(root)["shop/plain.py"].endswith("# seen one\n")
    assert texts(root)["shop/clock.py"].endswith("# seen two\n")


def test_a_libcst_command_of_the_packs_own_folder_is_found(root: Path, tmp_path: Path) -> None:
    command = """
        import libcst as cst
        from libcst.codemod import VisitorBasedCodemodCommand
        class Three(VisitorBasedCodemodCommand):
            def leave_Integer(self, original_node, updated_node):
                return updated_node.with_changes(value="3") if updated_node.value == "2" else updated_node
    """
    found = pack(tmp_path, SHOP, guest("libcst:mine_of_one_clock.Three"))
    fill(found / "..", {"pack/mine_of_one_clock.py": "\n".join(line[8:] for line in command.splitlines())})
    (found / "mine_of_one_clock.py").rename(found / "_mine_of_one_clock.py")
    (found / "pack.toml").write_text((found / "pack.toml").read_text().replace("libcst:mine", "libcst:_mine"))
    value = preview(root, found)
    assert {file["path"] for file in value["files"]} == {"shop/bills.py", "shop/plain.py"}


def test_a_file_that_a_check_takes_back_keeps_what_the_codemods_made(root: Path, tmp_path: Path) -> None:
    script = tmp_path / "harm.py"
    script.write_text(
        "import sys\nfor p in sys.argv[1:]:\n    t = open(p).read()\n"
        "    open(p, 'w').write(t if 'gone' in t else t + 'gone\\n')\n"
    )
    found = pack(tmp_path, SHOP, guest(f"command:{PYTHON} {script} {{files}}", changed=True))
    value = preview(root, found)
    [file] = value["guests"][0]["files"]
    assert (file["file"], file["verdict"]) == ("shop/bills.py", "manual")
    assert "Undefined name `gone`" in file["reason"]
    recanon("apply", root, "--pack", found, "--jobs", "1", "--yes")
    assert texts(root)["shop/bills.py"].endswith("return now()\n\n\nLAST = 0\n")


def test_a_guest_that_fails_on_a_file_is_said_with_exit_code_3(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest("command:false {files}", files=["/shop/plain.py"]))
    done = recanon("apply", root, "--pack", found, "--jobs", "1", "--yes")
    assert done.exit_code == 0, "ruff and others say 1 where they changed something"
    script = tmp_path / "fail.py"
    script.write_text("import sys\nsys.exit(7)\n")
    found = pack(tmp_path, SHOP, guest(f"command:{PYTHON} {script} {{files}}", files=["/shop/plain.py"]))
    done = recanon("preview", root, "--pack", found, "--jobs", "1")
    assert done.exit_code == 3
    assert "the guest failed" in done.output


def test_what_it_creates_and_deletes_is_named_and_not_taken(root: Path, tmp_path: Path) -> None:
    script = tmp_path / "make.py"
    script.write_text("import os\nopen('shop/new.py', 'w').write('x = 1\\n')\nos.unlink('shop/plain.py')\n")
    found = pack(tmp_path, SHOP, guest(f"command:{PYTHON} {script} {{files}}"))
    value = preview(root, found)
    reasons = {each["file"]: each["reason"] for each in value["guests"][0]["files"] if each["verdict"] == "left"}
    assert reasons == {
        "shop/new.py": "a guest in a phase cannot create files; `recanon run` lets it",
        "shop/plain.py": "a guest in a phase cannot delete files; `recanon run` lets it",
    }
    assert recanon("apply", root, "--pack", found, "--jobs", "1", "--yes").exit_code == 0
    assert texts(root)["shop/plain.py"] == TREE["shop/plain.py"]
    assert not (root / "shop/new.py").exists()


def test_a_guest_that_brings_the_old_name_back_stops_the_plan(root: Path, tmp_path: Path) -> None:
    script = tmp_path / "back.py"
    script.write_text(
        "import sys\nfor p in sys.argv[1:]:\n    t = open(p).read()\n"
        "    open(p, 'w').write(t.replace('import now\\n', 'import now_utc as now\\n'))\n"
    )
    found = pack(tmp_path, SHOP, guest(f"command:{PYTHON} {script} {{files}}", changed=True))
    done = recanon("preview", root, "--pack", found, "--jobs", "1")
    assert done.exit_code == 2
    assert "writes what the codemods of the pack would change: shop/bills.py" in done.output


def test_a_guest_that_cannot_be_loaded_stops_the_plan_and_names_the_phase(root: Path, tmp_path: Path) -> None:
    for run, message in (
        ("libcst:no.such.Command", "phase shop cannot run libcst:no.such.Command"),
        ("command:no-such-program-here {files}", "phase shop: there is no program no-such-program-here"),
        ("command:python3 x.py", "phase shop: command:python3 x.py does not say where the names of the files go"),
    ):
        done = recanon("preview", root, "--pack", pack(tmp_path, SHOP, guest(run)), "--jobs", "1")
        assert done.exit_code == 2, run
        assert message in done.output
    done = recanon("preview", root, "--pack", pack(tmp_path, SHOP, guest("ruff check {files}")))
    assert done.exit_code == 2
    assert "pack.toml:14: [[phase.guest]] shop: run is" in done.output


def test_a_plan_file_holds_what_guests_make_and_applies_it_phase_by_phase(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest(stamp(tmp_path, "shop")), TESTS, guest(stamp(tmp_path, "tests"), changed=True))
    before, file = digest(root), tmp_path / "plan.json"
    done = recanon("plan", root, "--pack", found, "--jobs", "1", "-o", file)
    assert done.exit_code == 0, done.output
    assert recanon("apply", root, "--plan", file, "--pack", found, "--phase", "shop", "--yes").exit_code == 0
    assert texts(root)["shop/plain.py"].endswith("# seen shop\n")
    assert texts(root)["tests/test_bills.py"] == TREE["tests/test_bills.py"]
    between = digest(root)
    done = apply(root, file, "--pack", str(found), "--phase", "tests")
    assert done.exit_code == 0, done.output
    assert texts(root)["tests/test_bills.py"].endswith("assert now()\n# seen tests\n")
    assert recanon("rollback", root, "--phase", "tests", "--yes").exit_code == 0
    assert digest(root) == between
    assert recanon("rollback", root, "--all", "--yes").exit_code == 0
    assert digest(root) == before


def test_a_decision_in_the_plan_file_is_taken_before_the_guests_run(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest(stamp(tmp_path), changed=True))
    file = tmp_path / "plan.json"
    recanon("plan", root, "--pack", found, "--jobs", "1", "-o", file)

    def leave(value: dict[str, Any]) -> None:
        for planned in value["phases"][0]["files"]:
            for place in planned["places"]:
                place["decision"] = "leave"

    edit(file, leave)
    assert apply(root, file, "--pack", str(found)).exit_code == 0
    assert texts(root) == TREE


def test_a_guest_that_makes_another_text_than_was_planned_is_refused(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest(stamp(tmp_path, "one")))
    file = tmp_path / "plan.json"
    recanon("plan", root, "--pack", found, "--jobs", "1", "-o", file)
    script = tmp_path / "stampone.py"
    script.write_text(script.read_text().replace("# seen one", "# seen otherwise"))
    done = apply(root, file, "--pack", str(found))
    assert done.exit_code == 2
    assert "would not come out as the plan says" in done.output
    assert texts(root) == TREE


def test_a_phase_that_is_not_named_runs_no_guest(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest(stamp(tmp_path)), TESTS)
    value = preview(root, found, "--phase", "tests")
    assert (value["guests"], [file["path"] for file in value["files"]]) == ([], ["tests/test_bills.py"])


def test_what_asks_for_the_mentions_alone_runs_no_guest(root: Path, tmp_path: Path) -> None:
    found = pack(tmp_path, SHOP, guest("command:no-such-program-here {files}"))
    for words in (("audit", root), ("explain", root, "shop/bills.py:1"), ("report", root), ("packs", found)):
        extra = () if words[0] == "packs" else ("--pack", found, "--jobs", "1")
        done = recanon(*words, *extra)
        assert done.exit_code == 0, (words, done.output)


def test_the_page_of_a_pack_names_its_guests(tmp_path: Path) -> None:
    page = recanon("packs", pack(tmp_path, SHOP, guest(UNION))).stdout
    assert UNION in page


def test_a_refused_hunk_of_a_guest_keeps_its_file_as_it_is(root: Path, tmp_path: Path) -> None:
    run = stamp(tmp_path)
    found = pack(tmp_path, SHOP, guest(run, files=["/shop/[bp]*.py"]))
    (root / "shop/bills.py").write_text(TREE["shop/bills.py"] + "\n" * 20)
    before = (root / "shop/bills.py").read_text()
    answers = ["y", "n", "y", "y"]  # the codemods' and the guest's hunk of bills.py, plain.py, and whether to write
    code, shown = on_terminal(answers, "apply", root, "--pack", found, "--jobs", "1", "--interactive")
    assert code == 0, shown
    assert f"made by {run}" in shown.replace("\n", "")
    assert (root / "shop/bills.py").read_text() == before
    assert texts(root)["shop/plain.py"].endswith("# seen \n")


def test_check_says_whether_guests_can_be_run(tmp_path: Path) -> None:
    script = tmp_path / "fail.py"
    script.write_text("import sys\nsys.exit(7)\n")
    head = '[pack]\nid = "tidy"\ntitle = "Tidy"\n'
    for run, code, said in (
        (UNION, 0, "given 1 file of the world, 0 of them changed"),
        ("libcst:no.such.Command", 1, "phase shop cannot run libcst:no.such.Command"),
        (f"command:{PYTHON} {script} {{files}}", 1, "recanon_example.py: the guest failed"),
    ):
        folder = fill(tmp_path / "tidy", {"pack.toml": head + SHOP + guest(run)})
        done = recanon("check", folder, "--jobs", "1")
        assert (done.exit_code, said in done.output.replace("\n", "")) == (code, True), done.output
