"""One file of a run: looked at, made ready beside its place, put there in one step, and cleared up after.

A file that is edited is exchanged with its new text. One to be created is put where nothing stands. One to be deleted
is renamed aside. Whatever comes out of its place is looked at before it goes.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from recanon.disk import Content, RefusedError
from recanon.journal.folders import make_folders, missing_folders
from recanon.journal.rows import FileRow, kind_of
from recanon.journal.store import Key
from recanon.journal.swap import Place, place_of
from recanon.journal.tree import Tree
from recanon.plan import ChangeKind
from recanon.source import digest_of

_AGAIN = "Plan again."


@dataclass(frozen=True, slots=True)
class Change:
    """A file to be written, or taken away.

    Args:
        path: relative to the root.
        expected: digest of the text that must stand there; "" where nothing may.
        after: the bytes that shall stand there; None where nothing shall.
        phases: phases that the edits belong to.
        mode: permission bits that shall stand there; None keeps them.
        undoes: records of earlier runs that this one undoes.
        keep: whether the text that stands there is kept beside it.
        like: of a file to be created: the one whose place it takes, and whose mode, owner and attributes it gets.
    """

    path: str
    expected: str
    after: bytes | None
    phases: tuple[str, ...] = ()
    mode: int | None = None
    undoes: tuple[Key, ...] = ()
    keep: bool = False
    like: str = ""

    @property
    def order(self) -> int:
        """Files are created first and deleted last, so that what a file becomes stands before it goes."""
        return (ChangeKind.CREATE, ChangeKind.EDIT, ChangeKind.DELETE).index(self.kind)

    @property
    def kind(self) -> ChangeKind:
        """Whether the file is created, edited or deleted."""
        return kind_of(self.expected, digest_of(self.after))


@dataclass(frozen=True, slots=True)
class Job:
    """A change that can be made, as far as a look has shown.

    Args:
        seq: the file's number in the run.
        change: the change.
        before: what stands there; None for nothing.
        like: a file whose mode, owner and attributes the new one gets; None for the system's own.
        folders: folders to be made first.
    """

    seq: int
    change: Change
    before: Content | None
    like: Content | None
    folders: tuple[str, ...]

    @property
    def path(self) -> str:
        """The file."""
        return self.change.path

    @property
    def stood(self) -> str:
        """Digest of the text before; "" for none."""
        return "" if self.before is None else self.before.digest

    @property
    def after(self) -> str:
        """Digest of the text after; "" for none."""
        return digest_of(self.change.after)

    def row(self, run: str) -> FileRow:
        """Return the intent, for the journal."""
        mode = 0 if self.before is None else self.before.mode
        model = self.change.like if self.before is None else ""
        return FileRow(run, self.seq, self.path, self.stood, self.after, mode, self.change.phases, model=model)


def look(tree: Tree, seq: int, change: Change) -> Job | None:
    """Look at a file that is to be changed; None where it is as it shall be already.

    Raises:
        RefusedError: it is not what was planned upon.
    """
    before = tree.look(change.path) if change.kind is ChangeKind.EDIT else tree.find(change.path)
    stands = "" if before is None else before.digest
    if stands == change.expected:
        if before is not None and change.after is None:
            _check_can_come_back(before)
        like = _model(tree, change.like) if before is None and change.like else before
        folders = () if before else tuple(missing_folders(tree, change.path))
        return Job(seq, change, before, like, folders)
    if stands == digest_of(change.after):
        return None
    if change.expected:
        raise RefusedError("its text is not the one that was planned upon", _AGAIN)
    raise RefusedError("a file with another text stands there already", "Move it away, or plan again.")


def stage(tree: Tree, run: str, job: Job) -> str:
    """Make the new file beside its place, complete; return where the text before is kept, or ""."""
    kept = ""
    if job.folders:
        make_folders(tree, job.path)
    with _place(tree, run, job) as place:
        if job.change.keep and job.before is not None:
            kept = job.path.removesuffix(place.name) + place.keep_beside(job.before)
            tree.files.fsync(place.folder)
        if job.change.after is not None:
            mode = _mode(job, tree.files.umask())
            tree.files.put(place.folder, place.temp, data=job.change.after, like=job.like, mode=mode, sync=False)
    return kept


def settle(tree: Tree, run: str, job: Job) -> None:
    """Wait until the new file is on the disk."""
    if job.change.after is not None:
        with _place(tree, run, job) as place:
            tree.files.sync(place.folder, place.temp)


def publish(tree: Tree, run: str, job: Job) -> None:
    """Put the new file in its place in one step, and give a stranger's text back that came out of it."""
    with _place(tree, run, job) as place:
        if job.before is None:
            place.put_in()
        elif job.change.after is None:
            place.take_out()
            place.confirm(job.stood, "")
        elif place.exchange():
            place.confirm(job.stood, job.after)
        else:
            _replace(tree, job.before, place, path=job.path)


def finish(tree: Tree, run: str, job: Job) -> None:
    """Take the old file away, unless somebody has written into it meanwhile."""
    with _place(tree, run, job) as place:
        if job.before is not None:
            place.confirm(job.stood, job.after)
        place.drop()


def discard(tree: Tree, run: str, job: Job) -> None:
    """Take the temporary files of a refused change away."""
    with _place(tree, run, job) as place:
        place.discard(job.stood, job.after)


def _place(tree: Tree, run: str, job: Job) -> AbstractContextManager[Place]:
    return place_of(tree, job.path, run=run, seq=job.seq)


def _replace(tree: Tree, before: Content, place: Place, *, path: str) -> None:
    # Without an exchange, what comes out cannot be looked at: look as late as can be.
    now = tree.look(path)
    if _identity(now) != _identity(before) or now.digest != before.digest:
        raise RefusedError("it changed while it was being written", _AGAIN)
    tree.files.replace(place.folder, place.temp, target=place.name)


def _identity(content: Content) -> tuple[int, int, int, int]:
    info = content.info
    return info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns


def _mode(job: Job, umask: int) -> int:
    usual = 0o666 & ~umask if job.like is None else job.like.mode
    # A journal may ask for any permission, but not for setuid where there was none.
    return (usual if job.change.mode is None else job.change.mode) & (0o777 | usual)


def _model(tree: Tree, path: str) -> Content:
    try:
        return tree.look(path)
    except RefusedError as refusal:
        raise RefusedError(f"it takes the place of {path}: {refusal.message}", refusal.hint) from refusal


def _check_can_come_back(content: Content) -> None:
    if content.mode & ~0o777:
        raise RefusedError(
            "it has a setuid, setgid or sticky bit, which could not be given back", "Take the bit away, or the file."
        )
