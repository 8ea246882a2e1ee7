"""What the built front end holds: prerendered pages, their inline scripts, the chunk with the server's address."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

BAKED = "localhost:3000"
"""The address that rxconfig.py bakes into the build."""
_WORKERS_OWN = {".js", ".css", ".html", ".woff2", ".png", ".svg", ".webmanifest"}
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class BuiltPages:
    """A build, read once at the start."""

    hashes: dict[str, tuple[str, ...]]
    """Inline scripts of each HTML file, by its path in the build, as a Content-Security-Policy names them."""
    address_chunks: dict[str, str]
    """The chunks that name the server, by the path they are asked for."""
    worker: str = ""
    """The service worker, with the name of this build in it; empty while nothing is built yet."""

    @classmethod
    def read(cls, folder: Path) -> BuiltPages:
        """The build in `folder`; an empty one while nothing is built yet."""
        pages = {"/" + page.relative_to(folder).as_posix(): _inline_hashes(page) for page in folder.rglob("*.html")}
        chunks = {f"/assets/{file.name}": file.read_text() for file in folder.glob("assets/reflex-env-*.js")}
        return cls(pages, chunks, _worker(folder))

    def is_page(self, path: str) -> bool:
        """Whether `/kk/login` is prerendered, so that it is answered from `/kk/login/index.html`."""
        return f"{path}/index.html" in self.hashes

    def hashes_of(self, path: str) -> tuple[str, ...]:
        """The inline scripts of what is answered for `path`; addresses with no file get the fallback page."""
        for candidate in (path, f"{path.rstrip('/')}/index.html", "/404.html"):
            if candidate in self.hashes:
                return self.hashes[candidate]
        return ()

    def address_chunk(self, path: str, *, scheme: str, host: str) -> str:
        """The chunk with the address that the requester used; `host` must be one of ours."""
        text = self.address_chunks[path]
        socket = "wss" if scheme == "https" else "ws"
        return text.replace(f"http://{BAKED}", f"{scheme}://{host}").replace(f"ws://{BAKED}", f"{socket}://{host}")


def _worker(folder: Path) -> str:
    """The service worker of the build: any other file of the build makes it another worker, which replaces this one."""
    script = folder / "sw.js"
    if not script.exists():
        return ""
    names = hashlib.sha256()
    for file in sorted(each for each in folder.rglob("*") if each.suffix in _WORKERS_OWN):
        names.update(f"{file.relative_to(folder).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}".encode())
    return script.read_text("utf-8").replace('"BUILD"', f'"{names.hexdigest()[:16]}"')


def _inline_hashes(page: Path) -> tuple[str, ...]:
    scripts = _INLINE.findall(page.read_text(encoding="utf-8"))
    return tuple(dict.fromkeys(_hash(script) for script in scripts if script))


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
