"""Whether a variable can take another name: nothing else may be captured by it, and it by nothing else."""

from __future__ import annotations

from recanon.index.facts import Text
from recanon.move.names import Variable
from recanon.move.world import File, World


def looks_up_own(text: Text, name: str) -> bool:
    """Return whether a string looks a name of its own module up: `globals()["name"]`."""
    return text.role == "attribute" and text.owner in {"", "globals", "locals", "vars"} and text.value == name


class Captures:
    """Look for what stands in the way of a new name.

    Args:
        file: where the variable is.
        world: the tree.
        variable: the variable.
        new: its new name.
    """

    def __init__(self, file: File, world: World, variable: Variable, new: str) -> None:
        self.file = file
        self.names = file.names
        self.world = world
        self.variable = variable
        self.home = max(variable.scope, 0)  # what `import *` brings in is a name of the module
        self.new = new

    def reason(self) -> str:
        """Return what stands in the way, or ""."""
        return self._taken() or self._captured() or self._captures() or self._inexact() or self._dynamic()

    def _taken(self) -> str:
        there = Variable(self.home, self.new)
        if there in self.names.bound:
            line = self.file.source.line_of(min(name.span.start for name in self.names.bound[there]))
            return f"line {line} binds {self.new} too"
        if self.home == 0 and self.world.program.resolve(self.file.module, self.new).state == "found":
            return f"{self.file.module}.{self.new} is there already"
        return ""

    def _captured(self) -> str:
        """A use of the variable that another binding of the new name would catch."""
        for name in self.names.by_variable.get(self.variable, ()):
            scope = self.names.lookup(self.new, name.place, name.span)
            if scope not in {-1, self.home} and scope in self._below():
                return f"{self.new} is another thing in line {self.file.source.line_of(name.span.start)}"
        return ""

    def _captures(self) -> str:
        """A use of the new name that would find the variable instead of what it finds now."""
        inside = self._below()
        for name in self.names.names:
            if name.text == self.new and name.scope in inside:
                home = self.names.variable(name).scope
                if home not in inside or home == self.home:
                    return f"line {self.file.source.line_of(name.span.start)} uses another {self.new}"
        return ""

    def _below(self) -> frozenset[int]:
        return frozenset(self.names.inner(self.home))

    def _inexact(self) -> str:
        for name in self.names.by_variable.get(self.variable, ()):
            if not name.exact:
                line = self.file.source.line_of(name.span.start)
                return f"where it stands in the string of line {line} cannot be told"
        if self.names.mixed(self.variable.name):
            return f"a class body both reads and binds {self.variable.name}"
        return ""

    def _dynamic(self) -> str:
        for text in self.file.facts.texts if self.file.facts else ():
            if looks_up_own(text, self.variable.name):
                return f"line {self.file.source.line_of(text.span.start)} looks the name up as text"
        return ""
