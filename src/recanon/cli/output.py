"""Files that the user names: to be written with `-o`, or to be read."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path

from recanon.errors import UsageError


def check_output(output: Path, option: str = "-o") -> None:
    """Say at once that the file cannot be written, not after the work.

    Args:
        output: the file.
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
    """Write a file that the user asked for.

    Args:
        output: the file.
        data: all that it shall hold.
        option: the option that named it.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        output.write_bytes(data)
    except OSError as exc:
        raise UsageError(f"{option} {output} cannot be written: {exc.strerror}", "Choose another file.") from exc


def read_input(path: Path) -> bytes:
    """Read a file that the user names.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as exc:
        raise UsageError(f"{path} cannot be read: {exc.strerror}", "Check the name of the file.") from exc
