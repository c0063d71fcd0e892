"""Packs: a migration described in TOML, with its codemods beside it."""

from recanon.pack.finding import Origin
from recanon.pack.loader import (
    CodemodInfo,
    Pack,
    PackInfo,
    PhaseInfo,
    list_packs,
    load_pack,
    pack_id,
)
from recanon.pack.outline import Outline, read_outline
from recanon.pack.words import nearest

__all__ = [
    "CodemodInfo",
    "Origin",
    "Outline",
    "Pack",
    "PackInfo",
    "PhaseInfo",
    "list_packs",
    "load_pack",
    "nearest",
    "pack_id",
    "read_outline",
]
