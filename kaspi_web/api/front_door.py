"""The outermost layer: every request and every socket passes here before Reflex or an endpoint sees it.

Nothing here may read the database: it runs on the event loop for each file of each page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kaspi_web import cookies
from kaspi_web.api import bodies, headers
from kaspi_web.api.addresses import is_demo_screen, our_hosts
from kaspi_web.api.built_pages import BuiltPages
from kaspi_web.api.sockets import SocketDoor
from kaspi_web.domain.sessions.service import new_cookie
from kaspi_web.locales import preferred_locale
from kaspi_web.settings import ROOT, Settings

log = logging.getLogger(__name__)

CLIENT_BUILD = ROOT / ".web" / "build" / "client"
"""Where the built front end lies."""
# A probe on the machine itself asks by whatever name it has; the answer says only that we live.
_ANY_HOST = {"/_health", "/ping"}
_SAFE = {"GET", "HEAD", "OPTIONS"}


def front_door(settings: Settings, build: Path = CLIENT_BUILD) -> Callable[[ASGIApp], ASGIApp]:
    """The layer for `rx.App(api_transformer=[..., front_door(settings)])`."""
    return lambda app: FrontDoor(app, settings, BuiltPages.read(build))


class FrontDoor:
    """An ASGI layer: our hosts only, small bodies, bound sockets, cookies, strict headers, languages, demo screens."""

    def __init__(self, app: ASGIApp, settings: Settings, pages: BuiltPages) -> None:
        self._app, self._settings, self._pages = app, settings, pages
        self._hosts = our_hosts(settings.origins)
        self._sockets = SocketDoor(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, answer or refuse."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = self._sockets.refusal(scope) if _is_under(scope["path"], "/_event") else "path"
        if why:
            log.info("socket refused: %s", why)
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._quietly(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._own_answer(scope) or bodies.refusal(scope)
        leaving = self._leaving(scope, send)
        if answer is not None:
            await answer(scope, receive, leaving)
            return
        body = await bodies.read(scope, receive)
        if isinstance(body, Response):
            await body(scope, receive, leaving)
            return
        if self._pages.is_page(scope["path"]):
            # The file server would first send the browser to the same address with a slash.
            scope = {**scope, "path": scope["path"] + "/", "raw_path": scope["path"].encode() + b"/"}
        await self._quietly(scope, body, leaving)

    async def _quietly(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; what goes wrong is logged without its text, which the server would print with what was typed."""
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            log.exception("an endpoint failed")
            if not started and scope["type"] == "http":
                await Response(status_code=500)(scope, receive, send)

    def _own_answer(self, scope: Scope) -> Response | None:
        path, host = scope["path"], self._host(scope)
        if host not in self._hosts and path not in _ANY_HOST:
            log.info("request refused: host is not in PUBLIC_ORIGINS")
            return Response(status_code=421)
        if _is_under(path, "/_event") or _is_under(path, "/_upload") or not self._may_change(scope):
            return Response(status_code=403)
        if path == "/":
            return self._greeting(scope)
        if path in self._pages.address_chunks:
            text = self._pages.address_chunk(path, scheme=self._hosts[host], host=host)
            return Response(text, media_type="text/javascript")
        if path == "/sw.js" and self._pages.worker:
            return Response(self._pages.worker, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
        if not self._settings.demo and is_demo_screen(path):
            return Response(status_code=404)
        return None

    def _may_change(self, scope: Scope) -> bool:
        """Forms with our cookie come from our own pages; programs without one are judged by their endpoint."""
        asked = Headers(scope=scope)
        if scope["method"] in _SAFE or not cookies.sid_in(asked.get("cookie", ""), self._settings):
            return True
        return asked.get("origin") in self._settings.origins

    def _greeting(self, scope: Scope) -> Response:
        asked = Headers(scope=scope)
        chosen = cookies.parse(asked.get("cookie", "")).get(cookies.LANG_NAME, "")
        locale = preferred_locale(cookie=chosen, accept=asked.get("accept-language", ""))
        return RedirectResponse(f"/{locale}", status_code=302, headers={"Vary": "Accept-Language, Cookie"})

    def _host(self, scope: Scope) -> str:
        return Headers(scope=scope).get("host", "").lower()

    def _leaving(self, scope: Scope, send: Send) -> Send:
        cookie = Headers(scope=scope).get("cookie", "")
        sid = cookies.sid_in(cookie, self._settings)

        async def leave(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(raw=message.setdefault("headers", []))
                # "Not modified" carries no type, and its policy replaces that of the page that was kept.
                is_page = headers.is_html(out) or message["status"] == 304
                headers.harden(out, policy=self._policy(scope, is_page=is_page), secure=self._settings.secure_cookies)
                headers.keep_for(out, path=scope["path"], status=message["status"])
                self._give_cookies(out, sid, cookies.parse(cookie).get(cookies.TAG_NAME, ""))
                self._give_phone(out, cookies.phone_in(cookie, self._settings))
            await send(message)

        return leave

    def _policy(self, scope: Scope, *, is_page: bool) -> str:
        host = self._host(scope)
        socket = "wss" if self._hosts.get(host) == "https" else "ws"
        known = host if host in self._hosts else "localhost"
        hashes = self._pages.hashes_of(scope["path"]) if is_page else ()
        return headers.content_policy(hashes, socket=f"{socket}://{known}")

    def _give_cookies(self, out: MutableHeaders, sid: str, tag: str) -> None:
        """Give a page's browser its cookies where it lacks them, unless the endpoint has just given others."""
        if not headers.is_html(out) or "set-cookie" in out or (sid and tag == cookies.tag_of(sid)):
            return
        for value in cookies.headers_for(sid or new_cookie(), self._settings):
            out.append("set-cookie", value)

    def _give_phone(self, out: MutableHeaders, phone: str) -> None:
        """Give a demo's browser the name that it is known by to the simulated phone, whoever signs in."""
        if self._settings.demo and not phone and headers.is_html(out):
            out.append("set-cookie", cookies.phone_header(new_cookie(), self._settings))


def _is_under(path: str, top: str) -> bool:
    return path == top or path.startswith(top + "/")
