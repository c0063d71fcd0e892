"""A plan over files that take their worker along: each of them stands as it was and is named, and no other one is."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from recanon.cache import Cache
from recanon.errors import UsageError
from recanon.guard.look import Looker
from recanon.index.facts import FileFacts
from recanon.move.planner import Request, plan_move
from recanon.outcome import Verdict
from recanon.pack import load_pack
from recanon.plan import Plan
from recanon.report.progress import progress
from recanon.session import make_plan
from recanon.settings import Bounds, Settings
from tests.authoring.kit import PACK_TOML, WORLD, write, write_pack
from tests.cage.poison import POISON
from tests.helpers import slow

ROOT = Path(__file__).parents[2]
USE = "from shop.helpers import now_utc\n\nprint(now_utc())\n"
DONE = "from shop.clock import now\n\nprint(now())\n"
BOUNDS = Bounds(seconds=1.0, memory=300 << 20)

# A file `answer_kill.py` kills who answers for it, `build_kill.py` who builds the new call.
CODEMOD = '''"""A codemod that does to files what their names say."""

from pathlib import PurePosixPath

from recanon.codemod import Answer, Rewrite, Site, with_callee
from tests.cage.poison import poisoned


class NowUtc:
    title = "now_utc() becomes now()"
    examples = ()

    def answer(self, site: Site) -> Answer:
        when, _, what = PurePosixPath(site.file.path).stem.partition("_")
        if when == "answer" or (when == "retire" and site.kind == "definition"):
            poisoned(what)

        def build(call, name):
            if when == "build":
                poisoned(what)
            return with_callee(call, name)

        return Rewrite(site.becomes, "the clock gives the same time", build=build)
'''


def tree(root: Path, files: Mapping[str, str]) -> Path:
    return write(root, {**WORLD, **files})


def plan(tmp_path: Path, files: Mapping[str, str], *, jobs: int = 1, bounds: Bounds | None = BOUNDS) -> Plan:
    root = tree(tmp_path / "tree", files)
    pack = load_pack(write_pack(tmp_path / "pack", codemod=CODEMOD))
    made = make_plan(root, pack, Settings(jobs=jobs, bounds=bounds))
    assert made.account.balanced, made.account
    return made


def rewritten(made: Plan) -> set[str]:
    return {change.path for change in made.changes if change.after.decode() == DONE}


@pytest.mark.parametrize("what", ["kill", slow("regex"), "eat", "exit", "interrupt"])
@pytest.mark.parametrize("when", ["answer", "build"])
def test_a_codemod_that_takes_its_worker_along_costs_one_file(tmp_path: Path, when: str, what: str) -> None:
    bad = f"{when}_{what}.py"
    bounds = Bounds(20, BOUNDS.memory) if what == "eat" else BOUNDS
    made = plan(tmp_path, {bad: USE, "a.py": USE, "z.py": USE}, bounds=bounds)
    assert rewritten(made) == {"a.py", "z.py"}
    assert made.failed == (bad,)
    assert [item.path for item in made.reverted] == [bad]
    assert not made.whole
    said = [finding for finding in made.findings if finding.path == bad]
    assert len(said) == 2
    assert {finding.verdict for finding in said} == {Verdict.MANUAL}
    assert all("came to nothing: " in finding.reason for finding in said)


def test_the_reason_says_what_happened(tmp_path: Path) -> None:
    made = plan(tmp_path, {"answer_segfault.py": USE, "answer_spin.py": USE, "build_leave.py": USE}, jobs=2)
    assert {item.path: (item.step, item.reason) for item in made.reverted} == {
        "answer_segfault.py": ("judging", "the work came to nothing: its process was killed by SIGSEGV"),
        "answer_spin.py": ("judging", "the work came to nothing: it was ended after 1 seconds"),
        "build_leave.py": ("edits", "the work came to nothing: its process ended itself with exit code 0"),
    }


def test_a_codemod_that_raises_what_nobody_expects_costs_one_file(tmp_path: Path) -> None:
    made = plan(tmp_path, {"answer_recurse.py": USE, "answer_raise.py": USE, "a.py": USE})
    assert rewritten(made) == {"a.py"}
    assert made.account.verdicts[Verdict.MANUAL] >= 2


def test_a_file_that_could_not_be_judged_keeps_what_others_need_of_it(tmp_path: Path) -> None:
    """It hands an old name on, so that the file that takes the name from it cannot lose it."""
    files = {"answer_kill.py": "from shop.helpers import now_utc as clock\n", "b.py": "from answer_kill import clock\n"}
    made = plan(tmp_path, files)
    assert not made.changes
    assert made.failed == ("answer_kill.py",)


def test_a_codemod_that_dies_when_a_definition_could_go_leaves_it_to_a_person(tmp_path: Path) -> None:
    root = tree(tmp_path / "tree", {"shop/retire_kill.py": "def now_utc():\n    return 1\n", "a.py": USE})
    folder = write_pack(tmp_path / "pack", codemod=CODEMOD, toml=PACK_TOML + '\n[retire]\ndefinition = "now-utc"\n')
    made = make_plan(root, load_pack(folder), Settings(jobs=1, bounds=BOUNDS))
    assert made.account.balanced
    assert rewritten(made) == {"a.py"}
    [kept] = [finding for finding in made.findings if finding.path == "shop/retire_kill.py"]
    assert kept.verdict is Verdict.MANUAL
    assert kept.reason == "asking the codemod came to nothing: its process was killed by SIGKILL"


def test_ten_poisons_among_many_cost_ten(tmp_path: Path) -> None:
    kinds = ["kill", "segfault", "leave", "abort", "exit"]
    bad = {f"{when}_{what}.py": USE for when in ("answer", "build") for what in kinds}
    good = {f"good{number:03}.py": USE for number in range(90)}
    made = plan(tmp_path, bad | good, jobs=2)
    assert rewritten(made) == set(good)
    assert set(made.failed) == set(bad)


def test_a_plan_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    bad = {"answer_kill.py": USE, "build_segfault.py": USE, "answer_exit.py": USE}
    files = bad | {f"good{number:03}.py": USE for number in range(50)}
    first = plan(tmp_path, files, jobs=1)
    for jobs in (2, 4):
        again = plan(tmp_path, files, jobs=jobs)
        assert again == first
        assert again.digest == first.digest


def test_a_plan_without_a_cage_is_the_same(tmp_path: Path) -> None:
    """Most tests plan in their own process, which is faster for many small trees."""
    files = {"a.py": USE, "build_not.py": USE, "answer_1.py": USE}
    assert plan(tmp_path, files, bounds=None) == plan(tmp_path, files, jobs=2)


def test_what_a_codemod_prints_or_does_to_its_process_does_not_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = os.getcwd()
    made = plan(tmp_path, {"answer_shout.py": USE, "answer_wander.py": USE, "build_fork.py": USE, "a.py": USE})
    assert rewritten(made) == {"answer_shout.py", "answer_wander.py", "build_fork.py", "a.py"}
    assert os.getcwd() == before
    said = capsys.readouterr()
    assert said.out == ""
    assert "raw shout" in said.err


def deep() -> dict[str, str]:
    """Return sources that crash parsers: each uses the old name."""
    return {
        "parens.py": USE + "x = " + "(" * 5_000 + "now_utc()" + ")" * 5_000 + "\n",
        "terms.py": USE + "x = now_utc()" + " + now_utc()" * 10_000 + "\n",
        "calls.py": USE + "x = now_utc()" + ".b()" * 3_000 + "\n",
        "inner.py": USE + "x = now_utc(" + "f(" * 90 + "now_utc()" + ")" * 91 + "\n",
        "minus.py": USE + "x = " + "-" * 20_000 + "now_utc()\n",
        "elifs.py": USE + "if x:\n    pass\n" + "elif now_utc():\n    pass\n" * 3_000,
        "brackets.py": USE + "x = now_utc" + "[0]" * 3_000 + "\n",
        "blocks.py": USE + "".join("  " * depth + "if x:\n" for depth in range(95)) + "  " * 95 + "now_utc()\n",
    }


def test_deep_sources_cost_themselves_alone(tmp_path: Path) -> None:
    made = plan(tmp_path, {**deep(), "ordinary_user.py": USE}, jobs=2, bounds=Bounds(20, 1 << 30))
    assert "ordinary_user.py" in rewritten(made)
    named = {finding.path for finding in made.findings} | {skip.path for skip in made.skipped}
    assert named >= deep().keys()
    for change in made.changes:
        compile(change.after, change.path, "exec")


def test_a_chain_of_hundreds_of_calls_is_rewritten(tmp_path: Path) -> None:
    """LibCST overflows at half of that in a process of the usual depth."""
    chained = USE + "x = now_utc()" + ".b()" * 400 + "\n"
    made = plan(tmp_path, {"chained.py": chained}, bounds=Bounds(20, 1 << 30))
    [change] = made.changes
    assert change.after.decode() == chained.replace("now_utc", "now").replace("helpers", "clock")


def test_a_deep_module_that_others_import_costs_nothing_else(tmp_path: Path) -> None:
    """The module holds no old name, and is read because the canonical module imports it."""
    clock = "import deep\n\n\ndef now():\n    return 1\n"
    made = plan(tmp_path, {"shop/clock.py": clock, "deep.py": "x = 1\n" + "y = x" + ".b()" * 900 + "\n", "a.py": USE})
    assert "a.py" in rewritten(made)


def test_a_file_that_cannot_be_read_to_an_end_is_named_with_its_mentions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree(tmp_path, {"a.py": USE, "bad.py": USE + "# now_utc\n"})
    real = sys.modules["recanon.scan"].read_candidate

    def reading(path: str, *args: object, **kwargs: object) -> object:
        return POISON["kill"]("") if path == "bad.py" else real(path, *args, **kwargs)

    monkeypatch.setattr("recanon.scan.read_candidate", reading)
    pack = load_pack(write_pack(tmp_path / "pack"))
    made = make_plan(root, pack, Settings(jobs=1, bounds=BOUNDS, exclude=("pack/**",)))
    assert made.account.balanced
    assert made.failed == ("bad.py",)
    assert rewritten(made) == {"a.py"}
    [skipped] = [item for item in made.skipped if item.path == "bad.py"]
    assert skipped.reason == "reading it came to nothing: its process was killed by SIGKILL"
    assert skipped.mentions == 3
    assert [f.verdict for f in made.findings if f.path == "bad.py"] == [Verdict.MANUAL] * 3


def test_a_planned_text_that_cannot_be_read_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree(tmp_path / "tree", {"a.py": USE, "bad.py": USE})
    real = sys.modules["recanon.rescan"].read_candidate

    def reading(path: str, data: bytes, *args: object, **kwargs: object) -> object:
        bad = path == "bad.py" and data.decode() == DONE
        return POISON["kill"]("") if bad else real(path, data, *args, **kwargs)

    monkeypatch.setattr("recanon.rescan.read_candidate", reading)
    made = make_plan(root, load_pack(write_pack(tmp_path / "pack")), Settings(jobs=1, bounds=BOUNDS))
    assert made.account.balanced
    assert rewritten(made) == {"a.py"}
    assert [item.path for item in made.reverted] == ["bad.py"]
    assert made.failed == ("bad.py",)


def test_a_look_that_could_not_judge_a_file_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, pack = tree(tmp_path / "tree", {"bad.py": USE}), load_pack(write_pack(tmp_path / "pack"))
    settings, cache = Settings(jobs=1, bounds=BOUNDS), Cache(tmp_path / "cache")
    looker = Looker(root, pack, settings, cache=cache, progress=lambda *_: None)
    real = sys.modules["recanon.propose.judging"].judge_file

    def judging(tools: object, facts: FileFacts, context: object) -> object:
        return POISON["kill"]("") if facts.path == "bad.py" else real(tools, facts, context)

    monkeypatch.setattr("recanon.propose.judging.judge_file", judging)
    look = looker.look()
    assert look.unread == ("bad.py",)
    assert [place.kind for place in look.places if place.path == "bad.py"] == ["unread file"] * 2
    monkeypatch.undo()
    again = looker.look()
    assert again.unread == ()
    assert [place.kind for place in again.places if place.path == "bad.py"] == ["import", "call"]
    monkeypatch.setattr(Looker, "fresh", lambda *_: pytest.fail("judged again"))
    assert looker.look() == again


def test_a_move_through_a_source_that_is_too_deep_is_refused_by_name(tmp_path: Path) -> None:
    root = tree(tmp_path, {"chained.py": USE + "x = now_utc()" + ".b()" * 400 + "\n"})
    with pytest.raises(UsageError, match=r"chained\.py is nested too deep"):
        plan_move(root, Request("shop.helpers.now_utc", "shop.helpers.utc_now", Settings(jobs=1)))


def test_bars_are_drawn_without_a_thread() -> None:
    """A fork beside a running thread could hang."""
    leader, follower = pty.openpty()
    before = threading.active_count()
    with open(follower, "w", encoding="utf-8") as terminal, progress(terminal) as tick:
        assert tick is not None
        tick("read", 1, 2)
        assert threading.active_count() == before
        assert "read" in os.read(leader, 4096).decode()
    os.close(leader)


def command(tmp_path: Path, *words: str, files: Mapping[str, str]) -> list[str]:
    root = tree(tmp_path / "tree", files)
    pack = write_pack(tmp_path / "pack", codemod=CODEMOD)
    return [sys.executable, "-m", "recanon", "preview", str(root), "--pack", str(pack), *words]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def test_the_exit_code_says_that_a_file_was_set_aside(tmp_path: Path) -> None:
    line = command(tmp_path, "--timeout", "1", files={"a.py": USE, "answer_spin.py": USE})
    done = subprocess.run(line, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 3, done.stderr
    assert "answer_spin.py" in done.stderr
    assert "it was ended after 1 seconds" in done.stderr
    assert "+print(now())" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_plan_does_not_depend_on_the_seed_of_hashes(tmp_path: Path) -> None:
    files = {"answer_kill.py": USE, **{f"good{number:03}.py": USE for number in range(50)}}
    seen = set()
    for seed in ("0", "1"):
        line = command(tmp_path, "--format", "json", "--jobs", str(int(seed) + 1), files=files)
        seen.add(subprocess.run(line, capture_output=True, env=environment(PYTHONHASHSEED=seed), check=False).stdout)
    assert len(seen) == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_end_in_the_middle_leaves_no_process(tmp_path: Path, how: signal.Signals) -> None:
    line = command(tmp_path, files={"answer_sleep.py": USE, "a.py": USE})
    mark = str(tmp_path)
    parent = subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), start_new_session=True
    )
    until = time.monotonic() + 20
    while len(_named(mark)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.1)
    os.killpg(parent.pid, how)
    _, said = parent.communicate(timeout=10)
    assert parent.returncode == (-how if how is signal.SIGKILL else 130)
    assert b"Traceback" not in said
    until = time.monotonic() + 2
    while _named(mark) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _named(mark)


def _named(mark: str) -> list[int]:
    """Return the processes whose command line holds a mark; forked ones have that of their parent."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, state = (folder / "cmdline").read_bytes(), (folder / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue
        if mark.encode() in words and state[0] != b"Z":
            found.append(int(folder.name))
    return found
