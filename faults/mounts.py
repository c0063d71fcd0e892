"""File systems of their own for a trial: small ones in memory, and images of a disk whose power is cut."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_TOOLS = ("mount", "umount", "mkfs.ext4", "e2fsck")
PAGE = 4096  # bytes
_MEGABYTES = 12


@contextmanager
def small_tmpfs(place: Path, size: int) -> Iterator[Path]:
    """Mount a file system in memory of so many bytes, and unmount it afterwards."""
    place.mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place))
    try:
        yield place
    finally:
        _run("umount", "-l", str(place))


def free_pages(disk: Path) -> int:
    """Return how many pages can still be written to a file system."""
    info = os.statvfs(disk)
    return info.f_bavail * info.f_frsize // PAGE


@contextmanager
def mounted(image: Path, place: Path, options: str) -> Iterator[Path]:
    """Mount an image of a disk."""
    place.mkdir(exist_ok=True)
    _run("mount", "-o", f"loop,{options}", str(image), str(place))
    try:
        yield place
    finally:
        _run("umount", str(place))


def make_image(image: Path, *, journal: bool) -> Path:
    """Make an image with an empty ext4 file system, with a journal of its own or without."""
    with image.open("wb") as file:
        file.truncate(_MEGABYTES << 20)
    features = ["-J", "size=4"] if journal else ["-O", "^has_journal"]
    _run("mkfs.ext4", "-q", "-F", "-N", "1024", "-E", "lazy_itable_init=0", *features, str(image))
    return image


def copy_image(image: Path, copy: Path) -> Path:
    """Copy what has reached the disk so far."""
    shutil.copyfile(image, copy)
    return copy


def mend(image: Path) -> None:
    """Check an image, as a system does when it starts again."""
    done = subprocess.run(["e2fsck", "-fy", str(image)], capture_output=True, check=False)
    if done.returncode > 1:
        raise OSError(f"e2fsck: {done.stdout.decode(errors='replace')}")


@cache
def cannot_mount() -> str:
    """Say why nothing can be mounted here, or ""."""
    if os.geteuid() != 0:
        return "only root may mount"
    missing = [tool for tool in _TOOLS if not shutil.which(tool)]
    if missing:
        return f"{', '.join(missing)} is not here"
    done = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "this machine does not let anybody mount"


@cache
def cannot_loop() -> str:
    """Say why no image can be mounted here, or ""."""
    if missing := cannot_mount():
        return missing
    done = subprocess.run(["losetup", "--find"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "there is no free loop device"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
