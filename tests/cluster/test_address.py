"""Where a scheduler may be."""

from __future__ import annotations

import pytest

from recanon.errors import UsageError
from recanon.executor.cluster.address import check_address


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:8786",
        "tcp://localhost:8786",
        "tcp://[::1]:8786",
        "tls://far.example:8786",
        "wss://far.example:1",
    ],
)
def test_this_machine_and_tls_will_do(address: str) -> None:
    check_address(address, plaintext=False)


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.7:8786", "tcp://far.example:8786", "ws://far.example:8786", "tcp://127.0.0.1.example:1"]
)
def test_another_machine_without_tls_must_be_told(address: str) -> None:
    with pytest.raises(UsageError, match="without TLS"):
        check_address(address, plaintext=False)
    check_address(address, plaintext=True)


@pytest.mark.parametrize(
    "address",
    ["", "far.example:8786", "tcp://far.example", "ucx://127.0.0.1:1", "inproc://1", "tcp://:8786", "tcp://a:b"],
)
def test_anything_else_is_no_address(address: str) -> None:
    with pytest.raises(UsageError, match="no address"):
        check_address(address, plaintext=True)
