"""/osmp/{network}: the check/pay protocol as a server, for terminals that top up wallets (docs/protocols.md).

Whatever comes in, the answer is one of the protocol's codes and never a server error.
"""

from __future__ import annotations

import logging
import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaspi_web.api import basic
from kaspi_web.domain.terminals import topups
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy, DomainError, Overloaded
from kaspi_web.kernel.osmp import MAX_MESSAGE, Answer, BadRequest, Check, Field, Pay, Result, parse_query, render

log = logging.getLogger(__name__)

_NETWORK = re.compile(r"[a-z0-9-]{1,32}")


def routes(bank: Bank) -> list[Route]:
    """The endpoint for this bank's networks."""
    return [Route("/osmp/{network}", Osmp(bank).answer, methods=["GET", "POST"])]


class Osmp:
    """Answers for one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def answer(self, request: Request) -> Response:
        """One request of a network: 401 without its password, else XML with a result code."""
        network = str(request.path_params["network"])
        try:
            if not await self._is_network(network, request.headers.get("authorization", "")):
                return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="osmp"'})
            said = await self._deed(network, parse_query(await _query(request)))
        except BadRequest as bad:
            said = bad.answer
        except Exception:
            log.exception("a request to /osmp had trouble")
            said = Answer(Result.TEMPORARY, "", comment="repeat later")
        return Response(render(said), media_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-store"})

    async def _is_network(self, network: str, header: str) -> bool:
        if not _NETWORK.fullmatch(network):
            return False
        name, secret = basic.read(header)
        return name == network and await self._bank.db.read(topups.authenticate, network=network, secret=secret)

    async def _deed(self, network: str, asked: Check | Pay) -> Answer:
        try:
            return await (self._pay(network, asked) if isinstance(asked, Pay) else self._check(network, asked))
        except DomainError as refusal:
            return Answer(_code(refusal), asked.txn_id, comment=refusal.code)
        except Exception:
            # The network repeats what was temporary; a server error would leave it guessing.
            log.exception("a request of network %s had trouble", network)
            return Answer(Result.TEMPORARY, asked.txn_id, comment="repeat later")

    async def _check(self, network: str, asked: Check) -> Answer:
        terminal = _terminal(asked)
        await self._bank.db.write(topups.count_look_up, network=network, terminal=terminal)
        name = await self._bank.db.read(topups.check, network=network, account=asked.account, amount=asked.sum or None)
        return Answer(Result.OK, asked.txn_id, comment="OK", fields=(Field("FIO", name, "disp"),))

    async def _pay(self, network: str, asked: Pay) -> Answer:
        done = await self._bank.db.write(
            topups.pay,
            network=network,
            txn_id=asked.txn_id,
            txn_date=asked.txn_date,
            account=asked.account,
            amount=asked.sum,
            terminal=_terminal(asked),
        )
        result = Result.OK if done.credited else Result.UNFINISHED
        return Answer(result, asked.txn_id, str(done.id), done.amount, "OK" if done.credited else "on its way")


def _terminal(asked: Check | Pay) -> str:
    named = asked.extra.get("trm_id", "")[:32]
    return named if named.isprintable() else ""


async def _query(request: Request) -> str:
    if request.method == "GET":
        return request.url.query
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_MESSAGE:
            raise BadRequest(Result.OTHER, "size")
    try:
        return body.decode("ascii")
    except UnicodeDecodeError:
        raise BadRequest(Result.OTHER, "encoding") from None


def _code(refusal: DomainError) -> Result:
    if isinstance(refusal, topups.AmountOutOfRange):
        return Result.TOO_SMALL if refusal.params["too_small"] else Result.TOO_BIG
    codes: dict[type[DomainError], Result] = {
        topups.BadAccount: Result.BAD_ACCOUNT,
        topups.UnknownWallet: Result.NO_ACCOUNT,
        Busy: Result.TEMPORARY,
        Overloaded: Result.TEMPORARY,
    }
    return codes.get(type(refusal), Result.OTHER)
