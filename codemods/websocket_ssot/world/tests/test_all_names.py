"""Takes over what the old modules hand out, so that their lists of names stay needed."""

from app.websocket_core import *
from app.websocket_core.canonical_imports import *
from app.websocket_core.websocket_manager_factory import *
