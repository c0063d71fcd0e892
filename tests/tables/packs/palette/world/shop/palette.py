"""The palette."""

from enum import Enum


class Colour(Enum):
    CRIMSON = 1


DEFAULT = 1
