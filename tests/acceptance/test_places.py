"""The 28 nastiest places of the real repository: each has a twin in the fixture application."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from recanon.outcome import Finding, Verdict
from recanon.pack import load_pack
from recanon.plan import Plan
from recanon.session import make_plan
from recanon.settings import Settings

FIXTURE = Path(__file__).parents[2] / "fixtures" / "netra_mini"
PLACES: list[dict[str, Any]] = tomllib.loads((FIXTURE / "places.toml").read_text(encoding="utf-8"))["place"]


@dataclass(frozen=True)
class Migrated:
    plan: Plan
    reviewed: Plan

    def text(self, path: str, *, reviewed: bool = False) -> str:
        plan = self.reviewed if reviewed else self.plan
        for change in plan.changes:
            if change.path == path:
                return change.after.decode()
        return (FIXTURE / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def migrated() -> Migrated:
    pack = load_pack("websocket-ssot")
    both = frozenset({Verdict.SAFE, Verdict.REVIEW})
    return Migrated(
        make_plan(FIXTURE, pack, Settings(jobs=1)), make_plan(FIXTURE, pack, Settings(jobs=1, include=both))
    )


def findings_at(place: dict[str, Any], plan: Plan) -> list[Finding]:
    """The findings on the line of a place; where the line holds several names, those of the name that is meant."""
    text = (FIXTURE / place["file"]).read_text(encoding="utf-8")
    assert text.count(place["find"]) == 1, "the text must stand once in the file"
    start = text.index(place["find"])
    first = text.count("\n", 0, start) + 1
    last = first + place["find"].count("\n")
    found = [f for f in plan.findings if f.path == place["file"] and first <= f.line <= last]
    named = place.get("name")
    return [f for f in found if f.word == named] if named else found


def test_every_place_of_the_real_repository_has_a_twin() -> None:
    assert {place["number"] for place in PLACES} == set(range(1, 29))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place['number']:02}-{place['title'].replace(' ', '-')}")
def test_place_gets_its_verdict_and_its_text(place: dict[str, Any], migrated: Migrated) -> None:
    found = findings_at(place, migrated.plan)
    assert found, "nothing was found there"
    assert {f.verdict for f in found} == {Verdict(place["verdict"])}, [(f.word, f.verdict, f.reason) for f in found]
    after = migrated.text(place["file"])
    for text in place.get("after", ()):
        assert text in after
    for text in place.get("gone", ()):
        assert text not in after
    offered = migrated.text(place["file"], reviewed=True)
    for text in place.get("offered", ()):
        assert text in offered
