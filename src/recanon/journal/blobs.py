"""Texts before and after, each under the SHA-256 of its bytes: written once, checked at each reading."""

from __future__ import annotations

import os

from recanon.disk import FileSystem, RefusedError
from recanon.source import digest

FOLDER = "blobs"


class Blobs:
    """The store of texts in the folder of the journal.

    Args:
        folder: descriptor of the store's open folder.
        files: the operations.
    """

    def __init__(self, folder: int, files: FileSystem) -> None:
        self.folder = folder
        self.files = files

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self.folder)

    def put(self, data: bytes, run: str) -> str:
        """Keep the bytes and return their name. They are safe on the disk after the next `sync`."""
        name = digest(data)
        if self._holds(name):
            return name
        temp = _temp(run)
        self.files.put(self.folder, temp, data=data)
        self.files.replace(self.folder, temp, target=name)
        return name

    def sync(self) -> None:
        """Wait until the names of the kept texts are on the disk."""
        self.files.fsync(self.folder)

    def get(self, name: str) -> bytes:
        """Return the bytes of a name.

        Raises:
            RefusedError: the text is missing, or is not the one that was kept.
        """
        hint = "Put .recanon/ back from a backup, or take the text from version control."
        try:
            data = self.files.read(self.folder, name).data
        except FileNotFoundError as exc:
            raise RefusedError(f"its kept text {name[:12]} is missing from .recanon/{FOLDER}", hint) from exc
        if digest(data) != name:
            raise RefusedError(f"its kept text {name[:12]} in .recanon/{FOLDER} is damaged", hint)
        return data

    def sweep(self, run: str) -> None:
        """Take away what an interrupted run was writing here."""
        try:
            self.files.unlink(self.folder, _temp(run))
        except FileNotFoundError:
            return

    def _holds(self, name: str) -> bool:
        # A damaged text is written anew: a way back that is only believed in is none.
        try:
            self.get(name)
        except RefusedError:
            return False
        return True


def _temp(run: str) -> str:
    return f".recanon-{run}-blob.tmp"
