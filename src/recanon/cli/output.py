"""Files that the user names: to be written with `-o`, or to be read."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from recanon.errors import UsageError
from recanon.regular import read_regular


def check_name(output: Path, option: str = "-o") -> None:
    """Say at once that a name cannot be that of a file.

    Args:
        output: the file; it need not be there.
        option: the option that named it.

    Raises:
        UsageError: it is a folder, or lies in none.
    """
    if output.is_dir():
        raise UsageError(f"{option} {output} is a folder", "Give the name of a file.")
    if not output.parent.is_dir():
        raise UsageError(
            f"{option} {output}: there is no folder {output.parent}", "Make the folder, or choose another file."
        )


def check_output(output: Path, option: str = "-o") -> None:
    """Say at once that the file cannot be written, not after the work.

    Args:
        output: the file.
        option: the option that named it.

    Raises:
        UsageError: it is a folder, lies in none, or it or its folder is not writable.
    """
    check_name(output, option)
    if _is_stream(output):
        return
    target = Path(os.path.realpath(output))
    for path in (target.parent, target):
        if os.path.lexists(path) and not os.access(path, os.W_OK):
            raise UsageError(f"{option} {output}: {path} is not writable", "Make it writable, or choose another file.")


def write_suite(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a suite.

    Args:
        folder: as checked; made if it is not there.
        files: the bytes by file name.

    Raises:
        UsageError: the folder cannot be made, or a file cannot be written.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as exc:
        raise UsageError(f"-o {folder} cannot be made: {exc.strerror}", "Choose another folder.") from exc
    for name, data in files.items():
        write_output(folder / name, data)


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


def write_output(output: Path, data: bytes, option: str = "-o") -> None:
    """Write a file that the user asked for: as a whole or not at all, so that what was there is never torn.

    Args:
        output: the file. One that is there keeps its permissions; a pipe or a device is written as it is.
        data: all that it shall hold.
        option: the option that named it.

    Raises:
        UsageError: it cannot be written; what was there before is there still.
    """
    try:
        if _is_stream(output):
            output.write_bytes(data)
        else:
            _replace(Path(os.path.realpath(output)), data)
    except OSError as exc:
        raise UsageError(f"{option} {output} cannot be written: {exc.strerror}", "Choose another file.") from exc


def _is_stream(output: Path) -> bool:
    """Return whether a file is no regular one, or names an open file of this process, whatever it was redirected to."""
    named = os.path.abspath(output).startswith(("/dev/std", "/dev/fd/", "/proc/"))
    return named or (output.exists() and not output.is_file())


def _replace(target: Path, data: bytes) -> None:
    """Put a file with these bytes in the place of another one in one step."""
    fresh = target.with_name(f".recanon-{secrets.token_hex(8)}")
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            _dress(fresh, target.stat())
        os.replace(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)


def _dress(path: Path, like: os.stat_result) -> None:
    """Give a file the mode of another one, and its owner where that is allowed."""
    with suppress(PermissionError):
        os.chown(path, like.st_uid, like.st_gid)
    path.chmod(stat.S_IMODE(like.st_mode))


def read_input(path: Path) -> bytes:
    """Read a file that the user names: a regular one of at most 64 MiB.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return read_regular(path)
    except OSError as exc:
        raise UsageError(f"{path} cannot be read: {exc.strerror}", "Check the name of the file.") from exc
