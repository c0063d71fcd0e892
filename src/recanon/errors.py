"""The errors a user of recanon can meet. Each message says what is wrong, where, and what to do about it."""

from __future__ import annotations


class RecanonError(Exception):
    """Base of all expected errors: wrong use, wrong input, a tree that cannot be worked on.

    Args:
        message: what is wrong and where, in one sentence.
        hint: what the user can do about it, in one sentence.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class UsageError(RecanonError):
    """A wrong word, option or path on the command line, or a wrong setting."""


class PackError(RecanonError):
    """A pack's description or one of its codemods is wrong."""


class SourceError(RecanonError):
    """A file cannot be read as Python source: its bytes do not decode, or it does not parse."""


class EditConflictError(RecanonError):
    """Two edits of one file meet and differ, or an edit does not find the text that it expects."""


class MovedError(RecanonError):
    """A file changed while the tree was read, so that what was found does not belong to one state of it."""


class JournalError(RecanonError):
    """The state beside the tree is missing, damaged, foreign or held by another run."""
