"""One file over HTTP: resumed where it was cut, and tried again where that helps."""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message as Headers
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

from ..errors import DataFileError
from ..messages import Message

Progress = Callable[[int, int | None], None]
Notify = Callable[[Message], None]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
REFUSED = (401, 403, 451)
GONE = (404, 410)
BLOCK = 1 << 16
LONGEST_PAUSE = 30.0
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True)
class Limits:
    """How far a download may go.

    Parameters
    ----------
    size : int
        Largest file in bytes.
    timeout : float
        Seconds without an answer after which a connection is given up.
    retries : int
        How often it is tried again after a fault that may pass.
    pause : float
        Seconds before the first new try; doubled each time.
    total : float
        Seconds for all of it, tries and pauses together.
    """

    size: int = 1_000_000_000
    timeout: float = 30.0
    retries: int = 4
    pause: float = 1.0
    total: float = 3600.0


class _CutError(Exception):
    """The connection ended before the file did, or could not be made: may pass."""

    def __init__(self, wait: float | None = None) -> None:
        super().__init__()
        self.wait = wait


def check_address(url: str, *, local: bool = False) -> str:
    """Check that an address may be opened and return its host.

    The host.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if (
        not host
        or (host in LOOPBACK) != local
        or (not local and _is_near(host))
        or parts.scheme not in (("http", "https") if local else ("https",))
    ):
        raise DataFileError(
            Message(
                "{url}: files are downloaded over https:// only. Download it with a browser if you"
                " trust it.",
                url=without_login(url),
            )
        )
    return host


def _is_near(host: str) -> bool:
    """Tell whether a host is this machine or its own network, however it is spelt."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        try:  # 127.1, 0x7f.1 and 2130706433 are addresses too
            address = ipaddress.ip_address(socket.inet_aton(name))
        except (OSError, UnicodeError):
            return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return not mapped.is_global


def without_login(url: str) -> str:
    """Return an address without user, password and query."""
    return re.sub(r"//[^/]*@", "//", url.split("?", 1)[0].split("#", 1)[0])


def download(
    url: str,
    part: Path,
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
    notify: Notify | None = None,
) -> str:
    """Download a file into ``part``, going on where an earlier try was cut.

    The address the file came from in the end.
    """
    limits = limits or Limits()
    local = urlsplit(url).hostname in LOOPBACK
    host = check_address(url, local=local)
    job = _Job(
        url, host, local, part, limits, progress or (lambda *_: None), notify or (lambda _: None)
    )
    pause, ends = limits.pause, job.started + limits.total
    for attempt in range(limits.retries + 1):
        try:
            return job.run()
        except _CutError as cut:
            wait = min(LONGEST_PAUSE, pause if cut.wait is None else cut.wait)
            if time.monotonic() + wait > ends:
                raise job.too_slow() from cut
            if attempt == limits.retries:
                break
            time.sleep(wait)
            pause *= 2
    raise DataFileError(
        Message(
            "{host} did not send the whole file in {n} tries. Check the connection and run the same"
            " command again: it goes on where it stopped.",
            host=host,
            n=limits.retries + 1,
        )
    )


def discard(part: Path) -> None:
    """Remove a part and the note beside it."""
    part.unlink(missing_ok=True)
    _note_of(part).unlink(missing_ok=True)


