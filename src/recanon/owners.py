"""Who owns a file, by a CODEOWNERS file.

The rules are those that GitHub documents ("About code owners"): the file lies in `.github/`, in the root or in `docs/`,
and the first of these that is there counts; the last pattern that matches wins; a pattern without an owner takes a file
from everybody. Patterns are those of `.gitignore`, but for three: `!`, `[ ]` and an escaped `#` have no meaning, and
`folder/*` does not reach into folders below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from recanon.patterns import file_patterns
from recanon.regular import read_regular

_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


@dataclass(frozen=True, slots=True)
class _Rule:
    spec: GitIgnoreSpec
    owners: str
    shallow: bool

    def matches(self, path: str) -> bool:
        if not self.spec.match_file(path):
            return False
        return not (self.shallow and self.spec.match_file(path.rpartition("/")[0]))


@dataclass(frozen=True, slots=True)
class Owners:
    """The rules of a CODEOWNERS file, in order.

    Args:
        place: where it lies, relative to the root.
        rules: its rules.
    """

    place: str
    rules: tuple[_Rule, ...]

    def of(self, path: str) -> str:
        """Return the owners of a file, separated by blanks, or ""."""
        return next((rule.owners for rule in reversed(self.rules) if rule.matches(path)), "")


def read_owners(root: Path) -> Owners | None:
    """Return the owners of a tree, or None where no CODEOWNERS can be read.

    Args:
        root: the tree.
    """
    for place in _PLACES:
        file = root / place
        try:
            if file.is_file():
                return parse_owners(place, read_regular(file).decode("utf-8", "replace").splitlines())
        except OSError:
            continue
    return None


def parse_owners(place: str, lines: Iterable[str]) -> Owners:
    """Return the rules of a CODEOWNERS file; lines that are no rule are passed over, as GitHub does.

    Args:
        place: where it lies.
        lines: its text.
    """
    rules = []
    for line in lines:
        words = re.split(r"(?<!\\)\s+", re.split(r"(?:^|\s)#", line)[0].strip())
        pattern = words[0]
        if pattern and not pattern.startswith(("!", "\\#")) and "[" not in pattern:
            shallow = pattern.endswith("/*")
            rules.append(_Rule(file_patterns([pattern]), " ".join(words[1:]), shallow))
    return Owners(place, tuple(rules))
