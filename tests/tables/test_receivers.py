"""Of what class an object is: every binding of its name counts, and what it does to the object on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tables.kit import migrate

SHOP = {
    "shop/__init__.py": "",
    "shop/web.py": """
        class Client:
            def __enter__(self):
                return self

            async def __aenter__(self) -> "Client":
                return self

            def get(self):
                return "get"

            def load(self):
                return "get"


        class Cup:
            def get(self):
                return "cup"


        class Box(Client):
            def __enter__(self) -> Cup:
                return Cup()

            async def __aenter__(self):
                return Cup()


        async def later() -> Client:
            return Client()
    """,
}
RENAMED = '[[symbol]]\nname = "Client.get"\nhome = "shop.web"\nbecomes = "shop.web.Client.load"\n'
HEAD = "from shop.web import Box, Client, Cup, later\n\n"
KEPT = {
    "in a `nonlocal` of an inner function": """
        def f():
            c = Client()
            def g():
                nonlocal c
                c = Cup()
            return c.get()
    """,
    "in a `global` of a function": """
        c = Client()
        def g():
            global c
            c = Cup()
        def f():
            return c.get()
    """,
    "as the rest of a mapping pattern": """
        c = Client()
        match {"a": 1}:
            case {"a": 1, **c}:
                c.get("b")
    """,
    "by what `__enter__` gives": """
        with Box() as c:
            c.get()
    """,
    "by what `__aenter__` gives": """
        async def f():
            async with Box() as c:
                c.get()
    """,
    "by a decorator that makes something else of the function": """
        from contextlib import contextmanager
        @contextmanager
        def made() -> Client:
            yield Cup()
        with made() as c:
            c.get()
    """,
    "by an `await` of the object": """
        async def f():
            c = await Client()
            return c.get()
    """,
    "as a coroutine that is not awaited": """
        c = later()
        c.get()
    """,
    "as one of two values": """
        def f(c: Client | None = None):
            c = c or Cup()
            return c.get()
    """,
    "behind a test for another class": """
        def f(c: Client):
            if isinstance(c, Cup):
                return c.get()
    """,
    "as an attribute that a closure sets": """
        class A:
            def __init__(self):
                self.c = Client()
                def g():
                    self.c = Cup()
                self.g = g
            def f(self):
                return self.c.get()
    """,
    "as an attribute that a class below sets": """
        class A:
            def __init__(self):
                self.c = Client()
            def f(self):
                return self.c.get()
        class B(A):
            def __init__(self):
                self.c = Cup()
    """,
    "as an attribute that is set from outside": """
        class A:
            def __init__(self):
                self.c = Client()
            def f(self):
                return self.c.get()
        a = A()
        a.c = Cup()
    """,
    "as an attribute of a `self` bound again": """
        class A:
            def __init__(self):
                self.c = Client()
            def f(self, other):
                self = other
                return self.c.get()
    """,
    "as an attribute of another function's `self`": """
        class A:
            def __init__(self):
                self.c = Client()
            def f(self):
                def g(self):
                    return self.c.get()
                return g, [self.c.get() for self in ()]
    """,
    "as the first parameter of a static method": """
        import builtins
        class A(Client):
            @builtins.staticmethod
            def f(self):
                return self.get()
    """,
    "by a `super()` that has no base here": """
        class Mixin:
            def f(self):
                return super().get()
    """,
}
CHANGED = {
    "a `global` that all functions set alike": """
        c: Client | None = None
        def f():
            global c
            c = Client()
        def g():
            return c.get()
    """,
    "what `__enter__` gives": """
        with Client() as c:
            c.get()
    """,
    "what `__aenter__` gives": """
        async def f(client: Client):
            async with client as c:
                return c.get()
    """,
    "an awaited coroutine": """
        async def f():
            c = await later()
            return c.get(), (await later()).get()
    """,
    "a default that is made": """
        def f(c: Client | None = None):
            c = c or Client()
            return c.get()
    """,
    "one of two objects of the class": """
        def f(c: Client, other):
            d = c if other else Client()
            return d.get()
    """,
    "a test for the class": """
        def f(c: Client | None):
            if not isinstance(c, Client):
                raise TypeError
            return c.get()
    """,
    "a name with `Final`": """
        from typing import ClassVar, Final, Union
        c: Final = Client()
        c.get()
        d: Final[Client] = Client()
        d.get()
        class A:
            c: ClassVar[Client]
            def f(self, d: Union[Client, None]):
                return self.c.get(), d.get()
    """,
    "a generic class below": """
        from typing import Generic, TypeVar
        T = TypeVar("T")
        class Many(Client, Generic[T]):
            pass
        def f(c: Many[int]):
            return c.get(), Many[int]().get()
    """,
    "`super()` of a class below": """
        class Slow(Client):
            def f(self):
                return super().get(), super(Slow, self).get()
    """,
    "an attribute that a class without kinship names alike": """
        class A:
            def __init__(self):
                self.c = Client()
            def f(self):
                return self.c.get()
        class B:
            def __init__(self):
                self.c = 1
    """,
}


def _text(body: str) -> str:
    lines = body.strip("\n").split("\n")
    return HEAD + "\n".join(line[8:] for line in lines).rstrip() + "\n"


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
def test_an_object_that_may_be_of_another_class_stays(tmp_path: Path, body: str) -> None:
    text = _text(body)
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": text})
    assert outcome.text() == text, outcome.reasons()
    assert not {"safe", "review"} & set(outcome.verdicts())


@pytest.mark.parametrize("body", CHANGED.values(), ids=CHANGED)
def test_an_object_of_which_all_bindings_say_the_class(tmp_path: Path, body: str) -> None:
    text = _text(body)
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": text})
    assert outcome.text() == text.replace(".get(", ".load("), outcome.reasons()


@pytest.mark.skipif("__import__('sys').version_info < (3, 12)", reason="type parameters are of Python 3.12")
def test_a_type_parameter_of_the_name_of_the_class(tmp_path: Path) -> None:
    text = HEAD + "\ndef f[Client](c: Client):\n    return c.get()\n"
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": text})
    assert outcome.text() == text, outcome.reasons()


BELOW = {
    "in a function": "def made():\n    class Slow(Client):\n        def get(self):\n            return 0\n",
    "in a class": "class A:\n    class Slow(Client):\n        def get(self):\n            return 0\n",
    "in a branch": "class Slow(Client):\n    if True:\n        get = None\n",
    "by several targets": "class Slow(Client):\n    get, put = None, None\n",
    "by an import": "class Slow(Client):\n    from os import getcwd as get\n",
    "by a base that stands before": "class Slow(Cup, Client):\n    pass  # and its get\n",
    "under the new name": "class Slow(Client):\n    def load(self):\n        return Client.get(self)\n",
}


@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW)
def test_calls_are_for_review_where_a_class_below_binds_the_member_somehow(tmp_path: Path, below: str) -> None:
    use = HEAD + "\n\ndef f(client: Client):\n    return client.get()\n"
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": use, "below.py": HEAD + "\n" + below})
    assert outcome.verdicts() == ["review"], outcome.reasons()
    assert "below.Slow" in outcome.reasons()


def test_a_definition_in_a_class_below_that_is_no_module_level_class_is_manual(tmp_path: Path) -> None:
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": HEAD + "\n" + BELOW["in a function"]})
    assert outcome.verdicts() == ["manual"], outcome.reasons()


def test_classes_above_each_other_cannot_be_told(tmp_path: Path) -> None:
    use = "if x:\n    class A(B): ...\n\n    class B(A): ...\n\n    A().get()\n    with B() as b:\n        b.get()\n"
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": use})
    assert outcome.verdicts() == ["manual", "manual"], outcome.reasons()


def test_a_class_that_an_inner_function_binds_anew(tmp_path: Path) -> None:
    use = (
        "def f():\n    from shop.web import Client\n\n    def g():\n        nonlocal Client\n        Client = object\n"
    )
    use += "\n    g()\n    return Client.get\n"
    outcome = migrate(tmp_path, RENAMED, {**SHOP, "use.py": use})
    assert outcome.text() == use, outcome.reasons()
