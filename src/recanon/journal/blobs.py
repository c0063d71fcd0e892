"""Texts before and after, each under the SHA-256 of its bytes: written once, checked at each reading."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from recanon.disk import FileSystem, RefusedError
from recanon.journal.rows import is_digest
from recanon.source import digest

FOLDER = "blobs"


class MissingTextError(RefusedError):
    """A text is not kept, or not any more."""


class Blobs:
    """The store of texts in the folder of the journal.

    Args:
        folder: descriptor of the store's open folder.
        files: the operations.
    """

    def __init__(self, folder: int, files: FileSystem) -> None:
        self.folder = folder
        self.files = files

        self._unsure: dict[str, None] = {}

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self.folder)

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their name. They are safe on the disk after the next `sync`.

        A text has its digest for a name, so one that a crash has left half written is never taken for whole.
        """
        name = digest(data)
        if name not in self._unsure and not self._holds(name):
            with suppress(FileNotFoundError):
                self.files.unlink(self.folder, name)
            self.files.put(self.folder, name, data=data, sync=False)
        self._unsure[name] = None  # one that is there already may be of a run that was killed before it could wait
        return name

    def sync(self) -> None:
        """Wait until the kept texts and their names are on the disk: one barrier for many texts."""
        for name in self._unsure:
            self.files.sync(self.folder, name)
        self.files.fsync(self.folder)
        self._unsure.clear()

    def get(self, name: str) -> bytes:
        """Return the bytes of a name.

        Raises:
            RefusedError: the text is missing, or is not the one that was kept.
        """
        hint = "Put .recanon/ back from a backup, or take the text from version control."
        try:
            data = self.files.read(self.folder, name).data
        except FileNotFoundError as exc:
            raise MissingTextError(f"its kept text {name[:12]} is missing from .recanon/{FOLDER}", hint) from exc
        if digest(data) != name:
            raise RefusedError(f"its kept text {name[:12]} in .recanon/{FOLDER} is damaged", hint)
        return data

    def content(self) -> tuple[dict[str, int], tuple[str, ...]]:
        """Return the bytes that each kept text takes, whole or not, and the names that are none of a text."""
        texts, strange = {}, []
        for name in sorted(self.files.names(self.folder)):
            info = os.stat(name, dir_fd=self.folder, follow_symlinks=False)
            if is_digest(name) and stat.S_ISREG(info.st_mode):
                texts[name] = info.st_size
            else:
                strange.append(name)
        return texts, tuple(strange)

    def drop(self, name: str) -> None:
        """Take a text away."""
        self.files.unlink(self.folder, name)

    def _holds(self, name: str) -> bool:
        # A damaged text is written anew: a way back that is only believed in is none.
        try:
            self.get(name)
        except RefusedError:
            return False
        return True
