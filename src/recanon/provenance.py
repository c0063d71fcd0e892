"""Which commit of which repository a tree is, where git can tell for sure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from recanon.git import run_git

_SCHEMES = {"http", "https", "ssh", "git"}


@dataclass(frozen=True, slots=True)
class Provenance:
    """A commit of a repository.

    Args:
        repository: URL of the remote `origin`, without a name or password in it.
        revision: full name of the commit.
        branch: the branch, or "" where none is checked out.
    """

    repository: str
    revision: str
    branch: str


def read_provenance(root: Path) -> Provenance | None:
    """Return where a tree comes from, or None: it is no clean checkout, not the whole of one, or has no remote.

    Args:
        root: the tree.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != root.resolve():
        return None
    if _git(root, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty") != "":
        return None
    repository = public_url(_git(root, "config", "--get", "remote.origin.url") or "")
    revision = _git(root, "rev-parse", "--verify", "HEAD")
    if not repository or not revision:
        return None
    return Provenance(repository, revision, _git(root, "symbolic-ref", "--short", "-q", "HEAD") or "")


def public_url(remote: str) -> str:
    """Return a remote as a URL that may be shown, or "" where it is a path of this machine.

    Args:
        remote: as git has it; the form `user@host:path` becomes an ssh URL.
    """
    host, colon, path = remote.partition(":")
    if colon and not path.startswith("//") and "/" not in host:
        remote = f"ssh://{host}/{path.lstrip('/')}"
    try:
        parts = urlsplit(remote)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in _SCHEMES or not parts.hostname:
        return ""
    return urlunsplit((parts.scheme, parts.hostname + port, parts.path, "", ""))


def _git(root: Path, *words: str) -> str | None:
    """Return what git prints, or None where it is not there or fails."""
    printed = run_git(root, *words)
    return None if printed is None else printed.decode("utf-8", "surrogateescape").rstrip("\n")
