"""Files that the user names: to be written with `-o`, or to be read."""

from __future__ import annotations

import sys
from pathlib import Path

from recanon.errors import UsageError


def check_output(output: Path) -> None:
    """Say at once that the file cannot be written, not after the work.

    Raises:
        UsageError: it is a folder, or lies in none.
    """
    if output.is_dir():
        raise UsageError(f"-o {output} is a folder", "Give the name of a file.")
    if not output.parent.is_dir():
        raise UsageError(f"-o {output}: there is no folder {output.parent}", "Make the folder, or choose another file.")


def hand_out(output: Path | None, data: bytes) -> None:
    """Write data to the file that the user asked for, or exactly as it is to standard output.

    Raises:
        UsageError: the file cannot be written.
    """
    from recanon.report.streams import write_bytes

    if output is not None:
        write_output(output, data)
    else:
        write_bytes(sys.stdout, data)
        sys.stdout.flush()


def write_output(output: Path, data: bytes) -> None:
    """Write a file that the user asked for.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        output.write_bytes(data)
    except OSError as exc:
        raise UsageError(f"-o {output} cannot be written: {exc.strerror}", "Choose another file.") from exc


def read_input(path: Path) -> bytes:
    """Read a file that the user names.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as exc:
        raise UsageError(f"{path} cannot be read: {exc.strerror}", "Check the name of the file.") from exc
