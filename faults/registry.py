"""All rows of the table, found in the modules of `faults.rows`."""

from __future__ import annotations

import importlib
import pkgutil
import re

from faults import rows
from faults.model import Fault


def all_faults() -> tuple[Fault, ...]:
    """Return the rows in the order of their ids.

    Raises:
        ValueError: two rows have one id.
    """
    found: dict[str, Fault] = {}
    for module in pkgutil.iter_modules(rows.__path__):
        for fault in importlib.import_module(f"{rows.__name__}.{module.name}").FAULTS:
            if fault.id in found:
                raise ValueError(f"two rows are called {fault.id}")
            found[fault.id] = fault
    return tuple(sorted(found.values(), key=_order))


def _order(fault: Fault) -> tuple[str, int, str]:
    parts = re.fullmatch(r"([A-Z]+)(\d+)(.*)", fault.id)
    if parts is None:
        raise ValueError(f"{fault.id} is no id of a row, such as A1")
    return parts[1], int(parts[2]), parts[3]
