"""Bowler queries as guests: text in, text out, and what Bowler cannot read is skipped and never unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from recanon.engines.bowler_query import BowlerQuery
from recanon.engines.foreign import DeclinedError
from recanon.errors import UsageError
from recanon.executor.supervisor import ServiceError
from recanon.guests.result import State
from recanon.guests.work import Effort
from tests.guests.kit import ROOT, fill, result, run, states, written

QUERIES = Path(__file__).with_name("queries.py")
EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture
def renames(tmp_path: Path) -> BowlerQuery:
    return BowlerQuery(QUERIES, "renames", tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "match x:\n    case 1:\n        old()\n",
        "try:\n    old()\nexcept* ValueError:\n    pass\n",
        "class A[T]:\n    x = old()\n",
        "def f[T](x: T): return old()\n",
        "type A = old()\n",
        "def f(a, /): return old()\n",
        "x = f'{old()['a']}'\n",
        "with (open(a) as b, open(c) as d):\n    old()\n",
        "x = 1\ry = old()\n",
        "x = (\n",
    ],
)
def test_syntax_that_bowler_cannot_read_is_skipped(tmp_path: Path, text: str, renames: BowlerQuery) -> None:
    with pytest.raises(DeclinedError, match="Bowler cannot read this syntax: "):
        renames("a.py", text.encode())


def test_a_skipped_file_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    fill(tmp_path, {"a.py": "def old(): ...\n\n\nold()\n", "m.py": "match x:\n    case 1: ...\n"})
    done = run(tmp_path, f"bowler:{QUERIES}:renames")
    assert states(done) == {"a.py": State.CHANGED, "m.py": State.SKIPPED}
    assert [skip.path for skip in done.plan.skipped] == ["m.py"]


@pytest.mark.parametrize("name", ["renames", "INSTANCE"])
@pytest.mark.parametrize(
    "text",
    [
        "old()",
        "old()\n",
        "old()\r\n",
        "\r\nold()",
        "\ufeffold()\n",
        "\told()\n".strip("\t"),
        "\fold()\n",
        "x = 1 ; old()  # c\n",
    ],
)
def test_only_the_name_changes(tmp_path: Path, name: str, text: str) -> None:
    query = BowlerQuery(QUERIES, name, tmp_path)
    assert query("a.py", text.encode()).data.decode() == text.replace("old", "new")


@pytest.mark.parametrize("text", ["", "x = 1", "x.old\n", "# old\n", "'old()'\n", "older()\r\n"])
def test_what_does_not_match_is_given_back_to_the_byte(renames: BowlerQuery, text: str) -> None:
    assert renames("a.py", text.encode()).data == text.encode()


def test_an_encoding_is_kept(renames: BowlerQuery) -> None:
    data = b"# -*- coding: latin-1 -*-\nold('\xe9')\n"
    assert renames("a.py", data).data == data.replace(b"old", b"new")
    with pytest.raises(DeclinedError, match="neither UTF-8 nor names its encoding"):
        renames("a.py", b"old('\xe9')\n")


def test_one_file_leaves_nothing_to_the_next(renames: BowlerQuery) -> None:
    with pytest.raises(DeclinedError):
        renames("a.py", b"match x:\n    case 1: ...\n")
    assert renames("b.py", b"x = 1\n").data == b"x = 1\n"
    assert renames("c.py", b"old()\n").data == b"new()\n"


def test_a_file_that_the_query_leaves_out_is_skipped(tmp_path: Path) -> None:
    done = run(fill(tmp_path, {"a.py": "old()\n", "b.py": "old = new = 1\nold()\n"}), f"bowler:{QUERIES}:others")
    assert result(done, "a.py").reason == "the query itself leaves out files of this name"
    assert result(done, "b.py").state is State.CHANGED


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "has no missing"),
        ("NO_QUERY", "is no query"),
        ("gives_none", "returns no query"),
        ("decides", "decides about single hunks"),
    ],
)
def test_what_is_no_query_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        BowlerQuery(QUERIES, name, tmp_path)


def test_a_query_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="is not there"):
        run(fill(tmp_path, {"a.py": ""}), f"bowler:{tmp_path}/no.py:query")


WARNS = {
    "a.py": 'import logging\n\nlogger = logging.getLogger()\nlogger.warn("a")\nlogging.warn("%s", 1)  # kept\n',
    "b.py": "def f(log, other):\n    log.warn(\n        'a',  # why\n    )\n    return log.warn\n",
    "c.py": "import warnings\n\nwarnings.warn('a')\nself.logger.warn('a')\nlogger.warn.call('a')\nx = 'log.warn()'\n",
    "d.py": "logger.warn()\r\nlogger . warn ( 1 )\r\n",
    "e.py": "if logger.warn(f(logger.warn(1))):\n    logger.warn(2).g()\n",
}


def test_the_query_of_the_docs_and_its_twin_make_the_same(tmp_path: Path) -> None:
    fill(tmp_path, {**WARNS, "m.py": "match x:\n    case 1:\n        logger.warn(1)\n"})
    bowler = run(tmp_path, f"bowler:{EXAMPLES / 'queries.py'}:warn")
    libcst = run(tmp_path, "libcst:renamed_warn.Warn", effort=Effort(jobs=1, path=(str(EXAMPLES),)))
    made = written(libcst)
    assert "logger.warning(1)" in made.pop("m.py"), "LibCST reads what Bowler cannot"
    assert made == written(bowler)
    assert set(made) == {"a.py", "b.py", "d.py", "e.py"}
    assert "self.logger" not in "".join(made.values())
