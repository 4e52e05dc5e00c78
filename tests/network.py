"""Nothing in the tests, nor anything that they run in this process, may call out."""

import ipaddress
import socket
import sys
from typing import Any

LOCAL_NAMES = frozenset({"", "localhost", socket.gethostname()})


class OutgoingCall(RuntimeError):
    """Something tried to reach an address that is not this machine's own loopback."""


def block_outgoing_connections() -> None:
    """Refuse them from now on, for as long as the process lives (PEP 578 audit events)."""
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"} and isinstance(args[1], tuple):
        _must_be_local(event, args[1][0])
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        _must_be_local(event, args[0])


def _must_be_local(event: str, host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host or ""
    if name in LOCAL_NAMES:
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    raise OutgoingCall(f"{event} to {name!r}: Entente and its tests talk to this machine only")
