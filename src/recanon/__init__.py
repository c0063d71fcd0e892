"""Move a large Python repository to its one canonical way of doing a thing, and prove that it did no harm."""

__version__ = "0.1.0"
