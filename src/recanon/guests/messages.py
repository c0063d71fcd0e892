"""What goes to a worker process and what comes back. Paths travel as bytes, for not all of them are text."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from recanon.guests.spec import Guest

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is told first.

    Args:
        guest: the guest.
        root: the copy of the tree in which it works.
        files: all files that it will be given, relative to the root.
        seconds: the time limit of one call of a command.
        scratch: a folder for what a command leaves.
    """

    guest: Guest
    root: bytes
    files: tuple[bytes, ...]
    seconds: float
    scratch: bytes


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be worked on: its path and its bytes."""

    path: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """What the guest made of a file.

    Args:
        after: its bytes afterwards; None where they are the same.
        declined: why the guest leaves the file alone, or cannot read it; "" where it does not.
        warnings: what the guest has to say.
        again: what is wrong with a second pass over the result; "" where nothing is.
    """

    after: bytes | None = None
    declined: str = ""
    warnings: tuple[str, ...] = ()
    again: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that a command is to edit at once."""

    paths: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended.

    Args:
        failure: why what it did cannot be used; "" where it can.
        output: what it printed.
    """

    failure: str = ""
    output: str = ""


def packed(message: object) -> bytes:
    """Return a message as bytes."""
    return msgspec.msgpack.encode(message)


def unpacked(data: bytes, kind: type[_T]) -> _T:
    """Return the message that some bytes are.

    Raises:
        msgspec.DecodeError: they are none of that kind.
    """
    return msgspec.msgpack.decode(data, type=kind)


def path_of(name: bytes) -> str:
    """Return a path as text."""
    return os.fsdecode(name)
