"""Small pages of plain HTML: for what a State must never hold, such as an IIN or a card's number.

They have the look of the other pages and no script of the app; nothing on them is kept by the browser.
"""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse

from kaspi_web.i18n import Words
from kaspi_web.locales import LOCALES, preferred_locale
from kaspi_web.settings import ROOT

_SHEETS = tuple(sheet.name for sheet in sorted((ROOT / "assets" / "styles").glob("*.css")))


def locale_of(asked: str, *, cookie: str = "", accept: str = "") -> str:
    """The language that an address asks for, or the browser's."""
    return asked if asked in LOCALES else preferred_locale(cookie=cookie, accept=accept)


def page(w: Words, *, title: str, brand: str, body: str, status: int = 200) -> HTMLResponse:
    """A page whose `body` is HTML with everything foreign in it escaped."""
    sheets = "".join(f'<link rel="stylesheet" href="/styles/{name}">' for name in _SHEETS)
    text = (
        f'<!doctype html><html lang="{w.locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f"<title>{escape(title)} · {escape(brand)}</title>{sheets}"
        '<link rel="icon" href="/icons/favicon.svg" type="image/svg+xml"><script src="/js/native.js"></script></head>'
        f'<body><div class="shell"><header class="shell-head"><span class="brand">{escape(brand)}</span></header>'
        f'<main class="shell-main" id="main"><div class="stack">{body}</div></main>'
        f'<footer class="shell-foot"><p>{escape(w("footer.demo"))}</p></footer></div></body></html>'
    )
    return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})


def heading(text: str, lead: str = "") -> str:
    """The page's one h1, with a sentence under it."""
    under = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    return f'<div class="page-title"><h1>{escape(text)}</h1>{under}</div>'


def facts(*pairs: tuple[str, str]) -> str:
    """Facts by name; those without a value are left out."""
    rows = (f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs if value)
    return f'<dl class="summary">{"".join(rows)}</dl>'


def link(text: str, to: str, *, kind: str = "primary") -> str:
    """A link that looks like a button."""
    return f'<a class="button button-{kind} button-wide" href="{escape(to)}">{escape(text)}</a>'


def form(to: str, fields: str, *, submit: str) -> str:
    """A form that the browser posts; `fields` is HTML."""
    return (
        f'<form class="form" method="post" action="{escape(to)}" novalidate>{fields}'
        f'<button class="button button-primary button-wide" type="submit">{escape(submit)}</button></form>'
    )


def password_field(label: str, *, error: str = "") -> str:
    """The password of somebody who is signed in, with the place for a mistake."""
    said = f"<span>{escape(error)}</span>" if error else ""
    return (
        f'<div class="field"><label for="password">{escape(label)}</label>'
        '<input class="input" id="password" name="password" type="password" autocomplete="current-password"'
        f' spellcheck="false" autocapitalize="none" aria-describedby="password-error" aria-invalid="{_flag(error)}">'
        f'<div id="password-error" role="alert" class="error">{said}</div></div>'
    )


def _flag(error: str) -> str:
    return "true" if error else "false"
