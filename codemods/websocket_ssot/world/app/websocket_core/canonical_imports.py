"""Hands the old factory function on."""

from app.websocket_core.websocket_manager_factory import FactoryInitializationError, create_websocket_manager

__all__ = ["FactoryInitializationError", "create_websocket_manager"]
