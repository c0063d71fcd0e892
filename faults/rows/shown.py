"""H4, H5, H6: names, code and messages from a repository on a terminal, in a pipe and on a page."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

from faults.canaries import committed, git
from faults.command_line import PACK, Said, ask, ask_on_terminal
from faults.model import Fault, Loss, Trial, judged
from faults.trees import fill, snapshot

STEERING = (
    "\x1b]52;c;aGk=\x07", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\", "\x1b[2J\x1b[H", "\x1b[5;31m", "\x1b[6n",
    "\x1bc", "\x1bP1$r\x1b\\", "\x1b_app\x1b\\", "\x1b^pm\x1b\\", "\x1b[?1049h", "\x1b(0", "\x1b[20h", "\x1b[s",
    "\x1b]1337;x\x07",
    "\x9b2J", "\x9d0;x\x9c", "\x90x\x9c", "\x85", "\x84", "\x8d", "\x07", "\x08\x08", "\x0b", "\x0c", "\x0e", "\x0f",
    "\x05", "\x7f", "\x01", "\r", "a\rb", "\udcff\udc9b", "\x1a", "\x18",
)  # fmt: skip
HIDING = tuple(
    chr(code)
    for code in [
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0x200B, 0x2010),
        0x061C,
        0xFEFF,
        0x2028,
        0xE0041,
    ]
)
MARKUP = (
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<svg onload=x>",
    '"><b>', "'><b>", "<!--", "-->", "<![CDATA[", "]]>", "<style>*{}</style>", "</style>", "<a href=javascript:x>",
    "&lt;b",
    "&#60;b&#62;", "{{7*7}}", "{% raw %}", "${x}", "`x`", "<iframe src=x>", "<base href=//x>",
    "<meta http-equiv=refresh>",
    "<link rel=stylesheet href=x>", "<form action=x>", "<input autofocus onfocus=x>", "</textarea>", "</title>",
    "<plaintext>",
    "<template>", "\u2028\u2029", "<\u0000script>", "<ScRiPt>", "\" onmouseover=\"x", "<details open ontoggle=x>",
)  # fmt: skip
_TOKEN = re.compile(
    rb"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)|[\x00-\x08\x0b-\x0c\x0e-\x1a\x1c-\x1f\x7f]"
)
_LONE_RETURN = re.compile(rb"\r+(?![\r\n]|\x1b\[)")
_C1 = re.compile("[\x80-\x9f]")
_PREVIEW, _REPORT = "preview", "report"


def _world(place: Path, text: str) -> tuple[Path, Path]:
    """Make a tree and a pack that say a text wherever they can; return both."""
    raw = text.encode("utf-8", "replace")  # of code; a name may hold bytes that are no text
    quoted = raw.replace(b"\\", b"\\\\").replace(b'"', b"'")
    inside = b'"""' + quoted + b'"""'
    name = text.replace("/", "_").replace("\0", "_") or "x"
    texts = {
        "app/__init__.py": b"",
        "app/old.py": b"def fetch(number, more=None):\n    return number\n",
        "app/new.py": b"def load(number, more=None):\n    return number\n",
        f"app/{name}.py": b"from app.old import fetch\n\nVALUE = fetch(1, " + inside + b")\n",
        "app/broken.py": b"from app.old import fetch\nfetch(\n# " + raw + b"\n",
        "app/near.py": b"from app.old import fetch\n\nTEXT = " + inside + b"\nVALUE = fetch(2)\nOTHER = fetch\n",
        "CODEOWNERS": b"* @" + raw.replace(b"\n", b" ") + b"\n",
    }
    texts = {path: data.replace(b"\0", b"_") for path, data in texts.items()}
    said = json.dumps(text.encode("utf-8", "replace").decode().replace("\0", "_"))
    said = said.replace("\\udb40\\udc41", "\\U000E0041").replace("\x7f", "\\u007f")
    rule = (
        f'[[symbol.when]]\nuse = ["reference"]\nverdict = "manual"\nreason = {said}\nadvice = {said}\ngroup = {said}\n'
    )
    pack = PACK.decode().replace('"One way to load"', said).replace('"the code loads"', said)
    pack = pack.replace('becomes = "app.new.load"\n', f'becomes = "app.new.load"\nreason = {said}\n{rule}')
    fill(place / "pack", {"pack.toml": pack.encode()})
    root = fill(place / f"root{name}", texts)
    committed(root)
    return root, place / "pack"


def steering(trial: Trial) -> None:
    """Show each steering text on a terminal and in a pipe, and compare with a plain one."""
    with trial.place() as place:
        # Of all commands together: whether one draws bars depends on whether another one's plan is recalled.
        shown = _on_terminal(*_world(place, "plain"), few=trial.quick).values()
        plain = {token for said in shown for token in _tokens(said.out)}
    for text in trial.some(STEERING, 1):
        with trial.place() as place:
            root, pack = _world(place, text)
            for name, said in _on_terminal(root, pack, few=trial.quick).items():
                more = _tokens(said.out) - plain
                trial.point(f"{text!a} on a terminal: {name}", *_shown(said, more))
            _piped(trial, place, root, pack=pack, text=text)


def _on_terminal(root: Path, pack: Path, *, few: bool = False) -> dict[str, Said]:
    read = ("--pack", pack, "--jobs", "1")
    words: Mapping[str, tuple[str | Path, ...]] = {
        "preview": ("preview", root, *read),
        "apply, asked": ("apply", root, *read),
        "explain": ("explain", "app/near.py:5", "--tree", root, *read),
        "plan": ("plan", root, *read),
        "audit": ("audit", root, *read),
        "report": ("report", root, *read),
        "guard": ("guard", root, *read),
        "no such path": ("explain", f"{root}/nothing:1", "--tree", root, *read),
    }
    chosen = list(words.items())[: 2 if few else None]
    return {name: ask_on_terminal(*line, cwd=root.parent, answers=b"n\n") for name, line in chosen}


def _tokens(out: bytes) -> set[bytes]:
    """Return all that steers a terminal in an output, but what ends a line."""
    text = out.decode("utf-8", "surrogateescape")
    c1 = {found.encode() for found in _C1.findall(text)} | {
        b"undecodable" for char in text if "\udc80" <= char <= "\udcff"
    }
    return {*_TOKEN.findall(out), *_LONE_RETURN.findall(out), *c1}


def _shown(said: Said, more: set[bytes]) -> list[tuple[Loss, str]]:
    return judged(
        (not more, Loss.SILENT, f"raw on the terminal: {sorted(more)[:5]}"),
        (not said.late, Loss.UNRECOVERED, "not done in time"),
        (not said.traceback, Loss.SILENT, f"a traceback: {said.out[-300:]!r}"),
        (said.code in (0, 1, 2, 3, 130), Loss.SILENT, f"exit code {said.code}: {said.out[-200:]!r}"),
    )


def _piped(trial: Trial, place: Path, root: Path, *, pack: Path, text: str) -> None:
    """In a pipe the diff is exact and does what apply does; all else is plain."""
    read = ("--pack", pack, "--jobs", "1")
    said = ask("preview", root, *read, cwd=place)
    (place / "diff").write_bytes(said.out)
    shutil.copytree(root, place / "copy")
    git(place / "copy", "apply", "--whitespace=nowarn", str(place / "diff"))
    done = ask("apply", root, *read, "--yes", cwd=place)
    same = {path: held for path, held in snapshot(root).items() if not path.startswith(".git/")}
    patched = {path: held for path, held in snapshot(place / "copy").items() if not path.startswith(".git/")}
    raw = {token for stream in (said.err, done.out, done.err) for token in _tokens(stream)}
    trial.point(
        f"{text!a} in a pipe",
        *judged(
            (bool(said.out) and same == patched, Loss.LOST, "the diff does not do what apply does"),
            (not raw, Loss.SILENT, f"raw: {sorted(raw)[:5]}"),
            (said.code in (0, 3) and done.code in (0, 3), Loss.SILENT, f"exit codes {said.code}, {done.code}"),
        ),
    )


def hiding(trial: Trial) -> None:
    """Show each hiding character: on a terminal spelled out, marked and counted, on a page spelled out."""
    for text in trial.some(HIDING, 1):
        with trial.place() as place:
            root, pack = _world(place, text)
            read = ("--pack", pack, "--jobs", "1")
            preview = ask_on_terminal("preview", root, *read, cwd=place)
            asked = ask_on_terminal("apply", root, *read, "--interactive", cwd=place, answers=b"q\nn\n")
            shown = f"<U+{ord(text):04X}>".encode()
            marks = {
                "marked in the diff": b"! invisible",
                "counted": b"with invisible or direction-changing characters",
            }
            for name, said, wanted in (("preview", preview, marks), ("interactive", asked, {"marked": b"! invisible"})):
                trial.point(
                    f"{text!a}: {name}",
                    *judged(
                        (text.encode() not in said.out, Loss.SILENT, "it is shown raw"),
                        (shown in said.out, Loss.SILENT, f"it is not spelled out: {said.out[-300:]!r}"),
                        *(
                            (mark in b" ".join(said.out.split()), Loss.SILENT, f"not {how}")
                            for how, mark in wanted.items()
                        ),
                    ),
                )


class _Structure(HTMLParser):
    """The elements of a page with the names of their attributes, and the policy."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""


