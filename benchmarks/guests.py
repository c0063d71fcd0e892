"""Run guests that others wrote over a real tree: which ran, which were refused and why, and whether all is undone.

    python benchmarks/guests.py TREE --venv FOLDER [--part GLOB ...] [--only WORD] [--json FILE]

TREE is worked on: give it a copy. The public packages are installed into the environment FOLDER, beside recanon. Guests
that are about a word are given the files that hold it, programs all; the others are given the files of --part.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
PACKAGES = (
    "autotyping", "black", "bump-pydantic", "django-codemod", "hypothesis", "isort", "pyupgrade", "shed",
)  # fmt: skip
SHIPPED = "libcst:libcst.codemod.commands"
RULES = "fixit:fixit.rules"


@dataclass(frozen=True)
class Case:
    """A guest, its arguments, and further options of `recanon run`."""

    guest: str
    arguments: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def within(self, part: list[str]) -> tuple[str, ...]:
        """Return the options, with the files that count where it would otherwise read the whole tree by LibCST."""
        whole = self.guest.startswith("command:") or "--holding" in self.options
        return self.options if whole else (*self.options, *(word for glob in part for word in ("--files", glob)))


def holding(word: str, guest: str) -> Case:
    """Return a guest that is given only files that hold a word: it has nothing to do in others."""
    return Case(guest, (), ("--holding", word))


@dataclass(frozen=True)
class Row:
    """What came of a guest."""

    guest: str
    code: int
    seconds: float
    files: dict[str, int]
    reasons: dict[str, int]
    said: str
    undone: bool


CASES = (
    Case(f"{SHIPPED}.add_pyre_directive.AddPyreUnsafeCommand"),
    Case(f"{SHIPPED}.add_trailing_commas.AddTrailingCommas"),
    holding(".format(", f"{SHIPPED}.convert_format_to_fstring.ConvertFormatStringCommand"),
    holding("NamedTuple", f"{SHIPPED}.convert_namedtuple_to_dataclass.ConvertNamedTupleToDataclassCommand"),
    Case(f"{SHIPPED}.convert_percent_format_to_fstring.ConvertPercentFormatStringCommand"),
    holding("# type:", f"{SHIPPED}.convert_type_comments.ConvertTypeComments"),
    holding("Union", f"{SHIPPED}.convert_union_to_or.ConvertUnionToOrCommand"),
    Case(f"{SHIPPED}.ensure_import_present.EnsureImportPresentCommand", ("--module", "logging")),
    holding("Callable", f"{SHIPPED}.fix_variadic_callable.FixVariadicCallableCommmand"),
    Case(f"{SHIPPED}.noop.NOOPCommand"),
    Case(f"{SHIPPED}.remove_unused_imports.RemoveUnusedImportsCommand"),
    Case(f"{SHIPPED}.rename.RenameCommand", ("--old_name", "typing.Dict", "--new_name", "builtins.dict")),
    Case(f"{SHIPPED}.rename_typing_generic_aliases.RenameTypingGenericAliases"),
    Case(f"{SHIPPED}.strip_strings_from_types.StripStringsCommand"),
    Case(f"{SHIPPED}.unnecessary_format_string.UnnecessaryFormatString"),
    Case("libcst:autotyping.autotyping.AutotypeCommand", ("--safe",)),
    holding("pydantic", "libcst:bump_pydantic.codemods.replace_imports.ReplaceImportsCodemod"),
    holding("pydantic", "libcst:bump_pydantic.codemods.add_default_none.AddDefaultNoneCommand"),
    holding("pydantic", "libcst:bump_pydantic.codemods.replace_generic_model.ReplaceGenericModelCommand"),
    holding("pydantic", "libcst:bump_pydantic.codemods.validator.ValidatorCodemod"),
    holding("django", "libcst:django_codemod.visitors.urls.URLTransformer"),
    holding("hypothesis", "libcst:hypothesis.extra.codemods.HypothesisFixPositionalKeywonlyArgs"),
    holding("hypothesis", "libcst:hypothesis.extra.codemods.HypothesisFixComplexMinMagnitude"),
    Case("libcst:shed._codemods.ShedFixers"),
    *(holding(word, f"bowler:{HERE / 'docs/examples/queries.py'}:{name}") for word, name in (
        ("utcnow()", "utcnow"), (".warn(", "warn"), ("== None", "is_none"), ("open(", "open_to_read"))),
    Case(f"bowler:{HERE / 'codemods/not_in/_query.py'}:not_in"),
    holding("== None", f"{RULES}:CompareSingletonPrimitivesByIs"),
    holding("assertTrue", f"{RULES}:UseAssertIn"),
    holding("set([", f"{RULES}:RewriteToLiteral"),
    holding(".format(", f"{RULES}:UseFstring"),
    *(Case(f"{RULES}:{name}") for name in ("NoRedundantFString", "UseTypesFromTyping", "NoStaticIfCondition")),
    Case("command:ruff check --fix --select UP {files}"),
    Case("command:pyupgrade --py311-plus {files}"),
    Case("command:isort {files}"),
    Case("command:black -q {files}", (), ("--timeout", "300")),
)  # fmt: skip


def main() -> int:
    """Run all cases and print a table; return 1 where a tree was not given back."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--venv", type=Path, required=True)
    parser.add_argument("--part", action="append", default=[], help="files for guests that are about any code")
    parser.add_argument("--only", default="", help="only guests whose name holds this word")
    parser.add_argument("--json", type=Path, help="write the rows to this file as well, one by one")
    words = parser.parse_args()
    folder = environment(words.venv)
    rows = []
    for case in CASES:
        if words.only in case.guest:
            rows.append(measured(words.tree.resolve(), case, folder, words.part))
            sys.stdout.write(line(rows[-1]) + "\n")
            sys.stdout.flush()
            if words.json:
                words.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    return 0 if all(row.undone for row in rows) else 1


