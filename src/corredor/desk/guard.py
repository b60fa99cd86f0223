"""What stands before every page: who may call, from where, and what a page may do.

Any page that is open in the same browser can send requests to this machine, and a host name can be
made to point at it. So a request needs the cookie that only the exchange of the token gives, a Host
of this machine, and, if it changes anything, an Origin of our own and the token of our forms.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Sent

from corredor.geodata.messages import Message

_LOG = logging.getLogger(__name__)
LOCAL = ("127.0.0.1", "localhost", "[::1]")
SAFE = ("GET", "HEAD")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The map says itself what it may load; the frame keeps it from everything around it.
FRAMED = "frame-ancestors 'self'; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer, forms would come from the origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
Refuse = Callable[[Request, int, Message, Message], Response]

NOT_HERE = Message("This page is not for you")
OPEN_AGAIN = Message(
    "Start the desk again with 'corredor desk', or open the address that it printed. The address"
    " opens once."
)
WRONG_HOST = Message("Under this name nothing is served here")
FOREIGN = Message("This did not come from the desk")
NOTHING_DONE = Message("Nothing was changed. Go back to the desk and try again there.")
BROKEN = Message("Something in the program failed")
REPORT_IT = Message(
    "Your work up to the last answer is kept. If it happens again, report this line, which holds"
    " nothing of your files: {where}"
)


class Guard:
    """The middleware around the application.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    refuse : callable
        Renders the page that says why nothing is served.
    token : str or None
        What is exchanged for the cookie, once; None where somebody else lets people in.
    hosts : tuple of str
        Names that are served besides those of this machine.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        refuse: Refuse,
        token: str | None,
        hosts: tuple[str, ...],
        entered: Callable[[], None],
    ) -> None:
        self.app, self.refuse, self.token, self.hosts = app, refuse, token, hosts
        self.entered = entered
        self.open = token is None
        self.secret = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return  # there are no sockets here
        request = Request(scope, receive)
        begun = False

        async def sending(message: Sent) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", POLICY)
            await send(message)

        try:
            answer = self._refused(request) or self.app
            await answer(scope, receive, sending)
        except Exception as error:
            where = place_of(error)
            _LOG.error("%s", where)  # never the text of the error, which may hold a cell
            if not begun:
                said = Message(REPORT_IT.text, where=where)
                await self.refuse(request, 500, BROKEN, said)(scope, receive, sending)

    def _refused(self, request: Request) -> Response | None:
        """Return the answer to a request that may not pass."""
        host = request.headers.get("host", "")
        if not self._is_served(host):
            return self.refuse(request, 421, WRONG_HOST, NOTHING_DONE)
        origin = request.headers.get("origin")
        if origin is not None and not _is_same(origin, host):
            return self.refuse(request, 403, FOREIGN, NOTHING_DONE)
        if request.method not in SAFE and origin is None:
            return self.refuse(request, 403, FOREIGN, NOTHING_DONE)
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site") and (
            request.method not in SAFE or request.headers.get("sec-fetch-mode") != "navigate"
        ):
            return self.refuse(request, 403, FOREIGN, NOTHING_DONE)
        cookie = request.cookies.get(cookie_name(host), "")
        if hmac.compare_digest(cookie.encode(), self.secret.encode()):
            request.scope["csrf"] = form_token(self.secret)
            return None
        if request.method == "GET" and self._lets_in(request.url.query):
            return self._entry(request, host)
        return self.refuse(request, 403, NOT_HERE, OPEN_AGAIN)

    def _is_served(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return name.lower() in (*LOCAL, *self.hosts)

    def _lets_in(self, query: str) -> bool:
        if self.open:
            return True
        given = parse_qs(query).get("token", [""])[0]
        if self.token is None or not hmac.compare_digest(given.encode(), self.token.encode()):
            return False
        self.token = None  # it was in an address, which others may see
        self.entered()
        return True

    def _entry(self, request: Request, host: str) -> Response:
        """Hand out the cookie, and let the page itself go on.

        A redirect would belong to whoever opened the address: no strict cookie is sent there.
        """
        response = HTMLResponse(
            '<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"><title>Corredor</title>'
            '<link rel="icon" href="/static/corredor.svg">'
            '<meta http-equiv="refresh" content="0;url=/"></head>'
            '<body><p><a href="/">Corredor</a></p></body></html>'
        )
        secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
        response.set_cookie(
            cookie_name(host), self.secret, httponly=True, samesite="strict", secure=secure
        )
        return response


def cookie_name(host: str) -> str:
    """Return the name of the cookie: browsers share cookies among the ports of a host."""
    return f"corredor_{host.rpartition(':')[2] if ':' in host else 'desk'}".replace("]", "")


def form_token(secret: str) -> str:
    """Return what every form must carry."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(request: Request, given: object) -> bool:
    """Tell whether a form is one of ours."""
    return hmac.compare_digest(str(given).encode(), str(request.scope["csrf"]).encode())


def place_of(error: BaseException) -> str:
    """Return the kind of an error and where in the code it arose, without its text."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}"


def _is_same(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
