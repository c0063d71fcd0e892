"""Run a LibCST codemod as LibCST's own runner does: a fresh instance and a fresh context for each file."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import libcst as cst
from libcst.codemod import Codemod, CodemodCommand, CodemodContext, SkipFile
from libcst.helpers import calculate_module_and_package
from libcst.metadata import FullRepoManager

from recanon.engines.foreign import DeclinedError, Rewritten, named
from recanon.errors import UsageError

GENERATED = f"@gen{''}erated".encode()  # in two parts, so that this file does not hold the mark itself


class LibcstCommand:
    """A codemod, ready to run on the files of a tree.

    Args:
        name: its full dotted name.
        arguments: what its own `add_args` parses.
        root: the tree.
        files: all files that it will be run on, relative to the root.

    Raises:
        UsageError: there is no such codemod, or its arguments are wrong.
    """

    def __init__(self, name: str, arguments: Sequence[str], root: Path, files: Sequence[str]) -> None:
        self.codemod = load_codemod(name)
        self.arguments = parsed(self.codemod, name, arguments)
        self.root = os.path.abspath(root)
        paths = [os.path.join(self.root, path) for path in files]
        self.manager = FullRepoManager(self.root, paths, self.codemod.get_inherited_dependencies())
        self.manager.resolve_cache()

    def __call__(self, path: str, data: bytes) -> Rewritten:
        """Run it on one file.

        Raises:
            DeclinedError: the codemod skips the file, or LibCST cannot read it or give it back as it is.
        """
        if GENERATED in data:
            raise DeclinedError("generated code, by the mark that LibCST heeds")
        module = parsed_module(data)
        filename = os.path.join(self.root, path)
        place = calculate_module_and_package(self.root, filename)
        context = CodemodContext(
            scratch={},
            filename=filename,
            full_module_name=place.name,
            full_package_name=place.package,
            metadata_manager=self.manager,
        )
        codemod = self.codemod(context, **self.arguments)
        try:
            after = codemod.transform_module(module).bytes
        except SkipFile as exc:
            raise DeclinedError(str(exc) or "the codemod skips it") from exc
        return Rewritten(after, tuple(map(str, codemod.context.warnings)))


def parsed_module(data: bytes) -> cst.Module:
    """Parse a file as a whole.

    Raises:
        DeclinedError: LibCST cannot parse it, or would not give back the very same bytes.
    """
    try:
        module = cst.parse_module(data)
    except cst.ParserSyntaxError as exc:
        raise DeclinedError(f"LibCST cannot parse it: line {exc.raw_line}: {exc.message}") from exc
    except (UnicodeError, LookupError, SyntaxError) as exc:
        raise DeclinedError(f"LibCST cannot decode it: {exc}") from exc
    if module.bytes != data:
        raise DeclinedError("LibCST would not give back the very same bytes")
    return module


def load_codemod(name: str) -> type[Codemod]:
    """Import a codemod.

    Raises:
        UsageError: there is none of that name.
    """
    module, _, leaf = name.rpartition(".")
    if not module:
        raise UsageError(f"libcst:{name} names no codemod", "Write it as libcst:package.module.Command.")
    found = named(module, leaf)
    if not (isinstance(found, type) and issubclass(found, Codemod)):
        raise UsageError(f"{name} is no LibCST codemod", "Name a class that derives from CodemodCommand.")
    return found


def parsed(codemod: type[Codemod], name: str, arguments: Sequence[str]) -> Mapping[str, object]:
    """Parse the arguments as the codemod itself asks for it.

    Raises:
        UsageError: they are wrong, or help is asked for; the message is what argparse says.
    """
    described = getattr(codemod, "DESCRIPTION", None)
    parser = _Parser(prog=f"libcst:{name} --", description=described, fromfile_prefix_chars="@")
    if issubclass(codemod, CodemodCommand):
        codemod.add_args(parser)
    return vars(parser.parse_args(list(arguments)))


class _Parser(argparse.ArgumentParser):
    """A parser that does not end the process."""

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse says NoReturn, and so it is
        raise UsageError(f"{self.prog}: {message}", self.format_usage().strip())

    def print_help(self, file: object = None) -> None:
        raise UsageError(self.format_help().strip())
