"""What a manager must be able to do; the canonical module imports this one."""

from typing import Protocol


class WebSocketProtocol(Protocol):
    """The contract of a manager."""
