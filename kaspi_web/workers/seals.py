"""Sealing committed entries: off the event loop, apart from the payments, a batch at a time."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.ledger import seals
from kaspi_web.domain.ledger.seal_head import DamagedHead, Head, read_head, write_head
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now

log = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(minutes=5)
"""Well within the time after which the audit calls an unsealed entry a fault."""
_BELOW_ALL = -(2**62)


class Sealer:
    """Looks near the newest seal each time, and over everything at the start and every five minutes.

    The sweep goes on where its last batch ended, so a ledger that was never sealed is read once and not once
    for each batch.
    """

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._swept_to: int | None = _BELOW_ALL
        self._next_sweep: datetime | None = None
        self._said: set[str] = set()
        self._fits = False

    async def seal_due(self) -> int:
        """Seal one batch; answers how many, or 0 unless more may wait.

        So a busy bank is sealed batch after batch, with payments in between, and a quiet one once a second.
        """
        head, is_readable = await self._head()
        if head and head.key != self._bank.keys.chain_name():
            self._complain("the head file was made under another SEAL_KEY; nothing is sealed under this one")
            return 0
        if not await self._continues():
            return 0
        above = self._above()
        look = await self._bank.db.read(seals.look, above=above, head=head, most=seals.MOST_AT_ONCE)
        links = await asyncio.to_thread(seals.chain, self._bank.keys, look)
        if links and not await self._append(links):
            return 1
        if is_readable:
            await self._keep_head(look, links, head)
        self._go_on(above, links)
        return len(links) if len(links) == seals.MOST_AT_ONCE else 0

    async def _continues(self) -> bool:
        """Whether the chain so far was made with our key: one that two keys made could be audited with neither."""
        if not self._fits:
            last = await self._bank.db.read(seals.last_links)
            # One that fits is enough: which entries were changed is for the audit to say.
            self._fits = not last or any(self._bank.keys.link(before, text) == own for before, text, own in last)
            if not self._fits:
                self._complain("no newer seal is of this SEAL_KEY; run the audit. Nothing is sealed")
        return self._fits

    def _above(self) -> int | None:
        if self._next_sweep and real_now() >= self._next_sweep:
            self._swept_to, self._next_sweep = _BELOW_ALL, None
        return self._swept_to

    def _go_on(self, above: int | None, links: list[seals.Link]) -> None:
        if above is None:
            return
        if len(links) == seals.MOST_AT_ONCE:
            self._swept_to = links[-1].entry_id
        else:
            self._swept_to, self._next_sweep = None, real_now() + SWEEP_EVERY

    async def _append(self, links: list[seals.Link]) -> bool:
        """Write the batch; False when another server was first, and then the next round looks again."""
        try:
            return await self._bank.db.write(seals.append, links=links)
        except IntegrityError:
            return False

    async def _head(self) -> tuple[Head | None, bool]:
        """The head file, and whether it may be read; a damaged one is left to whoever looks into it."""
        try:
            return await asyncio.to_thread(read_head, self._bank.settings.data_dir), True
        except DamagedHead as damaged:
            self._complain(str(damaged))
            return None, False

    async def _keep_head(self, look: seals.Look, links: list[seals.Link], head: Head | None) -> None:
        """Write the head, also one that a crash left behind or out; one that the table contradicts is evidence."""
        if not look.head_holds:
            self._complain("the head file and the table of seals disagree; run the audit. The file is left as it is")
            return
        position, digest = (links[-1].position, links[-1].digest) if links else (look.position, look.digest)
        if position and (head is None or head.position < position):
            new = Head(position, digest, self._bank.keys.chain_name())
            await asyncio.to_thread(write_head, self._bank.settings.data_dir, new)

    def _complain(self, words: str) -> None:
        """Say it once and not every second."""
        if words not in self._said:
            log.error(words)
            self._said.add(words)


async def seal_all(bank: Bank) -> None:
    """Seal whatever waits: when work ends, so that an audit of a bank at rest finds nothing unsealed."""
    sealer = Sealer(bank)
    while await sealer.seal_due():
        pass
