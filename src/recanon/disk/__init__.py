"""The disk: the only place that opens files for writing."""

from recanon.disk.content import Content
from recanon.disk.file_system import FileSystem
from recanon.disk.refusals import GoneError, RefusedError, one_file

__all__ = ["Content", "FileSystem", "GoneError", "RefusedError", "one_file"]
