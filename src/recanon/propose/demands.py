"""What the files of a tree need of each other, as their plans stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from recanon.propose.file_plan import FilePlan
from recanon.propose.inputs import Input
from recanon.propose.looks import conftests_of
from recanon.propose.needs import Needs, dynamic_patch
from recanon.propose.patch_strings import Patch
from recanon.propose.patches import turns_mock
from recanon.propose.searches import (
    data_names_module,
    identifiers,
    importers_of,
    imports_module,
    mentions_in_bytes,
    quotes,
)
from recanon.propose.selection import Selection
from recanon.resolve.program import Program
from recanon.scan import Unread


@dataclass(frozen=True)
class Demands:
    """Find what each file must keep because of others.

    Args:
        inputs: the candidate files, by path.
        program: the whole program.
        selection: what is applied.
        unread: files that could not be read as source.
        fixed: files that stay as they are.
    """

    inputs: Mapping[str, Input]
    program: Program
    selection: Selection
    unread: tuple[Unread, ...]
    fixed: frozenset[str]

    def needs(self, plans: Mapping[str, FilePlan]) -> dict[str, Needs]:
        """Return what each file must keep because of others, as the plans stand."""
        found: dict[str, Needs] = {}
        for path, need in (*self.import_needs(plans), *self.reach_needs(plans), *self.others(plans)):
            found[path] = found.get(path, Needs()).union(need)
        for path, item in self.inputs.items():
            for patch in item.patches:
                wanted = self.patch_need(path, patch, plans)
                if wanted is not None:
                    owner = self.program.modules.paths[patch.module]
                    found[owner] = found.get(owner, Needs()).union(wanted)
        return found

    def others(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """Needs of those that reach a name without an import of it."""
        yield from self.star_needs(plans)
        yield from self.hidden_needs(plans)

    def import_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """Imports that stay need the name; those that could move, in a phase that does not run, come along."""
        paths = self.program.modules.paths
        dropped = {plan.context.module: plan.dropped_names() for plan in plans.values()}
        for path, plan in plans.items():
            for module, name in plan.kept_imports():
                if name not in dropped.get(module, ()) or paths[module] == path:
                    continue
                if path not in self.fixed and self.can_follow(self.inputs[path], module, name):
                    yield path, Needs(coupled=frozenset({(module, name)}))
                else:
                    yield paths[module], Needs.fixed(name, f"{path} imports {name} from here")

    def can_follow(self, item: Input, module: str, name: str) -> bool:
        """Return whether every place that takes a name from a module could be rewritten, whatever the phase."""
        taken = [
            j
            for j in item.judged
            if j.binding is not None
            and item.facts.imports[j.binding[0]].module == module
            and item.facts.imports[j.binding[0]].names[j.binding[1]].name == name
        ]
        return bool(taken) and all(self.selection.applies(item.facts.path, j, coupled=True) for j in taken)

    def reach_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """A name that is reached as an attribute of its module, or by a string, stays with its uses."""
        for item in self.inputs.values():
            for reach in item.reaches:
                owner = self.program.modules.paths.get(reach.module, "")
                if owner not in plans:
                    continue
                names = {reach.name}.intersection(plans[owner].renamed())
                if self.program.resolve(reach.module, reach.name).state != "found":
                    names |= plans[owner].bringing(reach.name)
                for name in names:
                    yield owner, Needs.fixed(name, reach.reason)

    def star_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """A new name of a module reaches all that star-import it: not where they use that name for something."""
        for path, item in self.inputs.items():
            known = {binding.name for binding in item.facts.bindings} | {use.root for use in item.facts.uses}
            for star in item.facts.module_facts.stars:
                owner = self.program.modules.paths.get(star, "")
                for name in known if owner in plans else ():
                    if self.program.resolve(star, name).state != "found":
                        for old in plans[owner].bringing(name):
                            yield owner, Needs.fixed(old, f"{path} takes all of its names, and uses {name} itself")

    def hidden_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """Files that cannot be read, paths put together at run time, and aliases that hide an old name."""
        overlay = self.program.overlay
        changing = {
            (plan.context.module, name): path
            for path, plan in plans.items()
            for name in plan.dropped_names() | plan.split_names()
        }
        unclear = [(path, "patches a path that it puts together") for path in self.inputs if self.dynamic(path)]
        unclear += [(item.skipped.path, "cannot be read and may patch it") for item in self.unread if item.places]
        for path, why in unclear:
            for (module, name), owner in changing.items():
                if mentions_in_bytes(self.program, path, module, name, own=path == owner):
                    yield owner, Needs.fixed(name, f"{path} {why}")
        for path, item in self.inputs.items():
            for (module, name), owner in changing.items():
                if name in item.loose and owner != path and self.knows(path, module):
                    yield owner, Needs.fixed(name, f"{path} names it and knows the module")
        yield from self.renamed_needs(plans)
        for owner, plan in plans.items():
            aliases = plan.bound(plan.changed_aliases()) | plan.split_names()
            for name in aliases - set(self.selection.migration.by_name):
                if quotes(self.program, owner, name):
                    yield owner, Needs.fixed(name, f"{owner} names it in a string")
            for name in {*plan.turned_aliases(), *plan.loose_names()}:
                others = (p for p in importers_of(overlay, plan.context.module, name) if p != owner)
                found = next(others, "")
                if found:
                    yield owner, Needs.fixed(name, f"{found} may import {name} from here")

    def knows(self, path: str, module: str) -> bool:
        """Whether a file, or a `conftest.py` whose fixtures it may use, names a module."""
        files = (path, *(file for file in conftests_of(path) if file in self.files))
        return any(imports_module(self.program, file, module) for file in files)

    @cached_property
    def files(self) -> frozenset[str]:
        """All files of the tree."""
        return frozenset(self.program.overlay.files)

    def renamed_needs(self, plans: Mapping[str, FilePlan]) -> Iterator[tuple[str, Needs]]:
        """A module-level class that takes the canonical name keeps the old one where another file may know it."""
        renamed = {(p.context.module, n): path for path, p in plans.items() for n in p.relabelled()}
        if not renamed:
            return
        for path, data, words in identifiers(self.program.overlay, frozenset(name for _, name in renamed)):
            for (module, name), owner in renamed.items():
                known = name in words and module.rpartition(".")[2] in words
                if owner != path and known and data_names_module(data, module):
                    yield owner, Needs(pinned={name: f"{path} may take {name} from here"})

    def dynamic(self, path: str) -> bool:
        """Whether a file patches a name whose path it puts together when it runs."""
        return dynamic_patch(self.inputs[path].facts)

    def patch_need(self, path: str, patch: Patch, plans: Mapping[str, FilePlan]) -> Needs | None:
        """Return what a patching string needs of the module that it patches."""
        plan = plans.get(self.program.modules.paths.get(patch.module, ""))
        if plan is None or patch.name not in plan.renamed():
            return None
        renamed = plan.renamed()[patch.name]
        follows = renamed.new and patch.text.literal and path not in self.fixed
        if patch.name in plan.split_names():
            return Needs(held={patch.name: f"patched by {path}, and not every use of it can change"})
        if patch.name in plan.renamed() and turns_mock(patch, self.program):
            return Needs.fixed(patch.name, f"patched by {path}, and the mock would be one of an async function")
        if plan.unfits(lambda s, n: s.scope == 0 and n.bound == patch.name, patch.text.given):
            return Needs.fixed(patch.name, f"patched by {path}, and what stands in for it would not fit the new call")
        if patch.name in plan.dropped_names() and not follows:
            return Needs.fixed(patch.name, f"patched by {path}, and that string cannot follow")
        return None
