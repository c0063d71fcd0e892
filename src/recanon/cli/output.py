"""Files that the user names: to be written with `-o`, or to be read."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from keyword import iskeyword
from pathlib import Path

from recanon.errors import UsageError


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


MANIFEST = "manifest.json"


def check_suite_folder(folder: Path, *, force: bool) -> None:
    """Say at once that a suite cannot be written to a folder: it is another's, or was edited by hand.

    Args:
        folder: where the suite shall go; it need not be there.
        force: whether files may be overwritten all the same.

    Raises:
        UsageError: it is no folder, lies in none, holds other things and no suite, or holds an edited suite.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"-o {folder} is a file", "Give the name of a folder.")
    if not folder.parent.is_dir():
        raise UsageError(f"-o {folder}: there is no folder {folder.parent}", "Make the folder, or choose another.")
    name = folder.resolve().name
    if not name.isidentifier() or iskeyword(name):
        raise UsageError(f"-o {folder}: {name} cannot be the name of a package", "Use letters, digits and underscores.")
    if force or not folder.is_dir():
        return
    digests = _manifest(folder)
    others = sorted(path.name for path in folder.iterdir() if path.name != "__pycache__")
    if others and digests is None:
        raise UsageError(
            f"-o {folder} is not empty and holds no suite of recanon: {', '.join(others[:3])}",
            "Choose an empty folder, or --force to write beside what is there.",
        )
    edited = sorted(name for name, digest in (digests or {}).items() if _edited(folder / name, digest))
    if edited:
        raise UsageError(
            f"edited since recanon wrote it: {', '.join(str(folder / name) for name in edited)}",
            "Move what you changed elsewhere, or choose another folder; --force overwrites it.",
        )


def write_suite(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    """Write a suite, with a manifest of its digests, by which later edits are known.

    Args:
        folder: as checked.
        files: the texts by file name.
        force: whether files that are not of a suite may be overwritten.

    Raises:
        UsageError: a file is not of the suite that lies there, or cannot be written.
    """
    known = _manifest(folder) or {}
    for name in files:
        if not force and name not in known and (folder / name).exists():
            raise UsageError(f"{folder / name} is not of this suite", "Move it, or --force to overwrite it.")
    texts = {name: text.encode() for name, text in files.items()}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in texts.items()}
    manifest = {"schema": "recanon/suite/1", "sha256": digests}
    try:
        folder.mkdir(exist_ok=True)
    except OSError as exc:
        raise UsageError(f"-o {folder} cannot be made: {exc.strerror}", "Choose another folder.") from exc
    for name, data in texts.items():
        write_output(folder / name, data)
    write_output(folder / MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode())


def _manifest(folder: Path) -> dict[str, str] | None:
    """Return the digests of the suite in a folder, or None where there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        return {str(name): str(digest) for name, digest in found["sha256"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _edited(path: Path, digest: str) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != digest


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
    """Read a file that the user names.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as exc:
        raise UsageError(f"{path} cannot be read: {exc.strerror}", "Check the name of the file.") from exc
