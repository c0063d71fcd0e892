"""What the user names: which kind of guest, and which one."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from recanon.errors import UsageError

FILES = "{files}"


class Kind(StrEnum):
    """The kinds of guests."""

    LIBCST = "libcst"
    BOWLER = "bowler"
    FIXIT = "fixit"
    COMMAND = "command"


_FORMS = {
    Kind.LIBCST: "libcst:package.module.Command",
    Kind.BOWLER: "bowler:file.py:query",
    Kind.FIXIT: "fixit:package.module:Rule",
    Kind.COMMAND: f'command:"program words {FILES}"',
}


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest.

    Args:
        label: what the user wrote; reports and the journal call it so.
        kind: its kind.
        where: the module, file or command line in which it is.
        name: its name there; "" for a command.
        arguments: what stands behind `--`.
    """

    label: str
    kind: Kind
    where: str
    name: str = ""
    arguments: tuple[str, ...] = ()


def read_guest(text: str, arguments: tuple[str, ...] = (), folder: Path = Path()) -> Guest:
    """Read the name of a guest.

    Args:
        text: what the user wrote.
        arguments: what stands behind `--`.
        folder: where a file that it names is looked for.

    Raises:
        UsageError: it names no guest, or one of a kind that takes no arguments is given some.
    """
    word, colon, rest = text.partition(":")
    if not colon or word not in tuple(Kind) or not rest.strip():
        raise UsageError(f"{text!r} names no guest", f"Write one of: {'; '.join(_FORMS.values())}.")
    kind = Kind(word)
    if arguments and kind is not Kind.LIBCST:
        raise UsageError(f"a {kind} guest takes no arguments behind --", f"Write {_FORMS[kind]} alone.")
    if kind is Kind.COMMAND:
        _check_command(rest)
        return Guest(text, kind, rest)
    where, separator, name = rest.rpartition("." if kind is Kind.LIBCST else ":")
    if not (where and separator and name):
        raise UsageError(f"{text!r} is no whole name", f"Write {_FORMS[kind]}.")
    if kind is Kind.BOWLER:
        where = str((folder / where).absolute())
    return Guest(text, kind, where, name, arguments)


def words_of(command: str) -> list[str]:
    """Split a command line as a shell does; nothing of it is expanded.

    Raises:
        UsageError: a quote is not closed.
    """
    try:
        return shlex.split(command)
    except ValueError as exc:
        raise UsageError(f"command:{command} cannot be read: {exc}", "Close the quote.") from exc


def _check_command(command: str) -> None:
    words = words_of(command)
    if FILES not in words:
        raise UsageError(
            f"command:{command} does not say where the names of the files go", f"Write {FILES} as a word of its own."
        )
    if words[0] == FILES or shutil.which(words[0]) is None:
        raise UsageError(f"there is no program {words[0]}", "Install it, or give its path.")
