"""Read what pytest reports of its tests, in the XML form that continuous integration servers read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_LONGEST = 300  # characters of the first line of a failure


class ReportError(Exception):
    """The report is not there or cannot be read."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each test, by the name under which pytest takes it on its command line.

    Args:
        passed: those that passed; one that fails in its teardown has failed.
        failed: those that failed, each with the first line of its failure; modules that could not be collected too.
        skipped: those that were skipped or were expected to fail.
    """

    passed: frozenset[str]
    failed: dict[str, str]
    skipped: frozenset[str]


def read_junit(path: Path) -> Report:
    """Read a report of pytest in its form `xunit1`, which names the file of each test.

    Args:
        path: the report.

    Raises:
        ReportError: it is not there, or was not written to its end.
    """
    passed, skipped, failed = set(), set(), dict[str, str]()
    try:
        for case in _cases(path):
            name = _name(case)
            wrong = case.find("failure") if case.find("failure") is not None else case.find("error")
            if wrong is not None:
                failed.setdefault(name, _first_line(wrong))
            elif case.find("skipped") is not None:
                skipped.add(name)
            else:
                passed.add(name)
    except (OSError, ElementTree.ParseError) as exc:
        raise ReportError(str(exc)) from exc
    return Report(frozenset(passed - failed.keys()), failed, frozenset(skipped - failed.keys()))


def _cases(path: Path) -> Iterator[ElementTree.Element]:
    """Read case by case, and forget each: a report may hold all that its tests have printed."""
    for _, element in ElementTree.iterparse(path):
        if element.tag == "testcase":
            yield element
        if element.tag in {"testcase", "testsuite"}:
            element.clear()


def _name(case: ElementTree.Element) -> str:
    """Put the name together again that pytest took apart: `tests/test_a.py::TestB::test_c[1]`."""
    file, owner, name = (case.get(key) or "" for key in ("file", "classname", "name"))
    module = file.removesuffix(".py").replace("/", ".")
    if not owner and name == module:
        return file  # a module that could not be collected
    inner = owner.removeprefix(module).lstrip(".") if owner.startswith(module) else owner
    return "::".join(part for part in (file, inner.replace(".", "::"), name) if part)


def _first_line(wrong: ElementTree.Element) -> str:
    marked = (line[1:].strip() for line in (wrong.text or "").splitlines() if line.startswith("E "))
    said = (wrong.get("message") or "").strip().splitlines()
    return (next(filter(None, marked), "") or (said[0] if said else "no reason is given"))[:_LONGEST]
