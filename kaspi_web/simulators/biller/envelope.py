"""How the billers' book keeps people's IIN: a digest to find payments by, and the number itself encrypted.

The key is the billers' own, in `biller.key` beside their book.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.fernet import Fernet


class Envelope:
    """Digests and sealing under the key in `folder`, made there on first use."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "biller.key"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(Fernet.generate_key())
        except FileExistsError:
            pass
        self._key = path.read_bytes()
        self._box = Fernet(self._key)

    def digest(self, iin: str) -> str:
        """What stands for an IIN in the book."""
        return "iin-" + hmac.new(self._key, iin.encode(), hashlib.sha256).hexdigest()[:32]

    def seal(self, iin: str) -> str:
        """The IIN encrypted."""
        return self._box.encrypt(iin.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """What `seal` hid."""
        return self._box.decrypt(sealed.encode()).decode()
