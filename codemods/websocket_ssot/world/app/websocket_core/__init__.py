"""The package, with two functions of its own: one that is not async, one of the canonical name."""

from app.websocket_core.websocket_manager import UnifiedWebSocketManager, WebSocketConnection, WebSocketManager

_TOKEN = "package"


def create_websocket_manager(user_context=None):
    """Deprecated, and not async."""
    if user_context is None:
        raise ValueError("a manager needs a context")
    return WebSocketManager(user_context=user_context, _ssot_authorization_token=_TOKEN)


async def get_websocket_manager(user_context=None):
    """Insists on a context, unlike the canonical function."""
    if user_context is None:
        raise ValueError("a manager needs a context")
    return WebSocketManager(user_context=user_context, _ssot_authorization_token=_TOKEN)


__all__ = [
    "UnifiedWebSocketManager",
    "WebSocketConnection",
    "WebSocketManager",
    "create_websocket_manager",
    "get_websocket_manager",
]
