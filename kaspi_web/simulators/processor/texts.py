"""Handing texts to the carrier of the demo: again and again until it takes them, or they are of no more use."""

from __future__ import annotations

import threading

import httpx

from kaspi_web.simulators.processor.book import Book, Row

NAME = "processor"
_EVERY_S = 0.2


class Texts:
    """The way to one carrier, on a thread of its own; with no address nothing is sent."""

    def __init__(self, book: Book, carrier: str, secret: str) -> None:
        self._book = book
        self._url = f"{carrier.rstrip('/')}/sim/sms"
        self._http = httpx.Client(auth=(NAME, secret), timeout=5, trust_env=False)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="texts", daemon=True)
        if carrier:
            self._thread.start()

    def end(self) -> None:
        """Stop; what was not taken is offered again after the next start."""
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._http.close()

    def _run(self) -> None:
        while not self._ending.wait(_EVERY_S):
            for row in self._book.unsent():
                self._send(row)

    def _send(self, row: Row) -> None:
        message = {"message_id": f"3ds:{row['id']}", "phone": row["phone"], "text": row["words"]}
        try:
            answer = self._http.post(self._url, json=message)
        except httpx.HTTPError:
            return
        if answer.status_code in (204, 400):
            # What the carrier will never take is not offered again.
            self._book.run("UPDATE text SET sent = 1 WHERE id = ?", row["id"])
