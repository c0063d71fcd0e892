"""Compliance counts places and files that use an API; what is kept on purpose is counted apart."""

from __future__ import annotations

import pytest

from recanon.audit import Share, compliance_of
from recanon.outcome import Finding, Verdict


def found(path: str, kind: str, verdict: Verdict) -> Finding:
    return Finding(path, 1, 1, "old", kind, verdict, "because")


def test_a_share_has_its_denominator() -> None:
    assert Share("", 1, 2).percent == 33.3
    assert Share("", 0, 3).percent == 0.0


def test_where_nothing_uses_either_there_is_nothing_to_do() -> None:
    assert Share("", 0, 0).percent == 100.0


@pytest.mark.parametrize("verdict", [Verdict.SAFE, Verdict.REVIEW, Verdict.MANUAL])
def test_every_use_that_is_to_change_is_old(verdict: Verdict) -> None:
    compliance = compliance_of([found("a/b/c.py", "call", verdict), found("a/b/d.py", "call", Verdict.CANONICAL)])
    assert (compliance.places.canonical, compliance.places.old) == (1, 1)
    assert [(share.name, share.percent) for share in compliance.folders] == [("a/b", 50.0)]


@pytest.mark.parametrize("kind", ["string", "comment", "definition", "export"])
def test_what_is_no_use_does_not_count(kind: str) -> None:
    compliance = compliance_of([found("a.py", kind, Verdict.MANUAL)])
    assert (compliance.places.canonical, compliance.places.old, compliance.kept) == (0, 0, 0)


def test_a_use_that_stays_on_purpose_is_counted_apart() -> None:
    compliance = compliance_of([found("a.py", "import", Verdict.LEFT)])
    assert (compliance.places.old, compliance.kept) == (0, 1)


def test_a_file_with_one_old_place_is_old() -> None:
    places = [found("a.py", "call", Verdict.CANONICAL), found("a.py", "call", Verdict.SAFE)]
    compliance = compliance_of([*places, found("b.py", "import", Verdict.CANONICAL)])
    assert (compliance.files.canonical, compliance.files.old) == (1, 1)
    assert compliance.folders[0].name == "."