def environment(folder: Path) -> Path:
    """Make the environment with recanon and the public packages; one that is there is taken as it is."""
    if not (folder / "bin" / "recanon").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--editable", f"{HERE}[bowler,fixit]"], check=True)
        for package in PACKAGES:
            if subprocess.run([*pip, package], check=False).returncode:
                sys.stderr.write(f"{package} could not be installed\n")
    return folder.resolve() / "bin"


def measured(root: Path, case: Case, folder: Path, part: list[str]) -> Row:
    """Preview a guest, apply it, take it back, and compare the tree with what it was."""
    before = digest(root)
    path = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    given = [case.guest, str(root), *case.within(part)]
    behind = ["--", *case.arguments] if case.arguments else []
    begun = time.monotonic()
    recanon = str(folder / "recanon")
    command = [recanon, "run", *given, "--apply", "--yes", *behind]
    done = subprocess.run(command, capture_output=True, text=True, env=path, check=False)
    seconds = time.monotonic() - begun
    back = [recanon, "rollback", str(root), "--all", "--yes"]
    subprocess.run(back, capture_output=True, check=False)
    label = " ".join([case.guest, *behind])
    return Row(label, done.returncode, seconds, *counted(done.stderr, done.stdout), digest(root) == before)


def counted(errors: str, output: str) -> tuple[dict[str, int], dict[str, int], str]:
    """Read the sum over the files, how often each reason was given, and the error if there is one."""
    files: dict[str, int] = {}
    reasons: dict[str, int] = {}
    section = ""
    for text in (output + errors).splitlines():
        if text.startswith("files: "):
            parts = text.partition(" = ")[2].split(" + ")
            files = {name: int(count.replace(",", "")) for name, count in (part.split() for part in parts)}
        elif text and not text.startswith(" "):
            section = text.partition(":")[0]
        elif section in {"skipped", "reverted"} and "  " in text.strip():
            reason = section + ": " + short(text.strip().partition("  ")[2])
            reasons[reason] = reasons.get(reason, 0) + 1
    said = next((text for text in errors.splitlines() if text.startswith("error: ")), "")
    return files, dict(sorted(reasons.items(), key=lambda item: -item[1])), said


def short(reason: str) -> str:
    """Return the kind of a reason, without what differs from file to file."""
    for cut in (": line ", ": ParseError", ": TokenError", " could no longer", "`"):
        head, found, _ = reason.partition(cut)
        if found:
            reason = head.rpartition(" ")[0] if cut == " could no longer" else head
    return reason[:70].strip()


def line(row: Row) -> str:
    """Return a row of the table in Markdown."""
    counts = " | ".join(str(row.files.get(state, "")) for state in ("changed", "skipped", "reverted", "failed"))
    why = row.said or "; ".join(f"{count} × {reason}" for reason, count in list(row.reasons.items())[:3])
    return f"| `{row.guest}` | {row.code} | {counts} | {row.seconds:.0f} | {'yes' if row.undone else 'NO'} | {why} |"


def digest(root: Path) -> str:
    """Return a digest of all files of a tree, but those of git and of the journal."""
    total = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and not {".git", ".recanon"} & set(path.relative_to(root).parts):
            info = path.stat()
            total.update(f"{path.relative_to(root)}\0{info.st_mode}\0{info.st_size}\0".encode("utf-8", "replace"))
            total.update(path.read_bytes())
    return total.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
