"""What was worked out once and need not be worked out again, kept in the user's own cache folder.

The folder lies outside the tree, because a repository could ship a cache that hides what it holds. What is stored is
plain data in MessagePack, checked against its type when it is read; nothing in it can be executed. A file is believed
only when the digest at its head covers its key and its data. A damaged one, or one of another version or of other
settings, is no error: it is not there.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import msgspec

Value = TypeVar("Value")

_DIGEST = hashlib.sha256().digest_size
_OLD = 30 * 24 * 3600  # seconds: what nobody asked for in so long is taken out
_LIBRARIES = ("libcst", "msgspec", "pathspec", "ruff")


@dataclass(frozen=True)
class Cache:
    """A folder of values.

    Args:
        folder: where they lie; None keeps nothing.
    """

    folder: Path | None

    @classmethod
    def of_user(cls) -> Cache:
        """Return the cache of this user: `$XDG_CACHE_HOME/recanon`, or `~/.cache/recanon` (XDG Base Directory).

        Where there is no such folder of one's own, nothing is kept.
        """
        base = os.environ.get("XDG_CACHE_HOME", "")
        home = os.path.expanduser("~")
        if not os.path.isabs(base):
            base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
        return cls(Path(base, "recanon") if base else None)

    def holds(self, name: str) -> bool:
        """Return whether there is a file of that name.

        Args:
            name: the name of its file.
        """
        return self.folder is not None and self.folder.joinpath(name).is_file()

    def load(self, name: str, key: str, kind: type[Value]) -> Value | None:
        """Return a value, or None when there is none under that key.

        Args:
            name: the name of its file.
            key: everything that the value depends on.
            kind: its type.
        """
        if self.folder is None:
            return None
        try:
            data = _own(self.folder).joinpath(name).read_bytes()
        except OSError:
            return None
        head, body = data[:_DIGEST], data[_DIGEST:]
        if head != _seal(key, body):
            return None
        try:
            return msgspec.msgpack.decode(body, type=kind)
        except (msgspec.DecodeError, RecursionError):
            return None

    def save(self, name: str, key: str, value: object) -> None:
        """Keep a value; where the folder cannot be written, nothing is kept and nothing is said.

        Args:
            name: the name of its file; one that is there is replaced in one step.
            key: everything that the value depends on.
            value: plain data.
        """
        if self.folder is None:
            return
        try:
            body = msgspec.msgpack.encode(value)
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder = _own(self.folder)
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
                file.write(_seal(key, body) + body)
            os.replace(file.name, folder / name)
            _tidy(folder)
        except (OSError, UnicodeEncodeError):  # a name of a file need not be UTF-8
            return


def _own(folder: Path) -> Path:
    """Return the folder when it is the user's own; with sudo, HOME may still be somebody else's.

    Raises:
        PermissionError: it is not.
    """
    if folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def _tidy(folder: Path) -> None:
    limit = time.time() - _OLD
    for path in folder.iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)


def _seal(key: str, body: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(key.encode()).digest() + body).digest()


def digest_of(parts: Iterable[str | bytes]) -> str:
    """Return a digest over parts, each with its length, so that no two lists of parts run together.

    Args:
        parts: texts or bytes, in order.
    """
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(b"%d:" % len(data) + data)
    return whole.hexdigest()


def code_digest(*folders: Path) -> str:
    """Return a digest over the program that works values out: its code, this Python, and the libraries that it asks.

    Args:
        folders: folders of code besides recanon's own, as a pack's.
    """
    return digest_of([sys.version, *(f"{name} {version(name)}" for name in _LIBRARIES), source_digest(*folders)])


def source_digest(*folders: Path) -> str:
    """Return a digest over recanon's own code.

    Args:
        folders: folders of code besides it.
    """
    parts: list[str | bytes] = []
    for folder in (Path(__file__).parent, *folders):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in {".py", ".toml"}):
            parts += [path.relative_to(folder).as_posix(), path.read_bytes()]
    return digest_of(parts)
