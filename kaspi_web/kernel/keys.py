"""The installation's master key and what is derived from it.

The key lives in a file of the data folder, readable by its owner only; it is never logged.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


class Keys:
    """Keyed digests, derived secrets and sealing of small texts, one purpose apart from another.

    The ledger's chain of seals has a key that may be given apart from the master key (`chain_key`).
    """

    def __init__(self, master: bytes, *, chain_key: str = "") -> None:
        assert len(master) >= 32, "the master key has 32 bytes at least"
        self._master = master
        self._box = Fernet(base64.urlsafe_b64encode(self._derive("seal")))
        self._chain = hmac.digest(chain_key.encode(), b"ledger", hashlib.sha256) if chain_key else self._derive("chain")

    @classmethod
    def in_folder(cls, folder: Path, *, chain_key: str = "") -> Keys:
        """The key kept in `folder`, made there on first use."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "master.key"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls(bytes.fromhex(path.read_text().strip()), chain_key=chain_key)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        return cls(bytes.fromhex(path.read_text().strip()), chain_key=chain_key)

    def _derive(self, purpose: str) -> bytes:
        return hmac.digest(self._master, b"derive:" + purpose.encode(), hashlib.sha256)

    def digest(self, purpose: str, text: str) -> str:
        """A keyed digest (64 hex digits) that tells nothing of `text` without the key."""
        return hmac.new(self._derive(purpose), text.encode(), hashlib.sha256).hexdigest()

    def link(self, previous: str, text: str) -> str:
        """The digest (64 hex digits) that ties `text` to the `previous` digest of the ledger's chain."""
        return hmac.digest(self._chain, (previous + text).encode(), "sha256").hex()

    def chain_name(self) -> str:
        """Which chain key this is (16 hex digits), without telling anything of it."""
        return hmac.digest(self._chain, b"name", "sha256").hex()[:16]

    def secret(self, purpose: str, name: str) -> str:
        """A password derived for `name`: the same on every start, stored nowhere."""
        return base64.urlsafe_b64encode(hmac.digest(self._derive(purpose), name.encode(), hashlib.sha256)).decode()

    def seal(self, text: str) -> str:
        """`text` encrypted for the database."""
        return self._box.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """What `seal` hid."""
        return self._box.decrypt(sealed.encode()).decode()
