"""LibCST commands that do what they should not, each in the files that hold the word `bad`."""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
import time
from pathlib import Path
from typing import ClassVar

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile
from libcst.codemod.visitors import AddImportsVisitor, RemoveImportsVisitor
from libcst.metadata import FullyQualifiedNameProvider

TREE = "RECANON_TEST_TREE"


class Bad(CodemodCommand):
    """Adds a line to every file; does harm in some."""

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        if "bad" in tree.code:
            self.harm()
        return with_line(tree, "done = 1")

    def harm(self) -> None:
        raise NotImplementedError


def with_line(tree: cst.Module, line: str) -> cst.Module:
    """Put a line at the end, if it is not there."""
    if line in tree.code:
        return tree
    return tree.with_changes(body=[*tree.body, cst.parse_statement(line)])


class TellsItsBytecode(CodemodCommand):
    """Writes down where the bytecode of LibCST and its own lies."""

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        specs = (cst.__spec__, sys.modules[__name__].__spec__)
        return with_line(tree, f"cached = {[spec.cached for spec in specs if spec]}")


class Sleeps(Bad):
    def harm(self) -> None:
        time.sleep(600)


class Exits(Bad):
    def harm(self) -> None:
        os._exit(0)


class SysExits(Bad):
    def harm(self) -> None:
        sys.exit("enough")


class Segfaults(Bad):
    def harm(self) -> None:
        ctypes.string_at(0)


class Recurses(Bad):
    def harm(self) -> None:
        self.harm()


class Eats(Bad):
    def harm(self) -> None:
        bytearray(64 << 30)


class Prints(Bad):
    def harm(self) -> None:
        for _ in range(5_000):
            print("x" * 999)
        print("cried", file=sys.stderr)


class WritesByItsPath(Bad):
    """Writes where it is told that the file is, and beside it, and at its working folder."""

    def harm(self) -> None:
        assert self.context.filename is not None
        Path(self.context.filename).write_text("lost = 1\n")
        Path("stray.py").write_text("stray = 1\n")
        os.chdir("/")


class WritesIntoTheTree(Bad):
    def harm(self) -> None:
        Path(os.environ[TREE], "bad.py").write_text("lost = 1\n")


class Forgets(CodemodCommand):
    """Counts its files in the instance and in the scratch: both must be fresh for each file."""

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self.seen = 0

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        self.seen += 1
        self.context.scratch["seen"] = self.context.scratch.get("seen", 0) + 1
        return with_line(tree, f"seen = {self.seen}, {self.context.scratch['seen']}")


class Broken(CodemodCommand):
    """Writes what is no Python where the file holds `bad`."""

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        name = "class" if "bad" in tree.code else "a1"
        return tree.with_changes(body=[cst.SimpleStatementLine([cst.Expr(cst.Name(name))])])


class Restless(CodemodCommand):
    """Adds another line each time."""

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        return tree.with_changes(body=[*tree.body, cst.parse_statement(f"x{len(tree.body)} = 1")])


class Skips(CodemodCommand):
    """Skips and warns."""

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        if "bad" in tree.code:
            raise SkipFile("it holds the word")
        self.warn("nothing to see")
        return tree


class Says(CodemodCommand):
    """Writes down all that it is told."""

    @staticmethod
    def add_args(arg_parser: argparse.ArgumentParser) -> None:
        arg_parser.add_argument("--word", required=True)
        arg_parser.add_argument("--loud", action="store_true")

    def __init__(self, context: CodemodContext, word: str, loud: bool) -> None:
        super().__init__(context)
        self.word = word.upper() if loud else word

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        told = (self.word, self.context.full_module_name, self.context.full_package_name, self.context.scratch)
        return with_line(tree, f"told = {told!r}")


class Qualifies(CodemodCommand):
    """Needs the whole repository: writes the full names of all functions."""

    METADATA_DEPENDENCIES: ClassVar = (FullyQualifiedNameProvider,)

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        names = [
            sorted(name.name for name in self.get_metadata(FullyQualifiedNameProvider, node, ()))
            for node in tree.body
            if isinstance(node, cst.FunctionDef)
        ]
        return with_line(tree, f"names = {names!r}")


class Imports(CodemodCommand):
    """Adds one import and removes another one through the context."""

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        AddImportsVisitor.add_needed_import(self.context, "collections.abc", "Mapping")
        RemoveImportsVisitor.remove_unused_import(self.context, "os")
        return tree


class NoCodemod:
    """Something else."""
