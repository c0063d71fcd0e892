"""The canonical module."""

from app.websocket_core.protocols import WebSocketProtocol
from app.websocket_core.unified_manager import (
    UnifiedWebSocketManager,
    WebSocketConnection,
    WebSocketManagerMode,
    _serialize_message_safely,
)

WebSocketManager = UnifiedWebSocketManager


async def get_websocket_manager(user_context=None, mode=WebSocketManagerMode.UNIFIED):
    """Return the manager of a user; without a context, one for tests."""
    return WebSocketManager(mode=mode, user_context=user_context, _ssot_authorization_token="canonical")


__all__ = [
    "UnifiedWebSocketManager",
    "WebSocketConnection",
    "WebSocketManager",
    "WebSocketManagerMode",
    "WebSocketProtocol",
    "_serialize_message_safely",
    "get_websocket_manager",
]