@dataclass(frozen=True)
class _Job:
    """One download; `run` is one try."""

    url: str
    host: str
    local: bool
    part: Path
    limits: Limits
    progress: Progress
    notify: Notify
    started: float = field(default_factory=time.monotonic)

    def run(self) -> str:
        have, validator = self._kept()
        request = urllib.request.Request(
            self.url, headers={"User-Agent": "corredor", "Accept-Encoding": "identity"}
        )
        if have:
            request.add_header("Range", f"bytes={have}-")
            request.add_header("If-Range", validator)
        try:
            with self._opener().open(request, timeout=self.limits.timeout) as answer:
                self._receive(answer, have, validator)
                return without_login(str(answer.url))
        except DataFileError:
            raise  # it is an OSError too
        except urllib.error.HTTPError as error:
            with error:
                self._refused(error)
        except urllib.error.URLError as error:
            self._unreachable(error.reason)
        except (http.client.HTTPException, OSError) as error:
            raise _CutError from error
        raise _CutError

    def _opener(self) -> urllib.request.OpenerDirector:
        """Return an opener that knows HTTP only: no files, no FTP, no data addresses."""
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler({} if self.local else None),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _Redirects(self),
        ):
            opener.add_handler(handler)
        if not self.local:
            context = ssl.create_default_context()
            opener.add_handler(urllib.request.HTTPSHandler(context=context))
        return opener

    def _kept(self) -> tuple[int, str]:
        """Return the bytes of an earlier try and the mark by which the server knows its file."""
        try:
            note = json.loads(_note_of(self.part).read_text(encoding="utf-8"))
            size = self.part.stat().st_size
        except (OSError, ValueError):
            return 0, ""
        known = isinstance(note, dict) and note.get("url") == self.url and note.get("validator")
        return (size, str(note["validator"])) if known and size else (0, "")

    def _receive(self, answer: Any, have: int, validator: str) -> None:
        try:
            have, total = self._agree(answer, have, validator)
            with self._open_part("ab" if have else "wb") as file:
                self._copy(answer, file, have, total)
        except DataFileError:
            discard(self.part)
            raise

    def _agree(self, answer: Any, have: int, validator: str) -> tuple[int, int | None]:
        """Return the bytes that need not be sent again, and the size of the whole file."""
        headers: Headers = answer.headers
        if headers.get("Content-Encoding", "identity").lower() != "identity":
            raise DataFileError(
                Message("{host} sends the file packed in a way that is not read.", host=self.host)
            )
        total = _whole(headers.get("Content-Length"))
        if answer.status == HTTPStatus.PARTIAL_CONTENT:
            found = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
            marks = (headers.get("ETag"), headers.get("Last-Modified"))
            changed = any(marks) and validator not in marks
            if not have or not found or int(found[1]) != have or changed:
                discard(self.part)
                raise _CutError(0)
            total = int(found[3])
        elif have:
            self.notify(Message("{host} sends the file from its beginning again.", host=self.host))
            have = 0
        if total is not None and total > self.limits.size:
            raise self._too_large(total)
        if total is None and not getattr(answer, "chunked", False):
            self.notify(
                Message(
                    "{host} does not say how long the file is: check that its end is there.",
                    host=self.host,
                )
            )
        if not have:
            self._note(headers)
        return have, total

    def _open_part(self, mode: str) -> IO[bytes]:
        try:
            return cast("IO[bytes]", self.part.open(mode))
        except OSError as error:
            raise self._not_written(error) from error

    def _copy(self, answer: Any, file: IO[bytes], have: int, total: int | None) -> None:
        self.progress(have, total)
        # Not `read`, which waits for a whole block however slowly it drips in.
        while block := answer.read1(BLOCK):
            if time.monotonic() - self.started > self.limits.total:
                raise _CutError  # what came is kept for another time
            have += len(block)
            if have > self.limits.size:
                raise self._too_large(have)
            try:
                file.write(block)
                file.flush()
            except OSError as error:
                raise self._not_written(error) from error
            self.progress(have, total)
        if total is not None and have < total:
            raise _CutError
        if total is not None and have > total:
            raise DataFileError(
                Message("{host} sent more than it had announced; nothing was kept.", host=self.host)
            )

    def _note(self, headers: Headers) -> None:
        """Write down by what the server will know its file (a weak ETag does not count)."""
        tag = headers.get("ETag", "")
        validator = tag if tag.startswith('"') else headers.get("Last-Modified", "")
        note = json.dumps({"url": self.url, "validator": validator})
        try:
            _note_of(self.part).write_text(note, encoding="utf-8")
        except OSError as error:
            raise self._not_written(error) from error

    def _refused(self, error: urllib.error.HTTPError) -> None:
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            discard(self.part)
            raise _CutError(0) from error
        if error.code in TRANSIENT:
            wait = _whole(error.headers.get("Retry-After"))
            raise _CutError(None if wait is None else float(wait)) from error
        if error.code in GONE:
            said = Message(
                "{host} has no such file any more ({code}).", host=self.host, code=error.code
            )
        elif error.code in REFUSED:
            said = Message(
                "{host} refuses to hand the file to a program ({code}).",
                host=self.host,
                code=error.code,
            )
        else:
            said = Message("{host} answers with error {code}.", host=self.host, code=error.code)
        raise DataFileError(said) from error

    def _unreachable(self, reason: object) -> None:
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise DataFileError(
                Message(
                    "{host} does not prove who it is (its certificate is not valid).",
                    host=self.host,
                )
            )
        if isinstance(reason, socket.gaierror):
            raise DataFileError(
                Message("{host} was not found. Is this computer connected?", host=self.host)
            )
        raise _CutError

    def too_slow(self) -> DataFileError:
        return DataFileError(
            Message(
                "{host} sends too slowly: not all had come after {minutes:,.0f} minute(s). Run the"
                " same command again: it goes on where it stopped.",
                host=self.host,
                minutes=self.limits.total / 60,
            )
        )

    def _too_large(self, size: int) -> DataFileError:
        return DataFileError(
            Message(
                "{host} sends {size:,.1f} MB or more; no more than {limit:,.1f} MB are taken.",
                host=self.host,
                size=size / 1e6,
                limit=self.limits.size / 1e6,
            )
        )

    def _not_written(self, error: OSError) -> DataFileError:
        return DataFileError(
            Message(
                "{folder}: the file cannot be written here ({detail}).",
                folder=self.part.parent,
                detail=error.strerror or "",
            )
        )


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects to other https addresses, and says when the host changes."""

    max_redirections = 5

    def __init__(self, job: _Job) -> None:
        self.job = job

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        host = check_address(newurl, local=self.job.local)
        if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            self.job.notify(
                Message(
                    "{host} sends the download on to another host: {other}.",
                    host=urlsplit(req.full_url).hostname,
                    other=host,
                )
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _note_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
