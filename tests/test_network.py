"""The program calls nobody: the tests run with outgoing connections blocked, and here is proof."""

import socket

import pytest

from tests.network import OutgoingCall


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_an_outgoing_connection_is_refused(host: str) -> None:
    with pytest.raises(OutgoingCall):
        socket.create_connection((host, 80), timeout=1)


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()
