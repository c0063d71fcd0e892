"""Programs that nobody would write: made by grammars, and real code with odd blanks; old names are put into them.

None of them is ever run.
"""

from __future__ import annotations

import ast
import io
import os
import random
import sys
import tokenize
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from faults.readable import compiles, decoded
from faults.recipes import FACTORY, OLD

_LARGEST = 40_000  # bytes of a file of the corpus
_IMPORTS = (
    f"from app.websocket_core import {OLD}",
    f"from {FACTORY} import {OLD}, {OLD}_sync",
    f"from app.websocket_core.unified_manager import UnifiedWebSocketManager; from {FACTORY} import {OLD}_sync",
    f"import {FACTORY} as factory_",
)
_USES = (
    f"{OLD}(ctx)",
    f"m_ = {OLD}_sync(ctx)",
    f"m_ = [({OLD}_sync)(user_context=ctx), not {OLD}]",
    f"isinstance(ctx, UnifiedWebSocketManager) and factory_.{OLD}(ctx)",
    f"lambda x_: {OLD}_sync(x_)",
    f"f'{{{OLD}(ctx)!r:>10}}'",
    f"async def f_(c): return await {OLD}(user_context=c)",
    f"async def g_(c):  # {OLD}",
)
_ODD = (" ", "\t", "\f", "  ", " \f ", "\\\n", " \\\n\t")


@cache
def corpus(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the Python files of libraries and of the packages that are installed in them, in order."""
    found: set[Path] = set()
    for folder in folders:
        for base, below, files in os.walk(folder):
            below[:] = [name for name in below if name not in {"__pycache__", "node_modules"}]
            found |= {Path(base, name) for name in files if name.endswith(".py")}
    return tuple(sorted(found))


@cache
def libraries() -> tuple[Path, ...]:
    """Return the folder of the library of each Python 3 on the machine."""
    homes = [Path(sys.base_prefix), Path("/usr"), Path("/usr/local")]
    homes += sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob("3.*"))
    found = {path.resolve() for home in homes for path in (home / "lib").glob("python3*") if (path / "os.py").is_file()}
    return tuple(sorted(found))


def real(chance: random.Random, *, all_of_them: bool = True) -> Iterator[str]:
    """Yield texts of the library and the packages of every Python on the machine, or of the running one alone."""
    files = corpus(libraries() if all_of_them else (Path(os.__file__).parent,))
    while files:
        path = chance.choice(files)
        try:
            if path.stat().st_size <= _LARGEST:
                yield decoded(path.read_bytes()).replace("\r\n", "\n")
        except (OSError, ValueError, LookupError, SyntaxError):
            continue


def by_grammar(chance: random.Random) -> Iterator[str]:
    """Yield programs of hypothesmith without end."""
    while True:
        yield from _drawn(chance.getrandbits(32), 25)


def _drawn(number: int, count: int) -> list[str]:
    import hypothesmith
    from hypothesis import HealthCheck, Phase, given, seed, settings

    found: list[str] = []
    how = settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @seed(number)
    @how
    @given(hypothesmith.from_grammar())
    def draw(text: str) -> None:
        found.append(text)

    draw()
    return found


def by_codegen(chance: random.Random) -> Iterator[str]:
    """Yield programs of pysource-codegen without end."""
    from pysource_codegen import generate

    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield generate(chance.getrandbits(32), node_limit=300)


def biting(text: str, chance: random.Random) -> str:
    """Return a program with an import of old names and uses of them between its statements."""
    places = _places(text)
    if not places:
        return text
    lines = text.split("\n")
    chosen = sorted({0, *(chance.randrange(len(places)) for _ in range(chance.randrange(1, 5)))}, reverse=True)
    for number in chosen:
        line, indent = places[number]
        added = chance.choice(_USES)
        if added.startswith("async def g_"):
            added += f"\n{indent}    return await {OLD}(c)"
        if number == 0:
            added = chance.choice(_IMPORTS) + f"\n{indent}{added}"
        lines.insert(line - 1, indent + added)
    made = "\n".join(lines)
    return made if compiles(made.encode("utf-8", "replace")) else text + f"\n{_IMPORTS[0]}\n{_USES[0]}\n"


def _places(text: str) -> list[tuple[int, str]]:
    """Return lines before which a statement can stand, each with its indentation; those of the module first."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    lines = text.split("\n")
    found = []
    for node in (tree, *ast.walk(tree)):
        for statement in getattr(node, "body", ()) if not isinstance(node, ast.Lambda | ast.IfExp) else ():
            if isinstance(statement, ast.stmt) and not _is_head(statement) and statement.lineno <= len(lines):
                line = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
                indent = lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]
                if indent.isspace() or not indent:
                    found.append((line, indent))
    return found


