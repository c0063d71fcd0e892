"""Where the class is defined."""

from dataclasses import dataclass
from enum import Enum


class WebSocketManagerMode(Enum):
    """Ways to run."""

    UNIFIED = "unified"


class RegistryCompat:
    """Known in this module only."""


@dataclass
class WebSocketConnection:
    """An open socket."""

    connection_id: str


def _serialize_message_safely(message):
    return dict(message)


class UnifiedWebSocketManager:
    """Sends messages to one user."""

    def __init__(
        self, mode=WebSocketManagerMode.UNIFIED, user_context=None, config=None, _ssot_authorization_token=None
    ):
        self.user_context = user_context
