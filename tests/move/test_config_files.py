"""Dotted paths in configuration files: those that denote the symbol are offered, all others stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.outcome import Verdict
from recanon.settings import Settings
from tests.move.helpers import moved

CODE = {
    "app/__init__.py": "from .core import fetch\n",
    "app/core.py": "def fetch(): ...\n",
    "other.py": "def fetch(): ...\n",
}
REVIEW = Settings(jobs=1, include=frozenset({Verdict.SAFE, Verdict.REVIEW}))
FOLLOWS = {
    "entry point": ('[project.scripts]\nrun = "app.core:fetch"\n', '[project.scripts]\nrun = "app.core:load"\n'),
    "dotted": ("handler = app.core.fetch\n", "handler = app.core.load\n"),
    "facade": ("handler: 'app:fetch'\n", "handler: 'app:load'\n"),
    "attribute": ('x = ["app.core.fetch.retry"]\n', 'x = ["app.core.load.retry"]\n'),
    "colon and attribute": ("x = app.core:fetch.retry\n", "x = app.core:load.retry\n"),
    "two, with CRLF": ("a = app.core.fetch\r\nb=app.fetch\r\n", "a = app.core.load\r\nb=app.load\r\n"),
}
STAYS = {
    "another symbol": "x = other.fetch\n",
    "longer": "x = app.core.fetch_all, my.app.core.fetch, app.core.fetch-all\n",
    "a word": "fetch = 1  # fetch\n",
    "a file": "x = app/core.fetch\n",
    "an address": "x = http://app.core.fetch, me@app.core.fetch\n",
}


@pytest.mark.parametrize("case", FOLLOWS)
def test_a_path_that_denotes_the_symbol_follows_when_it_is_asked_for(tmp_path: Path, case: str) -> None:
    before, after = FOLLOWS[case]
    done = moved(tmp_path, CODE | {"conf/app.toml": before}, "app.core.fetch", "app.core.load", REVIEW)
    assert done["conf/app.toml"] == after
    assert all(finding.applied for finding in done.found("conf/app.toml"))


@pytest.mark.parametrize("case", FOLLOWS)
def test_without_being_asked_for_it_is_reported_alone(tmp_path: Path, case: str) -> None:
    done = moved(tmp_path, CODE | {"setup.cfg": FOLLOWS[case][0]}, "app.core.fetch", "app.core.load")
    assert "setup.cfg" in done.unchanged
    found = done.found("setup.cfg", Verdict.REVIEW)
    assert found
    assert not any(finding.applied for finding in found)


@pytest.mark.parametrize("case", STAYS)
def test_what_only_looks_like_it_stays(tmp_path: Path, case: str) -> None:
    done = moved(tmp_path, CODE | {"tox.ini": STAYS[case]}, "app.core.fetch", "app.core.load", REVIEW)
    assert "tox.ini" in done.unchanged
    assert not done.found("tox.ini")


def test_an_excluded_file_stays_and_says_so(tmp_path: Path) -> None:
    files = CODE | {"tox.ini": "x = app.core.fetch\n"}
    settings = Settings(jobs=1, include=REVIEW.include, exclude=("tox.ini",))
    done = moved(tmp_path, files, "app.core.fetch", "app.core.load", settings)
    assert "tox.ini" in done.unchanged
    assert [finding.reason for finding in done.found("tox.ini")] == ["the path is excluded"]


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_bytes(b"author = J\xf6rg\nx = app.core.fetch\n")
    done = moved(tmp_path, CODE, "app.core.fetch", "app.core.load", REVIEW)
    assert [item.path for item in done.plan.skipped] == ["setup.cfg"]


def test_paths_below_a_module_follow_it(tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/core.py": "def fetch(): ...\n", "pyproject.toml": ""}
    files["pyproject.toml"] = 'run = "app.core:fetch"\nmodule = ["app.core.*", "app.core", "app", "app.score"]\n'
    done = moved(tmp_path, files, "app.core", "app.kernel", REVIEW)
    assert done["pyproject.toml"] == files["pyproject.toml"].replace("app.core", "app.kernel")