def _is_head(statement: ast.stmt) -> bool:
    """Whether nothing may stand before a statement: a docstring, or an import from the future."""
    future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    return future or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))


def mutated(text: str, chance: random.Random) -> bytes:
    """Return a program with odd blanks, line ends, comments and brackets at borders of its tokens."""
    for _ in range(chance.randrange(1, 6)):
        made = chance.choice(_MUTATIONS)(text, chance)
        if compiles(made.encode("utf-8", "replace")) or chance.random() < 0.02:
            text = made
    data = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        data = chance.choice((_crlf, _some_crlf, _marked, _cookie, _cut))(data, chance)
    return data


def _borders(text: str) -> list[tuple[int, str]]:
    """Return the offsets at which tokens begin, each with its token; none where Python cannot read it."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text, newline="\n").readline))
    except (SyntaxError, tokenize.TokenError, ValueError):
        return []
    plain = (tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING, tokenize.NEWLINE)
    return [(starts[t.start[0] - 1] + t.start[1], t.string) for t in tokens if t.type in plain and t.start[0] > 0]


def _blank(text: str, chance: random.Random) -> str:
    borders = _borders(text)
    if not borders:
        return text
    at, _ = chance.choice(borders)
    return text[:at] + chance.choice(_ODD) + text[at:]


def _bracketed(text: str, chance: random.Random) -> str:
    names = [(at, word) for at, word in _borders(text) if word.isidentifier()]
    if not names:
        return text
    at, word = chance.choice(names)
    return f"{text[:at]}({word}){text[at + len(word) :]}"


def _line(text: str, chance: random.Random) -> str:
    """Put something between two lines, or behind one."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    odd = chance.choice(("", "\f", "   ", "\t\f", "# ü \u2028 \x85", "#" + OLD, "  # noqa"))
    if chance.random() < 0.5:
        lines.insert(at, odd)
    else:
        lines[at] += odd if not odd or odd[0] != "#" else "  " + odd
    return "\n".join(lines)


_MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (_blank, _blank, _bracketed, _line)


def _crlf(data: bytes, chance: random.Random) -> bytes:
    return data.replace(b"\n", b"\r\n")


def _some_crlf(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    return b"".join(line + chance.choice((b"\n", b"\n", b"\r\n", b"\r")) for line in lines[:-1]) + lines[-1]


def _marked(data: bytes, chance: random.Random) -> bytes:
    return b"\xef\xbb\xbf" + data


def _cookie(data: bytes, chance: random.Random) -> bytes:
    codec = chance.choice(("latin-1", "cp1252", "utf-8", "iso-8859-15"))
    made = f"# -*- coding: {codec} -*-\n# \u00e4\n".encode(codec)
    try:
        return made + data.decode().encode(codec)
    except UnicodeError:
        return data


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data.rstrip(b"\n") + chance.choice((b"", b"  ", b"\n\n\n", b"\f", b"\r"))


WORDS = (OLD, "websocket_manager", "unified_manager", "UnifiedWebSocketManager", "factory_", "WebSocketManager")
"""A line that recanon may change holds one of these."""
