"""Hands the class on."""

from app.websocket_core.websocket_manager import UnifiedWebSocketManager, WebSocketConnection

WebSocketManager = UnifiedWebSocketManager

__all__ = ["UnifiedWebSocketManager", "WebSocketConnection", "WebSocketManager"]
