"""Whether the conditions of a rule hold at a place: yes, no, or it cannot be told."""

from __future__ import annotations

from collections.abc import Iterator

from recanon.index.usage import Call
from recanon.patterns import file_patterns
from recanon.rules import When
from recanon.sites import Site
from recanon.tables.binding import Bound, called

USES = ("call", "reference", "import", "annotation", "isinstance", "base", "decorator", "comparison", "assignment")


def holds(when: When, site: Site, bound: Bound | None) -> bool | None:
    """Return whether all conditions of a rule hold; None where one cannot be told and no other one fails.

    Args:
        when: the rule.
        site: the place.
        bound: the arguments of the call there, or None where nothing is called.
    """
    answers = set(_place(when, site))
    if False in answers:
        return False
    answers |= set(_call(when, called(site), bound))
    return False if False in answers else None if None in answers else True


def use_of(site: Site) -> str:
    """Return how a place uses the symbol, in the words of the tables."""
    if site.kind in {"import", "call"}:
        return site.kind
    form = site.use.form if site.use is not None else "reference"
    return form if form in USES else "reference"


def _place(when: When, site: Site) -> Iterator[bool | None]:
    use = use_of(site)
    yield bool({use, "any"} & when.use) if when.use else use != "import"
    if when.file:
        yield site.file.production == (when.file == "production")
    if when.path:
        yield file_patterns(when.path).match_file(site.file.path)
    if when.function:
        yield site.function in when.function
    if when.expects_failure is not None:
        yield bool(site.expects_failure) == when.expects_failure
    if when.catches:
        yield any(site.catches(name) for name in when.catches)


def _call(when: When, call: Call | None, bound: Bound | None) -> Iterator[bool | None]:
    if not when.asks_for_a_call:
        return
    if bound is None or call is None:
        yield False
        return
    if when.awaited is not None:
        yield call.awaited == when.awaited
    if when.unpacks is not None:
        yield bound.unpacks == when.unpacks
    yield from (bound.gives(name) for name in when.gives)
    yield from (_not(bound.gives(name)) for name in when.lacks)
    yield from (any(item.argument.keyword == name for item in bound.given) for name in when.keywords)
    yield from _values(when, bound)


def _values(when: When, bound: Bound) -> Iterator[bool | None]:
    for name in when.none:
        value = next((item.argument for item in bound.given if item.name == name), None)
        yield value.is_none if value is not None else bound.gives(name)
    if when.besides:
        yield bound.gives_besides(when.besides)
    if when.count is not None:
        yield None if bound.unpacks else len(bound.given) in when.count
    if when.positionals is not None:
        count = sum(item.by_position for item in bound.given)
        starred = any(item.argument.keyword == "*" for item in bound.given)
        yield None if starred else count in when.positionals


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
