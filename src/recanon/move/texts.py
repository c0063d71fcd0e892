"""Strings that name the moved symbol: patch targets, entries of `__all__`, look-ups by name, dotted paths."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from recanon.edit import Edit, Span
from recanon.index.facts import Text
from recanon.index.reader import parse
from recanon.move.addresses import Addresses
from recanon.move.captures import looks_up_own
from recanon.move.ordering import export_edits
from recanon.move.own_names import own_names
from recanon.move.patched import patches_of
from recanon.move.reach import Reach
from recanon.move.request import Address
from recanon.move.sites import Site, left, rewritten
from recanon.move.world import File
from recanon.outcome import Verdict
from recanon.propose.patch_strings import Patch
from recanon.propose.removals import entry_span
from recanon.resolve.scopes import FileScopes

_AT_RUN_TIME = "name looked up at run time"
_PATHS = "dotted paths in strings"
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_LOADING = frozenset({"import_module", "importorskip", "find_spec", "__import__"})


class TextMoves:
    """Rewrite the strings of one file.

    Args:
        file: the file.
        addresses: where names are found after the move.
    """

    def __init__(self, file: File, addresses: Addresses) -> None:
        self.file = file
        self.addresses = addresses
        self.move = addresses.move

    def sites(self) -> Iterator[Site]:
        """Yield what becomes of the strings."""
        if self.file.facts is None:
            return
        patches = {patch.text.span: patch for patch in patches_of(self.file.facts, self.addresses.world.program)}
        for text in self.file.facts.texts:
            patch = patches.get(text.span)
            site = self._patch(patch) if patch else self._text(text)
            if site is not None:
                yield site

    def _patch(self, patch: Patch) -> Site | None:
        new = self.addresses.of(patch.module, patch.name)
        if not patch.rest and self.addresses.reached_anew(patch.module, patch.name, self.file.path):
            return self._reaches_more(patch, new)
        if new == Address(patch.module, patch.name):
            return None
        if not patch.text.literal and patch.text.role != "patch keyword":
            return self._stuck(patch.text, f"the string that patches {patch.module}.{patch.name} is put together")
        if self.move.of_module and patch.module != self.move.old.module:
            return self._below(patch, new)
        if new.module == self.move.module(patch.module):
            edit = Edit(patch.span, self.file.source.cut(patch.span), new.name, "patch-target")
            return rewritten(patch.text.span, "patch target", "patches the name that follows the symbol", edit)
        return self._elsewhere(patch, new)

    def _reaches_more(self, patch: Patch, new: Address) -> Site:
        """A patch of what the new module only handed on, and now defines, so that others look it up there."""
        why = f"{patch.module} defines it afterwards, so that the patch also reaches what looks it up there"
        hint = "Look whether the test means that too."
        if new.name == patch.name:
            return Site(patch.text.span, "patch target", Verdict.MANUAL, why, hint=hint)
        return Site(
            patch.text.span,
            "patch target",
            Verdict.MANUAL,
            why,
            hint=hint,
            blocks=f"{why}; carry it first, and rename it then",
        )

    def _below(self, patch: Patch, new: Address) -> Site | None:
        """A patch of a module that moves: the path of the module in the string follows."""
        if patch.text.role != "patch target":
            return None
        span = Span(patch.text.span.start + 1, patch.span.end)
        edit = Edit(span, self.file.source.cut(span), new.path, "patch-target")
        return rewritten(patch.text.span, "patch target", "patches a module that moves", edit)

    def _elsewhere(self, patch: Patch, new: Address) -> Site:
        """A patch of the old module: it goes where the name is looked up afterwards."""
        if self.addresses.looked_up_at_home():
            return self._at_home(patch)
        if not patch.rest and self.addresses.used_by_target():
            why = (
                f"{new.module} uses it too, which a patch of {patch.module} does not reach, and one of {new.path} does"
            )
            return Site(patch.text.span, "patch target", Verdict.MANUAL, why, blocks=why)
        if patch.text.role == "patch attribute":
            return Reach(self.file, self.addresses).look_up(patch.text, new)
        if patch.text.role == "patch keyword":
            return self._stuck(patch.text, f"patch.multiple of {patch.module} names it by a keyword")
        span = Span(patch.text.span.start + 1, patch.span.end)
        edit = Edit(span, self.file.source.cut(span), new.path, "patch-target")
        return rewritten(patch.text.span, "patch target", "patches the symbol where it is defined now", edit)

    def _at_home(self, patch: Patch) -> Site:
        """The old module goes on to look the name up, so that the patch stays with it."""
        bound = self.addresses.name_at_home()
        if self.addresses.looked_up_elsewhere(self.file.path):
            why = f"{patch.module} and other modules look the name up, and one patch cannot reach both"
            blocks = why if bound != patch.name else ""
            return Site(patch.text.span, "patch target", Verdict.MANUAL, why, hint="Patch both.", blocks=blocks)
        if bound == patch.name:
            return left(patch.text.span, "patch target", f"{patch.module} still looks the name up")
        edit = Edit(patch.span, self.file.source.cut(patch.span), bound, "patch-target")
        return rewritten(patch.text.span, "patch target", f"{patch.module} still looks the name up", edit)

    def _stuck(self, text: Text, why: str) -> Site:
        return Site(
            text.span,
            "patch target",
            Verdict.MANUAL,
            f"{why}, so it cannot follow",
            hint="Write the path as one plain string.",
            blocks=f"{why}, so it cannot follow",
            group=_AT_RUN_TIME,
        )

    @cached_property
    def _tree(self) -> ast.Module:
        return parse(self.file.source)

    @cached_property
    def _own_names(self) -> frozenset[Span]:
        """The strings in which the definition says its own name."""
        home = self.file.module == self.move.old.module and self.move.renamed and not self.move.of_module
        return frozenset(own_names(self.file.source, self._tree, self.move.old.name) if home else ())

    def _text(self, text: Text) -> Site | None:
        if text.value == self.move.old.name and text.span in self._own_names:
            inner = Span(text.span.start + 1, text.span.end - 1)
            edit = Edit(inner, text.value, self.move.new.name, "own-name")
            return rewritten(text.span, "string", "the definition says its own name", edit)
        if text.role == "export":
            return self._export(text)
        if text.role == "attribute":
            site = self._look_up(text)
            if site is not None:
                return site
        return self._path(text)

    def _path(self, text: Text) -> Site | None:
        """A string that is the dotted path of the symbol, or of something below it."""
        old, new = self.move.old.path, self.move.new.path
        if "." not in old or not f"{text.value}.".startswith(f"{old}.") or not _DOTTED.fullmatch(text.value):
            return None
        kind, loads = "string", text.inside.rpartition(".")[2] in _LOADING and self.move.of_module
        if not text.literal:
            reason = "the dotted path of the symbol, in a string that is put together"
            return Site(text.span, kind, Verdict.MANUAL, reason, hint="Change it by hand.", group=_PATHS)
        span = Span(text.span.start + 1, text.span.start + 1 + len(old))
        edit = Edit(span, self.file.source.cut(span), new, "dotted-path")
        if loads:
            return rewritten(text.span, kind, f"{text.inside} imports it by its name", edit)
        hint = "Take it with --include review, or by hand, where the path is looked up."
        return Site(text.span, kind, Verdict.REVIEW, "the dotted path of the symbol", (edit,), hint, group=_PATHS)

    def _export(self, text: Text) -> Site | None:
        if self.file.module == self.move.old.module and not self.move.in_place and text.value == self.move.old.name:
            return self._export_at_home(text)
        new = self.addresses.of(self.file.module, text.value)
        if self.move.of_module and new.module != self.move.module(self.file.module):
            why = f"{self.file.module} lists {text.value} in its __all__, and it goes to another package"
            return Site(text.span, "export", Verdict.MANUAL, why, blocks=why)
        if new.module != self.move.module(self.file.module) or new.name == text.value:
            return None
        if not text.literal:
            return self._stuck(text, f"the entry {text.value} of __all__ is put together")
        return self._renamed_export(text, new.name)

    def _renamed_export(self, text: Text, name: str) -> Site:
        edits = export_edits(self.file.source, self._tree, text.span, name)
        kept = "; the names stay in order" if len(edits) > 1 else ""
        return rewritten(text.span, "export", f"an entry of __all__{kept}", *edits)

    def _export_at_home(self, text: Text) -> Site | None:
        """The old module lists the name on, where it still binds it; else the entry goes."""
        if not text.literal:
            return self._stuck(text, f"the entry {text.value} of __all__ is put together")
        bound = self.addresses.name_at_home()
        if not self.addresses.looked_up_at_home():
            span = entry_span(self.file.source, text.span)
            edit = Edit(span, self.file.source.cut(span), "", "export")
            return rewritten(text.span, "export", "an entry of __all__; the name goes", edit)
        if bound == text.value:
            return left(text.span, "export", "the module still binds the name")
        return self._renamed_export(text, bound)

    def _look_up(self, text: Text) -> Site | None:
        """`getattr(module, "name")` with a known module does what `module.name` does."""
        assert self.file.facts is not None
        if text.inside.rpartition(".")[2] in {"getattr", "hasattr", "setattr", "delattr"} and text.owner:
            module = FileScopes(self.file.facts, self.addresses.world.program).module_named(text.owner, text.scope)
            new = self.addresses.of(module, text.value) if module else None
            if new is None or new == Address(module, text.value):
                return None
            if text.literal and new.module == self.move.module(module):
                inner = Span(text.span.start + 1, text.span.end - 1)
                edit = Edit(inner, self.file.source.cut(inner), new.name, "look-up")
                return rewritten(text.span, "string", f"looked up in {module} by {text.inside}", edit)
            if text.literal and not self.addresses.looked_up_at_home():
                return Reach(self.file, self.addresses).look_up(text, new)
            return self._by_hand(text, f"{module}.{text.value} is looked up by {text.inside}")
        if looks_up_own(text, text.value) and self.addresses.changed(self.file.module, text.value):
            return self._by_hand(text, f"{text.value} is looked up as text")
        return None

    def _by_hand(self, text: Text, reason: str) -> Site:
        hint = "Check what the code expects to find, and change the text."
        return Site(text.span, "string", Verdict.MANUAL, reason, hint=hint, group=_AT_RUN_TIME)
