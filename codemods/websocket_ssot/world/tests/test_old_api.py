"""Hands the old names on as values, which no codemod follows: so all of them are still needed."""

from app.websocket_core import create_websocket_manager as of_package
from app.websocket_core import get_websocket_manager as other
from app.websocket_core.canonical_imports import create_websocket_manager as handed_on
from app.websocket_core.websocket_manager_factory import (
    WebSocketManagerFactory,
    create_websocket_manager,
    create_websocket_manager_sync,
    get_websocket_manager_factory,
)


def test_old_api(check):
    check(of_package, other, handed_on, create_websocket_manager, create_websocket_manager_sync)
    check(get_websocket_manager_factory, WebSocketManagerFactory)
