"""Packs: a migration described in TOML, with its codemods beside it."""

from recanon.pack.loader import CodemodInfo, Pack, PackInfo, PhaseInfo, list_packs, load_pack
from recanon.pack.words import nearest

__all__ = ["CodemodInfo", "Pack", "PackInfo", "PhaseInfo", "list_packs", "load_pack", "nearest"]
