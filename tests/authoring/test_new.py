"""`recanon new`: what it makes passes its own tests and the usual linters, and it overwrites nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recanon.cli.main import app


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout + done.stderr


def python(*words: str | Path, cwd: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *map(str, words)], cwd=cwd, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_a_new_pack_passes_its_check_its_tests_and_the_linters(here: Path) -> None:
    assert run("new", "pack", "one-clock")[0] == 0
    assert run("new", "codemod", "old-clock", "--pack", "one_clock")[0] == 0
    (here / "one_clock" / "world" / "old_clock_world").rename(here / "aside")
    (here / "one_clock" / "old_clock.py").unlink()
    assert run("check", "one_clock", "--jobs", "1")[0] == 0
    python("pytest", "-q", "-p", "no:cacheprovider", "one_clock/tests", cwd=here)
    python("ruff", "check", "--isolated", "--select", "E,F,W,I,B,UP,SIM,RUF,ANN", "one_clock", cwd=here)
    python("ruff", "format", "--isolated", "--check", "--line-length", "120", "one_clock", cwd=here)
    python("mypy", "--strict", "one_clock/old_call.py", "one_clock/tests/test_pack.py", cwd=here)


def test_a_new_codemod_works_once_its_entry_stands_in_the_description(here: Path) -> None:
    run("new", "pack", "one-clock", "packs/clock")
    code, said = run("new", "codemod", "old-clock", "--pack", "packs/clock")
    assert code == 0
    with Path("packs/clock/pack.toml").open("a", encoding="utf-8") as file:
        file.write(said[said.index("\n[[symbol]]") :])
    code, said = run("check", "packs/clock", "--jobs", "1")
    assert (code, "old-clock  ok" in said) == (0, True), said


@pytest.mark.parametrize("name", ["", "One", "one_clock", "1st", "-x", "one--two", "../up", "class", "a/b", "ä"])
def test_a_name_that_cannot_be_one_is_refused(here: Path, name: str) -> None:
    code, said = run("new", "pack", "--", name)
    assert (code, "cannot be a name" in said) == (2, True), said
    assert not list(here.iterdir())


def test_nothing_is_overwritten(here: Path) -> None:
    (here / "one_clock").mkdir()
    (here / "one_clock" / "mine.txt").write_text("mine")
    assert run("new", "pack", "one-clock")[0] == 2
    assert [path.name for path in (here / "one_clock").iterdir()] == ["mine.txt"]
    run("new", "pack", "two-clocks")
    (here / "two_clocks" / "world" / "late_world").mkdir()
    (here / "two_clocks" / "world" / "late_world" / "old.py").write_text("mine")
    code, said = run("new", "codemod", "late", "--pack", "two_clocks")
    assert (code, "is there already" in said) == (2, True)
    assert not (here / "two_clocks" / "late.py").exists()


def test_a_codemod_wants_a_pack(here: Path) -> None:
    code, said = run("new", "codemod", "late", "--pack", "nowhere")
    assert (code, "there is no pack at nowhere" in said) == (2, True)
