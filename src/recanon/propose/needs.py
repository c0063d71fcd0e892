"""What one file needs of another, so that no import, patch or look-up is left in the air."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from recanon.index.facts import FileFacts, Text
from recanon.propose.judged import Name
from recanon.propose.patch_strings import patches_of
from recanon.resolve.program import Program
from recanon.resolve.scopes import FileScopes

_LOOSE = {"attribute", "compare", "keyword", "stand-in", "patch keyword", "patch attribute", "patch target", "text"}
_UNRESOLVED = {"local", "attribute", "unbound"}
_REPLACES = re.compile(r"patch|setattr|setitem|spy|stub|mock|swap", re.IGNORECASE)


@dataclass(frozen=True)
class Needs:
    """What other files need of one.

    Args:
        pinned: module-level names that must stay bound, with the reason.
        held: module-level names whose uses must stay as they are, with the reason.
        coupled: names of other modules whose import here must move although the phase does not run.
        lookups: names of other modules that functions here look up and must go on looking up, with the reason.
    """

    pinned: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    coupled: frozenset[Name] = frozenset()
    lookups: Mapping[Name, str] = field(default_factory=dict)

    def union(self, other: Needs) -> Needs:
        """Return the needs of both; of two reasons the first stays."""
        return Needs(
            {**other.pinned, **self.pinned},
            {**other.held, **self.held},
            self.coupled | other.coupled,
            {**other.lookups, **self.lookups},
        )

    def adds_to(self, old: Needs) -> bool:
        """Return whether something is needed that was not before."""
        pairs = ((self.pinned, old.pinned), (self.held, old.held), (self.lookups, old.lookups))
        return any(set(mine) - set(theirs) for mine, theirs in pairs) or bool(self.coupled - old.coupled)

    @classmethod
    def fixed(cls, name: str, reason: str) -> Needs:
        """Return the need that a name stays, with all of its uses."""
        return cls({name: reason}, {name: reason})


@dataclass(frozen=True, slots=True)
class Reach:
    """A place that reaches a module's name in a way that does not follow a rename.

    Args:
        module: the module.
        name: the name.
        reason: how it is reached.
        how: whether it is read there when the code runs, or set, or only named.
    """

    module: str
    name: str
    reason: str
    how: Literal["read", "set", "named"] = "read"


def reaches(facts: FileFacts, program: Program) -> Iterator[Reach]:
    """Yield the places of a file that read or set an attribute of a module, or look one up by its name."""
    scopes = FileScopes(facts, program)
    for use in facts.uses:
        meant = scopes.meaning(use)
        if meant.length > 1 and meant.resolution.chain:
            module, _, name = meant.resolution.chain[0].partition(":")
            how: Literal["read", "set"] = "set" if use.form == "assignment" else "read"
            yield Reach(module, name, f"{facts.path} reaches it as {use.dotted}", how)
    for text in facts.texts:
        module, _, name = text.value.rpartition(".")
        if text.role == "attribute" and not text.owner:
            yield Reach(facts.module, text.value, f"{facts.path} looks it up by its name")
        elif text.role in {"attribute", "patch attribute"}:
            found = scopes.module_named(text.owner, text.scope)
            if found and text.role == "attribute":
                yield Reach(found, text.value, f"{facts.path} looks it up with {text.inside}")
        elif text.role not in {"docstring", "message", "patch target", "export"} and module in program.modules.paths:
            yield Reach(module, name, f"{facts.path} names it in a string", "named")


def loose_names(facts: FileFacts, program: Program) -> frozenset[str]:
    """Return names that a file looks up or replaces where nothing says in which module.

    A keyword of that name, an attribute of something that cannot be told, a name that is compared with or kept for
    later, or one handed to `getattr` or to something that patches, spies or stubs.
    """
    patched = {patch.text.span for patch in patches_of(facts, program)}
    texts = (text for text in facts.texts if text.span not in patched)
    named = {text.value for text in texts if text.role in _LOOSE or _replaces(text)}
    scopes = FileScopes(facts, program)
    unresolved = (use for use in facts.uses if "." in use.dotted and scopes.meaning(use).kind in _UNRESOLVED)
    return frozenset(named | {use.dotted.rpartition(".")[2] for use in unresolved})


def _replaces(text: Text) -> bool:
    return text.role == "argument" and bool(_REPLACES.search(text.inside))


def dynamic_patch(facts: FileFacts) -> bool:
    """Return whether a file patches a name whose path it puts together when it runs."""
    return any(text.role == "patch target" and not text.literal for text in facts.texts)
