"""Each test of the suite fails when what it guards is broken in the migrated application."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suite.kit import edit, run_suite

APP = "netra_backend/app/"
CORE = APP + "websocket_core/"
OLD = "netra_backend.app.websocket_core"
FACTORY = f"{OLD}.websocket_manager_factory"
MANAGER = CORE + "unified_manager.py"
CONTEXT = APP + "services/user_execution_context.py"
CANON = CORE + "websocket_manager.py"
INIT = "        self.config = config\n"

# What a test lists, each with its place, is broken all at once: by the test, then file, text that is there ("": a new
# file), and text that takes its place.
LISTED = {
    "test_no_import_takes_the_old_api": [
        ("tests/unit/test_new.py", "", f"from {FACTORY} import create_websocket_manager\n"),
        ("tests/unit/test_alias.py", "", f"def f():\n    from {OLD} import create_websocket_manager as make\n"),
        (CORE + "relative.py", "", "from .unified_manager import WebSocketConnection\n"),
        ("scripts/module_as_object.py", "", f"from {OLD} import manager\n"),
        ("scripts/module_by_full_name.py", "", f"import {FACTORY} as factory\n"),
        ("scripts/all_names.py", "", f"from {OLD}.manager import *\n"),
        ("scripts/canonical_name.py", "", f"from {OLD} import (\n    get_websocket_manager,\n)\n"),
        ("scripts/canonical_name_elsewhere.py", "", f"from {OLD}.anything import get_websocket_manager\n"),
        (APP + "services/legacy_sessions.py", "def ", f"from {OLD} import create_websocket_manager\n\n\ndef "),
    ],
    "test_no_module_offers_an_old_name": [
        (CORE + "defined.py", "", "async def create_websocket_manager(context):\n    return None\n"),
        (
            APP + "tried.py",
            "",
            f"try:\n    from {OLD} import create_websocket_manager\nexcept ImportError:\n    pass\n",
        ),
        (APP + "handed_on_by_a_star.py", "", "from netra_backend.app.websocket import *\n"),
    ],
}
# test, file, text that is there ("": a new file), text that takes its place
MUTATIONS = {
    "an allowed import gone": (
        "test_what_may_still_import_the_old_api_is_still_there",
        *(APP + "services/legacy_sessions.py", f"from {OLD} import", "from elsewhere import"),
    ),
    "a file that names the old API and cannot be read": (
        "test_every_file_that_may_hold_an_old_import_can_be_read",
        *("scripts/fresh.py", "", f"from {OLD} import create_websocket_manager\nx = (\n"),
    ),
    "an open door closed": (
        "test_the_doors_that_may_be_open_are_open",
        *(CORE + "utils.py", "def create_websocket_manager", "def _create"),
    ),
    "an old name that only the running application has": (
        "test_the_running_application_offers_no_other_old_name",
        CORE + "utils.py",
        "from typing import Any\n",
        "from typing import Any\n\n# import *\n"
        'globals().update(WebSocketManagerFactory=type("F", (), {"__module__": __name__}))\n',
    ),
    "the canonical function renamed": (
        "test_the_canonical_way_can_be_imported",
        *(CANON, "async def get_websocket_manager(", "async def get_manager("),
    ),
    "a second implementation": (
        "test_one_class_does_the_work",
        APP + "services/other.py",
        "",
        "class Other:\n"
        "    async def add_connection(self, c): ...\n"
        "    async def remove_connection(self, c): ...\n"
        "    def send_to_user(self, m): ...\n",
    ),
    "the implementation lacks a method": (
        "test_the_one_implementation_is_there",
        *(MANAGER, "async def remove_connection(", "async def drop_connection("),
    ),
    "another class under the name": (
        "test_the_class_is_the_same_object_everywhere",
        *(
            CORE + "manager.py",
            "WebSocketManager = UnifiedWebSocketManager",
            "class WebSocketManager(UnifiedWebSocketManager): ...",
        ),
    ),
    "the user by position": (
        "test_each_call_of_the_class_gives_the_user_by_keyword",
        *("test_framework/websocket.py", "WebSocketManager(user_context=", "WebSocketManager("),
    ),
    "the user left out, through the module": (
        "test_each_call_of_the_class_gives_the_user_by_keyword",
        *(
            "scripts/fresh.py",
            "",
            f"from {OLD} import websocket_manager\n\nwebsocket_manager.WebSocketManager(mode=1)\n",
        ),
    ),
    "an allowed call gone": (
        "test_the_calls_that_may_differ_are_there",
        *("tests/unit/test_core_rules.py", 'WebSocketManager(make_context("alice"))', "None"),
    ),
    "another keyword of the class": (
        "test_function_and_class_take_the_user_under_one_name",
        *(MANAGER, "        user_context: Any = None,\n", "        context: Any = None,\n"),
    ),
    "a function that is not async": (
        "test_the_function_is_awaited_and_takes_the_user_first",
        *(CANON, "async def get_websocket_manager", "def get_websocket_manager"),
    ),
    "one manager for all": (
        "test_the_managers_of_two_users_share_nothing",
        CANON,
        "        return _make(user_context or create_test_user_context(), mode)",
        "        return globals().setdefault('_ALL', _make(user_context or create_test_user_context(), mode))",
    ),
    "a container for all": (
        "test_the_managers_of_two_users_share_nothing",
        *(MANAGER, INIT, INIT + "        self.queue = _CONNECTIONS\n"),
    ),
    "a container for all, behind a property and in another": (
        "test_the_managers_of_two_users_share_nothing",
        *(MANAGER, "_CONNECTIONS.setdefault(self.user_id, {})", '{"x": _CONNECTIONS.setdefault("x", {})}'),
    ),
    "an event sent to whoever is named": (
        "test_the_manager_of_one_user_does_not_reach_the_socket_of_another",
        MANAGER,
        'raise ValueError("the event belongs to another user")',
        "return await type(self)(user_context=SimpleNamespace(user_id=user_id), _ssot_authorization_token='x')"
        ".emit_event(event_type, **data)",
    ),
    "an event for another sent to oneself": (
        "test_what_is_sent_to_another_user_does_not_come_back",
        *(MANAGER, 'raise ValueError("the event belongs to another user")', "pass"),
    ),
    "an event lost": (
        "test_all_events_arrive_in_order",
        *(
            MANAGER,
            "emit_event(event_type, **data)",
            'emit_event(event_type, **data) if "thinking" not in event_type else 0',
        ),
    ),
    "an event twice": (
        "test_all_events_arrive_in_order",
        *(
            MANAGER,
            "        return await self.emit_event(event_type,",
            "        await self.emit_event(event_type, **data)\n        return await self.emit_event(event_type,",
        ),
    ),
    "events out of order": (
        "test_all_events_arrive_in_order",
        MANAGER,
        "        return await self.emit_event(event_type,",
        "        if event_type == 'agent_started':\n            self.late = data\n            return 0\n"
        "        if event_type == 'tool_executing':\n            await self.emit_event('agent_started', **self.late)\n"
        "        return await self.emit_event(event_type,",
    ),
    "events of another user": (
        "test_each_event_is_for_its_user",
        *(MANAGER, "list(self.connections.values())", "[one for all in _CONNECTIONS.values() for one in all.values()]"),
    ),
    "a module that must not be the first": (
        "test_every_module_can_be_the_first",
        *(CONTEXT, "from dataclasses", f"import {OLD}.handlers\nfrom dataclasses"),
    ),
    "a name that depends on who came first": (
        "test_names_denote_the_same_in_every_order",
        *(CONTEXT, "_NUMBERS =", f"import sys\nLATE = None if '{OLD}.handlers' in sys.modules else 1\n_NUMBERS ="),
    ),
}


@pytest.mark.parametrize("test", LISTED)
def test_everything_that_is_broken_is_listed(migrated: Path, test: str) -> None:
    for path, old, new in LISTED[test]:
        edit(migrated, path, old, new)
    ran = run_suite(migrated, "-k", test)
    assert ran.failed == {test}
    assert {path for path, *_ in LISTED[test] if f"{path}:" not in ran.said} == set()


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_is_broken_is_found(migrated: Path, name: str) -> None:
    test, path, old, new = MUTATIONS[name]
    edit(migrated, path, old, new)
    assert test in run_suite(migrated, "-k", test).failed


def test_every_test_of_the_suite_is_proved(after: Path) -> None:
    collected = run_suite(after, "--collect-only").said
    names = {line.partition("::")[2].partition("[")[0] for line in collected.splitlines() if "::" in line}
    assert {test for test, *_ in MUTATIONS.values()} | LISTED.keys() == names
