"""A signature as a text: `(url, timeout=None, *, verify=True)`."""

from __future__ import annotations

import ast

from recanon.index.definitions import params_of
from recanon.index.facts import Param


def read_signature(text: str) -> tuple[Param, ...]:
    """Return the parameters of a signature.

    Raises:
        ValueError: it is none.
    """
    try:
        tree = ast.parse(f"def f{text}: ...")
    except SyntaxError as exc:
        raise ValueError(exc.msg) from exc
    except (RecursionError, MemoryError) as exc:
        raise ValueError("it holds too much in one another") from exc
    node = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(node, ast.FunctionDef) or not text.lstrip().startswith("("):
        raise ValueError("it does not stand in parentheses")
    return params_of(node.args)
