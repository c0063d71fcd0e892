"""Where a scheduler may be: code and texts go there, and what comes back is believed."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from recanon.errors import UsageError

_SEALED = ("tls", "wss")
_PLAIN = ("tcp", "ws")


def check_address(address: str, *, plaintext: bool) -> None:
    """See that nobody between here and the scheduler can read the texts or change the answers.

    Args:
        address: of the scheduler, such as `tls://host:8786`.
        plaintext: the user trusts the network.

    Raises:
        UsageError: it is no address, or one without TLS that is not of this machine.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in (*_SEALED, *_PLAIN) or not host or not port:
        raise UsageError(
            f"--scheduler {address} is no address of a dask scheduler",
            "Write it as tls://HOST:PORT or tcp://HOST:PORT.",
        )
    if parts.scheme in _PLAIN and not plaintext and not _is_here(host):
        raise UsageError(
            f"--scheduler {address} leads to another machine without TLS: who listens could read the tree and change "
            "what is answered",
            "Use a tls:// scheduler (certificates as dask is configured), or say --plaintext on a network that you "
            "trust.",
        )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