def pages(trial: Trial) -> None:
    """Make a page of each text, and compare its elements with those of a plain one."""
    plain = _page(trial, "plain")[0]
    for text in trial.some((*MARKUP, *STEERING[:4], *HIDING[:4]), 1):
        found, page, said = _page(trial, text)
        trial.point(
            f"{text!a}",
            *judged(
                (found.tags == plain.tags, Loss.SILENT, f"other elements: {_other(found, plain)}"),
                (
                    found.policy.startswith("default-src 'none'") and "unsafe" not in found.policy,
                    Loss.SILENT,
                    found.policy,
                ),
                (not _tokens(page) and not re.search("[\u202a-\u202e]", page.decode()), Loss.SILENT, "raw in the page"),
                (said.code in (0, 3), Loss.SILENT, f"exit code {said.code}: {said.err[-200:]!r}"),
            ),
        )


def _page(trial: Trial, text: str) -> tuple[_Structure, bytes, Said]:
    with trial.place() as place:
        root, pack = _world(place, text)
        file = place / "page.html"
        words = ("report", root, "--pack", pack, "--jobs", "1", "--format", "html", "-o", file)
        said = ask(*words, cwd=place)
        page = file.read_bytes() if file.exists() else b""
    found = _Structure()
    found.feed(page.decode())
    return found, page, said


def _other(found: _Structure, plain: _Structure) -> list[tuple[str, tuple[str, ...]]]:
    return [tag for tag in found.tags if tag not in plain.tags][:5]


FAULTS = (
    Fault(
        "H4",
        "markup in names, code, reasons and a pack",
        "a page of each text; its elements against those of a plain page",
        34,
        pages,
    ),
    Fault(
        "H5",
        "control characters in names, code, reasons and a pack",
        "each text × 8 commands on a terminal, and in a pipe; against a plain text",
        270,
        steering,
    ),
    Fault(
        "H6",
        "bidirectional and zero-width characters in a diff under review",
        "each character × preview and apply --interactive on a terminal",
        30,
        hiding,
    ),
)
