"""A fingerprint names a place by what stands there."""

from __future__ import annotations

from recanon.fingerprint import fingerprints
from recanon.outcome import Finding, Verdict
from recanon.source import Source


def _named(text: str, *lines: int, word: str = "old", kind: str = "call") -> list[str]:
    places = [Finding("a.py", line, 1, word, kind, Verdict.SAFE, "") for line in lines]
    return list(fingerprints(places, Source.decode("a.py", text.encode())).values())


def test_a_line_that_moves_keeps_its_name() -> None:
    assert _named("old()\n", 1) == _named("\n\n# more\nif x:\n    old()\n", 5)


def test_another_line_word_or_kind_has_another_name() -> None:
    first = _named("old(a)\n", 1)
    assert (
        len({*first, *_named("old(b)\n", 1), *_named("old(a)\n", 1, word="x"), *_named("old(a)\n", 1, kind="y")}) == 4
    )


def test_equal_lines_are_counted_through() -> None:
    first, second = _named("old()\nold()\n", 1, 2)
    assert second == f"{first}-2"


def test_the_form_of_the_newlines_does_not_matter() -> None:
    assert _named("x\r\nold()\r\n", 2) == _named("x\nold()", 2)


def test_a_place_is_named_the_same_in_whatever_order_it_comes() -> None:
    source = Source.decode("a.py", b"old()\nold()\n")
    one, two = (Finding("a.py", line, 1, "old", "call", Verdict.SAFE, "") for line in (1, 2))
    assert fingerprints([one, two], source) == fingerprints([two, one], source)
