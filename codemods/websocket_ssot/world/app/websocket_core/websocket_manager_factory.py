"""The old factory: an async function, one that is not, a getter and a class."""

from app.services.user_execution_context import UserExecutionContext
from app.websocket_core.websocket_manager import WebSocketManager, get_websocket_manager


class FactoryInitializationError(Exception):
    """The factory could not start."""


def create_defensive_user_execution_context(user_id):
    """Build a context from little."""
    return UserExecutionContext(user_id, f"thread_{user_id}", f"run_{user_id}", f"request_{user_id}")


async def create_websocket_manager(user_context=None, user_id=None):
    """Deprecated: hands on to the canonical function."""
    if user_context is None and user_id is not None:
        user_context = create_defensive_user_execution_context(user_id)
    return await get_websocket_manager(user_context=user_context)


def get_websocket_manager_factory():
    """Deprecated: returns the function, not an object."""
    return create_websocket_manager


def create_websocket_manager_sync(user_context=None, user_id=None):
    """Deprecated: makes a manager without await."""
    if user_context is None:
        raise ValueError("a manager needs a context")
    return WebSocketManager(user_context=user_context, _ssot_authorization_token="factory")


class WebSocketManagerFactory:
    """Deprecated: a factory with one method."""

    async def create_websocket_manager(self, redis_client=None, environment=None, **kwargs):
        """Hand the keywords on; a context by position is lost."""
        return await get_websocket_manager(**kwargs)


__all__ = [
    "FactoryInitializationError",
    "WebSocketManagerFactory",
    "create_defensive_user_execution_context",
    "create_websocket_manager",
    "create_websocket_manager_sync",
    "get_websocket_manager_factory",
]
