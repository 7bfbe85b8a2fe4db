"""For every test: nothing may reach for a network. The program promises to work without one."""
from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest


class NetworkUsed(Exception):
    """A test, or what it tests, reached for a network."""


def _local(family: int, address: Any) -> bool:
    """Pipes between processes of this machine; on Windows Python makes them of the loopback address."""
    if family == getattr(socket, "AF_UNIX", None):
        return True
    return sys.platform == "win32" and isinstance(address, tuple) and ipaddress.ip_address(address[0]).is_loopback


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    patch = pytest.MonkeyPatch()

    def guarded(name: str) -> Any:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, *given: Any) -> Any:
            address = given[-1]
            if not _local(self.family, address):
                raise NetworkUsed(f"socket.{name} {address!r}")
            return real(self, *given)
        return call

    def refused(*given: Any, **_: Any) -> Any:
        raise NetworkUsed(f"name looked up: {given[0]!r}")

    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, guarded(name))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        patch.setattr(socket, name, refused)
    yield
    patch.undo()
