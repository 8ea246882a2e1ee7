"""Our own terminal networks as clients of /osmp: what the software inside a terminal would do.

The network's password is derived from the master key and stays in this process; a terminal's screen
never sees it.
"""

from __future__ import annotations

from kaspi_web.gateways.osmp_client import OsmpClient
from kaspi_web.kernel.bank import Bank

_TIMEOUT_S = 8.0
_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104  recognised, not bound


class Networks:
    """Clients of our own /osmp doors by network, made on first use on the running loop."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._clients: dict[str, OsmpClient] = {}

    def of(self, network: str) -> OsmpClient:
        """The client that speaks for one network."""
        if network not in self._clients:
            settings = self._bank.settings
            host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
            secret = self._bank.keys.secret("terminal_network", network)
            url = f"http://{host}:{settings.port}/osmp/{network}"
            self._clients[network] = OsmpClient(url, timeout_s=_TIMEOUT_S, auth=(network, secret))
        return self._clients[network]

    async def aclose(self) -> None:
        """Release the connections."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()
