"""Small programs that use the old API in every way that the grammar below can say."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.helpers import CANON, FAC, UNI

PACKAGE = "app.websocket_core"
HOLDS = {
    FAC: ("create_websocket_manager", "create_websocket_manager_sync", "get_websocket_manager_factory"),
    PACKAGE: ("create_websocket_manager", "get_websocket_manager", "WebSocketManager"),
    "app.websocket_core.canonical_imports": ("create_websocket_manager", "ConnectionLifecycleManager"),
    "app.websocket_core.utils": ("create_websocket_manager",),
    CANON: ("get_websocket_manager", "WebSocketManager"),
    UNI: ("UnifiedWebSocketManager", "WebSocketConnection"),
}
MISSING = "IsolatedWebSocketManager"
OTHER = ("FactoryInitializationError", "ConnectionLifecycleManager")
CALLED = ("create_websocket_manager", "create_websocket_manager_sync", "get_websocket_manager")
ARGUMENTS = st.sampled_from(["c", "c", "c", "user_context=c", ""])


@dataclass(frozen=True)
class Imported:
    """An import and the names that it binds."""

    text: str
    names: tuple[str, ...]


@st.composite
def imports(draw: st.DrawFn) -> Imported:
    """Return a `from` import of one to three names, one of which may be missing or have an alias."""
    module = draw(st.sampled_from(sorted(HOLDS)))
    pool = [*HOLDS[module], *(OTHER if module == FAC else ())]
    names = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
    if draw(st.integers(0, 5)) == 0:
        names.insert(draw(st.integers(0, len(names))), MISSING)
    aliases = [draw(st.sampled_from(["", "", "", "", "make"])) for _ in names]
    spelled = [f"{name} as {alias}" if alias else name for name, alias in zip(names, aliases, strict=True)]
    listed = ", ".join(spelled)
    wrapped = "(\n" + "".join(f"    {item},\n" for item in spelled) + ")"
    text = f"from {module} import {draw(st.sampled_from([listed, listed, wrapped]))}"
    return Imported(text, tuple(alias or name for name, alias in zip(names, aliases, strict=True)))


@st.composite
def tried(draw: st.DrawFn) -> Imported:
    """Return one or two imports in a `try`, with one of several handlers."""
    body = draw(st.lists(imports(), min_size=1, max_size=2))
    caught = draw(st.sampled_from(["ImportError", "Exception", "(ImportError, ValueError)"]))
    name = body[0].names[0]
    handler = draw(
        st.sampled_from(["FLAG = False", "pass", f"{name} = None", f"async def {name}(c):\n    return 'fallback'"])
    )
    lines = "\n".join(item.text for item in body) + "\nFLAG = True"
    text = f"try:\n{_indented(lines)}\nexcept {caught}:\n{_indented(handler)}"
    return Imported(text, tuple(name for item in body for name in item.names))


@st.composite
def objects(draw: st.DrawFn) -> Imported:
    """Return the import of an old module as an object, with the names that are reached through it."""
    text, name = draw(st.sampled_from(_OBJECTS))
    return Imported(text, tuple(f"{name}.{called}" for called in CALLED))


@st.composite
def stars(draw: st.DrawFn) -> Imported:
    """Return a star import."""
    return Imported(f"from {draw(st.sampled_from(sorted(HOLDS)))} import *", CALLED[:1])


_OBJECTS = (
    (f"import {FAC} as factory", "factory"),
    (f"import {FAC}", FAC),
    ("from app.websocket_core import websocket_manager_factory", "websocket_manager_factory"),
    ("from app import websocket_core as core", "core"),
)
PLAIN = st.one_of(imports(), imports(), imports(), imports(), tried(), tried(), objects())
BLOCKS = PLAIN
HEADS = st.one_of(PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, stars())


@st.composite
def expressions(draw: st.DrawFn, names: tuple[str, ...], is_async: bool, own: int) -> str:
    """Return the body of a function that uses one of the names."""
    name = draw(st.sampled_from([*names, *CALLED]))
    call = f"{name}({draw(ARGUMENTS)})"
    leaf = name.rpartition(".")[2]
    other = f"tests.p{draw(st.integers(0, own))}"
    plain = [
        f"return {call}",
        f"m = {call}\nreturn m",
        f"return [{name}(x) for x in (c, c)]",
        f"if c:\n    return {call}\nreturn None",
        f"def inner():\n    return {call}\nreturn inner()",
        f"async def inner():\n    return await {call}\nreturn inner()",
        f"return (lambda: {call})()",
        f"return {name}",
        f"{leaf} = lambda *a, **k: 'mine'\nreturn {leaf}(c)",
        f"with patch('{other}.{leaf}', return_value='fake'):\n    return {call}",
        f"import {other}\nwith patch('{other}.{leaf}', return_value='fake'):\n    return {other}.run_0(c)",
        f"from tests import p{own} as me\nwith patch.object(me, '{leaf}', return_value='fake'):\n    return {call}",
        f"with patch('{FAC}.{leaf}', return_value='fake'):\n    return {call}",
        f"with patch('{PACKAGE}.{leaf}', return_value='fake'):\n    return {call}",
        f"from {other} import {leaf} as theirs\nreturn theirs(c)",
        f"import {other} as theirs\nreturn theirs.{leaf}(c)",
        f"return getattr(sys.modules[__name__], '{leaf}', len)(c)",
        f"return globals()['{leaf}'](c)",
        f"class Holder:\n    make = {name}\nreturn Holder.make(c)",
        f"class Holder:\n    def get(self, c):\n        return {call}\nreturn Holder().get(c)",
        f"for make_it in ({name}, len):\n    return make_it(c)",
        f"def default(x, f={name}):\n    return f(x)\nreturn default(c)",
        f"try:\n    return {call}\nexcept ValueError:\n    return 'refused'",
        f"return isinstance({call}, str)",
        f"with patch(__name__ + '.{leaf}', return_value='fake'):\n    return {call}",
        f"return {call} or 'nothing'",
        f"return {{'a': {call}}}['a']",
    ]
    awaiting = [
        f"return await {call}",
        f"m = await {call}\nreturn m",
        f"m = {call}\nreturn await m",
        f"return await asyncio.gather(*[{name}(x) for x in (c, c)])",
        f"return [await {name}(x) for x in (c, c)]",
        f"async with hold({call}) as m:\n    return m",
        f"return (await {call}).user_context",
        f"return await asyncio.wait_for({call}, 5)",
        f"return await asyncio.create_task({call})",
        f"if (m := await {call}):\n    return m",
        f"return asyncio.iscoroutine({call})",
        f"with patch('{other}.{leaf}', return_value='fake'):\n    return await {call}",
        f"import {other}\nwith patch('{other}.{leaf}', return_value='fake'):\n    return await {other}.run_0(c)",
        f"with patch('{other}.{leaf}') as fake:\n    fake.return_value = 'fake'\n    return await {call}",
        f"with patch('{other}.{leaf}', AsyncMock(return_value='fake')):\n    return await {call}",
        f"with patch('{FAC}.{leaf}', AsyncMock(return_value='fake')):\n    return await {call}",
        f"from {other} import {leaf} as theirs\nreturn await theirs(c)",
        f"async for m in stream({name}, c):\n    return m",
    ]
    return draw(st.sampled_from([*plain, *awaiting, *awaiting] if is_async else plain))


@st.composite
def functions(draw: st.DrawFn, number: int, outer: tuple[str, ...], own: int) -> str:
    """Return a function, perhaps with an import of its own."""
    is_async = draw(st.booleans())
    local = draw(st.one_of(st.none(), st.none(), BLOCKS))
    names = outer + (local.names if local else ())
    body = draw(expressions(names, is_async, own))
    text = body if local is None else f"{local.text}\n{body}"
    return f"{'async ' if is_async else ''}def run_{number}(c):\n{_indented(text)}"


@st.composite
def program(draw: st.DrawFn, own: int) -> str:
    """Return a module; it may look into those before it.

    Args:
        draw: draws.
        own: its number.
    """
    blocks = draw(st.lists(HEADS, min_size=1, max_size=3))
    names = tuple(name for block in blocks for name in block.names)
    several = [draw(functions(number, names, own)) for number in range(draw(st.integers(1, 4)))]
    shadow = draw(st.sampled_from(["", "", "", "", "get_websocket_manager = str", "WebSocketManager = dict"]))
    return "\n\n".join(part for part in [_HEAD, *(block.text for block in blocks), shadow, *several] if part) + "\n"


@st.composite
def programs(draw: st.DrawFn, count: int) -> list[str]:
    """Return several modules, `tests.p0` and those after it."""
    return [draw(program(number)) for number in range(count)]


_HEAD = """\
import asyncio
import sys
from contextlib import asynccontextmanager
from unittest.mock import AsyncMock, patch


@asynccontextmanager
async def hold(value):
    yield await value


async def stream(make, context):
    yield await make(context)"""


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")
