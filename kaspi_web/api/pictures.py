"""/pictures: drawings of goods for everybody's eyes, guests' too; a name never changes what it shows."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaspi_web.kernel.bank import Bank
from kaspi_web.pictures import files

_AT_ONCE = 2
_FOREVER = "public, max-age=31536000, immutable"


def routes(bank: Bank) -> list[Route]:
    """The pictures of this bank."""
    return [Route("/pictures/{picture}/{width}.webp", Pictures(bank).picture, methods=["GET"])]


class Pictures:
    """Answers for one bank; drawing is work for the processor, so that only a few are drawn at once."""

    def __init__(self, bank: Bank) -> None:
        self._folder = bank.settings.data_dir / "pictures"
        self._desk = asyncio.Semaphore(_AT_ONCE)

    async def picture(self, request: Request) -> Response:
        """A drawing in one of its widths; 404 for any other name."""
        name, text = str(request.path_params["picture"]), str(request.path_params["width"])
        if not (text in _WIDTHS and files.is_picture(name, int(text))):
            return Response(status_code=404, headers={"Cache-Control": "no-store"})
        width = int(text)
        headers = {"Cache-Control": _FOREVER, "ETag": files.tag_of(name, width)}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        async with self._desk:
            body = await asyncio.to_thread(files.webp, self._folder, name, width)
        return Response(body, media_type="image/webp", headers=headers)


_WIDTHS = {str(width) for width in files.WIDTHS}
