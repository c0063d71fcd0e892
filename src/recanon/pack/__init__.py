"""Packs: a migration described in TOML, with its codemods beside it."""

from recanon.pack.loader import CodemodInfo, Pack, PackInfo, PhaseInfo, list_packs, load_pack

__all__ = ["CodemodInfo", "Pack", "PackInfo", "PhaseInfo", "list_packs", "load_pack"]
