"""Compliance counts places and files that use an API; what is kept on purpose is counted apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recanon.audit import Share, compliance_of
from recanon.detectors.places import Place, further_places
from recanon.outcome import Finding, Verdict
from recanon.owners import parse_owners, read_owners
from tests.audit.kit import ground
from tests.helpers import write_tree


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


def test_a_name_without_a_trigger_word_counts_by_what_it_denotes(tmp_path: Path) -> None:
    files = {
        "shop/names.py": "from shop.core import Basket as Bag\n",
        "a.py": "from shop.core import Basket as B\n\nB(owner=1)\n",
        "b.py": "from shop.names import Bag\n\nx = Bag\n",
        "c.py": "from elsewhere import Basket\nfrom shop.core import other\n\nBasket()\n",
    }
    places = [place for place in further_places(ground(tmp_path, files)) if not place.path.startswith("shop/")]
    assert places == [
        Place("a.py", "import", "canonical"),
        Place("b.py", "import", "old"),
        Place("a.py", "call", "canonical"),
        Place("b.py", "reference", "old"),
    ]


def test_a_use_stands_as_its_import_does_and_none_is_counted_twice(tmp_path: Path) -> None:
    files = {
        "a.py": "from shop.core import Basket\n\nBasket()\n",
        "b.py": "from shop.core import Basket\n\nBasket()\n",
    }
    planned = [
        Finding("a.py", 1, 23, "Basket", "import", Verdict.LEFT, "about it"),
        Finding("b.py", 1, 23, "Basket", "import", Verdict.CANONICAL, "right"),
        Finding("b.py", 3, 1, "Basket", "call", Verdict.CANONICAL, "right"),
    ]
    assert list(further_places(ground(tmp_path, files, planned=planned))) == [Place("a.py", "call", "kept")]


def test_shares_by_kind_owner_and_phase() -> None:
    owners = parse_owners("CODEOWNERS", ["/a/ @one"])
    places = [found("a/x.py", "call", Verdict.SAFE), found("b.py", "import", Verdict.CANONICAL)]
    compliance = compliance_of(places, owners=owners, phase=lambda path: "first" if path == "b.py" else "")
    assert [(share.name, share.percent) for share in compliance.kinds] == [("call", 0.0), ("import", 100.0)]
    assert [share.name for share in compliance.owners] == ["(no owner)", "@one"]
    assert [share.name for share in compliance.phases] == ["(no phase)", "first"]


def test_a_place_belongs_to_the_phase_of_its_edit_whatever_the_phase_of_its_file() -> None:
    importer = replace(found("a/x.py", "import", Verdict.SAFE), phase="exports")
    places = [importer, found("a/x.py", "call", Verdict.SAFE), found("a/x.py", "call", Verdict.CANONICAL)]
    compliance = compliance_of(places, phase=lambda path: "production")
    assert compliance.phases == (Share("exports", 0, 1), Share("production", 1, 1))


@pytest.mark.parametrize(
    ("lines", "path", "owners"),
    [
        (["* @all", "/docs/ @docs"], "docs/a/b.py", "@docs"),
        (["/docs/ @docs", "* @all"], "docs/a.py", "@all"),
        (["docs/* @near"], "docs/a.py", "@near"),
        (["docs/* @near"], "docs/deep/a.py", ""),
        (["apps/ @apps", "/apps/one"], "apps/one/a.py", ""),
        (["apps/ @apps", "/apps/one"], "apps/two/a.py", "@apps"),
        (["**/logs @logs"], "deploy/logs/a.py", "@logs"),
        (["*.py @a b@c.org  # why"], "x/y.py", "@a b@c.org"),
        (["# only a comment", "", "!a.py @x", "[ab].py @y"], "a.py", ""),
        (["my\\ file.py @blank"], "my file.py", "@blank"),
    ],
)
def test_the_last_pattern_that_matches_names_the_owners(lines: list[str], path: str, owners: str) -> None:
    assert parse_owners("CODEOWNERS", lines).of(path) == owners


def test_the_first_of_the_usual_places_counts(tmp_path: Path) -> None:
    assert read_owners(tmp_path) is None
    write_tree(tmp_path, {"docs/CODEOWNERS": "* @docs\n", "CODEOWNERS": "* @root\n"})
    assert getattr(read_owners(tmp_path), "place", "") == "CODEOWNERS"
    write_tree(tmp_path, {".github/CODEOWNERS": "* @hub\n"})
    assert getattr(read_owners(tmp_path), "place", "") == ".github/CODEOWNERS"
