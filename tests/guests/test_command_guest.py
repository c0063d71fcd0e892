"""Programs that edit files as guests: they work in a copy; a call that fails is halved until one file is to blame."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path

import pytest

from recanon.apply import apply_plan
from recanon.guests.result import State
from recanon.plan import ChangeKind
from recanon.rollback import Request, rollback
from tests.gates.kit import alive
from tests.guests.kit import digest, fill, result, run, states, written
from tests.helpers import slow

FILES = {f"{name}.py": f"{name} = 1\n" for name in "abcdef"}


def program(code: str) -> str:
    """Return a guest that runs some Python over the names of the files."""
    # Its bytecode is read where it lies: with a folder of its own for it, it would compile the standard library anew.
    python = f"{shlex.quote(sys.executable)} -B -X pycache_prefix="
    return f"command:{python} -c {shlex.quote(code)} {{files}}"


EACH = "import sys, pathlib\nfor name in sys.argv[1:]:\n    path = pathlib.Path(name)\n    text = path.read_text()\n"
DOUBLE = EACH + "    path.write_text(text.replace('= 1', '= 2'))\n"


def test_what_a_program_edits_in_the_copy_is_read_back(tmp_path: Path) -> None:
    before = digest(fill(tmp_path, FILES))
    done = run(tmp_path, program(DOUBLE))
    assert written(done) == {name: text.replace("1", "2") for name, text in FILES.items()}
    assert digest(tmp_path) == before


def test_a_real_program_with_an_exit_code_of_one_is_no_failure(tmp_path: Path) -> None:
    ruff = f"command:{shlex.quote(sys.executable)} -m ruff check --isolated --fix --select UP,F {{files}}"
    done = run(fill(tmp_path, {"a.py": "x = set([1])\ny: 'int' = u''\nprint(nowhere)\n"}), ruff)
    assert written(done) == {"a.py": "x = set([1])\ny: 'int' = ''\nprint(nowhere)\n"}


@pytest.mark.parametrize(
    ("harm", "seconds", "reason"),
    [
        ("sys.exit(3)", 60.0, "it ended with exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", 60.0, "it was ended by signal 9"),
        slow("import time; time.sleep(600)", 4.0, "it was ended after 4 seconds"),
    ],
)
def test_one_file_is_to_blame_for_a_call_that_fails(tmp_path: Path, harm: str, seconds: float, reason: str) -> None:
    code = DOUBLE + f"    if 'c =' in text: {harm}\n"
    done = run(fill(tmp_path, FILES), program(code), seconds=seconds)
    assert {path for path, state in states(done).items() if state is State.FAILED} == {"c.py"}
    assert result(done, "c.py").reason == reason
    assert set(written(done)) == FILES.keys() - {"c.py"}


def test_files_that_it_was_not_given_stay_and_are_named(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": "a = 1\n", "notes.txt": "1\n", ".gitignore": "ignored.py\n", "ignored.py": "mine = 1\n"})
    names = ("notes.txt", "new.txt", "ignored.py")
    done = run(tmp_path, program(f"import pathlib\nfor n in {names}: pathlib.Path(n).write_text('2')\n"))
    assert states(done) == {"a.py": State.UNCHANGED, "notes.txt": State.SKIPPED, "new.txt": State.SKIPPED}
    assert (tmp_path / "ignored.py").read_text() == "mine = 1\n"


MOVE = "import pathlib\nif pathlib.Path('lib/old.py').exists(): pathlib.Path('lib/old.py').rename('lib/new.py')\n"


def test_files_that_it_creates_and_deletes_are_created_and_deleted_and_given_back(tmp_path: Path) -> None:
    before = digest(fill(tmp_path, {"lib/__init__.py": "", "lib/old.py": "x = 1\n", "b.py": "from lib import other\n"}))
    done = run(tmp_path, program(MOVE))
    assert {change.path: change.kind for change in done.plan.changes} == {
        "lib/new.py": ChangeKind.CREATE,
        "lib/old.py": ChangeKind.DELETE,
    }
    apply_plan(tmp_path, done.plan)
    assert (tmp_path / "lib/new.py").read_text() == "x = 1\n"
    assert not (tmp_path / "lib/old.py").exists()
    rollback(tmp_path, Request(everything=True))
    assert digest(tmp_path) == before


@pytest.mark.parametrize(
    "asks",
    [
        "import lib.old\n",
        "from lib.old import x\n",
        "from lib import old as o\n",
        "def f():\n    import lib.old as o\n",
        "from unittest.mock import patch\n\nwith patch('lib.old.x'): ...\n",
    ],
)
def test_a_module_that_is_asked_for_is_not_deleted(tmp_path: Path, asks: str) -> None:
    fill(tmp_path, {"lib/__init__.py": "", "lib/old.py": "x = 1\n", "b.py": asks})
    done = run(tmp_path, program(MOVE))
    assert result(done, "lib/old.py").state is State.REVERTED
    assert "b.py" in result(done, "lib/old.py").reason


def test_a_top_level_module_that_is_asked_for_is_not_deleted(tmp_path: Path) -> None:
    fill(tmp_path, {"old.py": "", "b.py": "import old\n", "c.py": "def old(): ...\n"})
    done = run(tmp_path, program("import pathlib; pathlib.Path('old.py').unlink(missing_ok=True)"))
    assert (result(done, "old.py").step, result(done, "old.py").reason) == (
        "5 imports",
        "b.py could no longer import old",
    )


def test_a_module_may_become_a_package(tmp_path: Path) -> None:
    fill(tmp_path, {"old.py": "x = 1\n", "b.py": "from old import x\n"})
    code = "import os\nif os.path.exists('old.py'):\n    os.mkdir('old')\n    os.rename('old.py', 'old/__init__.py')\n"
    done = run(tmp_path, program(code))
    assert {change.path for change in done.plan.changes} == {"old.py", "old/__init__.py"}


def test_what_is_created_while_a_call_fails_is_for_review(tmp_path: Path) -> None:
    code = EACH + "    pathlib.Path('new.py').write_text('n = 1\\n')\n    if 'c =' in text: sys.exit(3)\n"
    done = run(fill(tmp_path, FILES), program(code))
    assert result(done, "new.py").doubts[0].startswith("a call failed")
    assert "new.py" not in written(done)


def test_a_program_that_edits_again_and_again_is_for_review(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {"a.py": "a = 1\n"}), program(EACH + "    path.write_text(text + 'b = 1\\n')\n"))
    assert result(done, "a.py").doubts == ("a second pass changes it again",)
    assert written(done) == {}


def test_names_like_options_and_with_blanks_are_names(tmp_path: Path) -> None:
    names = {"-rf.py": "x = 1\n", "a b.py": "x = 1\n", "a'\"$x.py": "x = 1\n"}
    assert set(written(run(fill(tmp_path, names), program(DOUBLE)))) == names.keys()


def test_nothing_of_it_survives(tmp_path: Path) -> None:
    mark = f"recanon-{tmp_path.name}-{time.time_ns()}"
    code = (
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', {mark!r}], start_new_session=True)\n"
    )
    run(fill(tmp_path, {"a.py": "a = 1\n"}), program(code))
    assert not alive(mark)


def test_what_it_prints_is_kept(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {"a.py": "a = 1\n"}), program("print('said')"))
    assert result(done, "a.py").output == "said\n"
