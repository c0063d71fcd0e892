"""The old colours."""

from enum import Enum


class Color(Enum):
    RED = 1
    BLUE = 2
    NAVY = 2


DEFAULT_COLOR = 1
