"""The codemod that is built in: it answers for a symbol or a module from the tables of a pack, without Python."""

from recanon.tables.codemod import TableCodemod

__all__ = ["TableCodemod"]
