"""Official files over HTTP, served here in the shapes servers have. All contents are invented."""

import dataclasses
import hashlib
import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from corredor.geodata.errors import DataFileError, UnknownPlaceError
from corredor.geodata.remote.download import Limits, check_address
from corredor.geodata.remote.fetch import RemoteSource, fetch, find_source, list_remote

CSV = b"anio_denuncia;distrito_fiscal;cantidad\n" + b"2024;LORETO;3\n" * 20_000
HTML = b"<!DOCTYPE html><html><body>Error 404</body></html>"
QUICK = Limits(timeout=5, retries=2, pause=0.01)


class Portal(ThreadingHTTPServer):
    """A server that behaves as it is told, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.body = CSV
        self.etag: str | None = '"v1"'
        self.ranges = True
        self.length = True
        self.cuts: list[int] = []  # after so many bytes the connection is cut, once each
        self.errors: list[int] = []  # answered with these codes, once each
        self.redirect = ""
        self.headers: dict[str, str] = {}
        self.drip = 0.0  # seconds between a few bytes each
        self.stop = threading.Event()
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Portal

    def log_message(self, *_):
        pass

    def do_GET(self):
        portal = self.server
        portal.asked.append({"path": self.path, **dict(self.headers)})
        if portal.errors:
            self.send_error(portal.errors.pop(0))
            return
        if portal.redirect:
            self.send_response(302)
            self.send_header("Location", portal.redirect)
            self.end_headers()
            portal.redirect = ""
            return
        body, start = portal.body, 0
        wanted = self.headers.get("Range")
        if wanted and portal.ranges and self.headers.get("If-Range") == portal.etag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        if portal.length:
            self.send_header("Content-Length", str(len(body) - start))
        if portal.etag:
            self.send_header("ETag", portal.etag)
        for name, value in portal.headers.items():
            self.send_header(name, value)
        self.end_headers()
        rest = body[start:]
        if portal.drip:
            for at in range(0, len(rest), 50):
                self.wfile.write(rest[at : at + 50])
                self.wfile.flush()
                if portal.stop.wait(portal.drip):
                    return
        else:
            self.wfile.write(rest[: portal.cuts.pop(0)] if portal.cuts else rest)
        self.close_connection = True


@pytest.fixture
def portal() -> Iterator[Portal]:
    server = Portal()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


SOURCE = RemoteSource(
    name="prueba",
    publisher="Nadie",
    title_es="Prueba",
    title_en="Test",
    page="https://example.org/page",
    url="https://example.org/files/delitos%202024.csv?x=1",
    format="csv",
    licence_es="Dominio público",
    licence_en="Public domain",
    may_redistribute=False,
)


def get(portal: Portal, folder, source=SOURCE, limits=QUICK, **rest):
    return fetch(source, folder, base_url=portal.url, limits=limits, **rest)


def left_in(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_list_names_everything_a_reader_must_know():
    table = list_remote()
    assert table["name"].is_unique
    assert {"INEI", "GADM 4.1", "geoBoundaries (gbOpen)"} <= set(table["publisher"])
    for row in table.itertuples():
        assert row.licence_es
        assert row.licence_en
        assert row.title_es != ""
        assert urlsplit(row.page).scheme == "https"
        assert not row.url or check_address(row.url)
        assert row.sha256 == "" or len(row.sha256) == 64
    gadm = table[table["publisher"].str.startswith("GADM")]
    assert not gadm["may_redistribute"].any()


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(UnknownPlaceError, match=r"'inei-distrito'.*'inei-distritos'"):
        find_source("inei-distrito")


def test_a_page_without_a_lasting_address_says_so(tmp_path):
    with pytest.raises(DataFileError, match=r"Open https://www\.datosabiertos\.gob\.pe/\S+trata"):
        fetch("mininter-trata", tmp_path)
    assert left_in(tmp_path) == []


def test_a_file_arrives_whole_with_its_source_beside_it(portal, tmp_path):
    seen, said = [], []
    path = get(portal, tmp_path / "new", progress=lambda *now: seen.append(now), notify=said.append)
    assert path.read_bytes() == CSV
    assert left_in(path.parent) == ["prueba.csv", "prueba.source.json"]
    assert portal.asked[0]["path"] == "/files/delitos%202024.csv"
    assert portal.asked[0]["Accept-Encoding"] == "identity"
    assert seen[0] == (0, len(CSV))
    assert seen[-1] == (len(CSV), len(CSV))
    assert "Dominio público" in said[0].render("es")
    assert said[0].render("en") == "Nadie, licence: Public domain Do not pass the file on."
    account = json.loads((path.parent / "prueba.source.json").read_text(encoding="utf-8"))
    assert account["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert account["bytes"] == len(CSV)
    assert account["licence"] == {"es": "Dominio público", "en": "Public domain"}
    assert account["accessed"].startswith("20")


def test_a_cut_download_goes_on_where_it_stopped(portal, tmp_path):
    portal.cuts = [100_000, 50_000]
    seen = []
    assert get(portal, tmp_path, progress=lambda *now: seen.append(now)).read_bytes() == CSV
    assert [request.get("Range") for request in portal.asked] == [
        None,
        "bytes=100000-",
        "bytes=150000-",
    ]
    assert all(total == len(CSV) for _, total in seen)


def test_a_download_given_up_goes_on_at_the_next_call(portal, tmp_path):
    old = tmp_path / "prueba.csv"
    old.write_bytes(b"a;b\n1;2\n")
    portal.cuts = [1000] * 3
    with pytest.raises(DataFileError, match=r"did not send the whole file in 3 tries.*goes on"):
        get(portal, tmp_path)
    assert old.read_bytes() == b"a;b\n1;2\n"
    assert left_in(tmp_path) == ["prueba.csv", "prueba.csv.part", "prueba.csv.part.json"]
    assert get(portal, tmp_path).read_bytes() == CSV
    assert portal.asked[-1]["Range"] == "bytes=3000-"
    assert left_in(tmp_path) == ["prueba.csv", "prueba.source.json"]


def test_a_changed_file_is_started_again_not_glued_together(portal, tmp_path):
    portal.cuts = [1000] * 3
    with pytest.raises(DataFileError):
        get(portal, tmp_path)
    portal.body, portal.etag = CSV.replace(b"LORETO", b"TACNA!"), '"v2"'
    said = []
    assert get(portal, tmp_path, notify=said.append).read_bytes() == portal.body
    assert "from its beginning again" in " ".join(map(str, said))


@pytest.mark.parametrize(("ranges", "etag"), [(False, '"v1"'), (True, None), (True, 'W/"v1"')])
def test_a_server_that_cannot_resume_starts_over(portal, tmp_path, ranges, etag):
    portal.ranges, portal.etag, portal.cuts = ranges, etag, [70_000]
    assert get(portal, tmp_path).read_bytes() == CSV
    assert len(portal.asked) == 2


def test_a_range_that_does_not_fit_is_started_again(portal, tmp_path):
    (tmp_path / "prueba.csv.part").write_bytes(CSV + b"surplus")
    note = {"url": portal.url + "/files/delitos%202024.csv", "validator": '"v1"'}
    (tmp_path / "prueba.csv.part.json").write_text(json.dumps(note), encoding="utf-8")
    portal.errors = [416]
    assert get(portal, tmp_path).read_bytes() == CSV


def test_errors_that_may_pass_are_tried_again(portal, tmp_path):
    portal.errors = [503, 500]
    assert get(portal, tmp_path).read_bytes() == CSV
    assert len(portal.asked) == 3


@pytest.mark.parametrize(
    ("code", "tries", "said"),
    [
        (404, 1, r"has no such file any more \(404\)"),
        (403, 1, r"refuses to hand the file to a program \(403\)"),
        (418, 1, "answers with error 418"),
        (500, 3, "did not send the whole file in 3 tries"),
    ],
)
def test_errors_that_stay_are_said_with_the_page_to_look_at(portal, tmp_path, code, tries, said):
    portal.errors = [code] * 9
    with pytest.raises(DataFileError, match=said) as caught:
        get(portal, tmp_path)
    assert "https://example.org/page" in str(caught.value)
    assert len(portal.asked) == tries
    assert left_in(tmp_path) == []


def test_a_wrong_checksum_keeps_nothing_and_the_earlier_file_whole(portal, tmp_path):
    digest = hashlib.sha256(CSV).hexdigest()
    path = get(portal, tmp_path, dataclasses.replace(SOURCE, sha256=digest))
    portal.body = CSV + b"2024;TACNA;1\n"
    with pytest.raises(DataFileError, match=rf"expected was {digest[:12]}"):
        get(portal, tmp_path, dataclasses.replace(SOURCE, sha256=digest))
    assert path.read_bytes() == CSV
    assert left_in(tmp_path) == ["prueba.csv", "prueba.source.json"]


def packed() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # With a date of its own: the bytes are part of test names, which workers compare.
        archive.writestr(zipfile.ZipInfo("a.txt"), "a")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("file_format", "body", "said"),
    [
        ("zip", HTML, "a web page"),
        ("csv", HTML, "a web page"),
        ("rar", HTML, "a web page"),
        ("geojson", b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS pointer"),
        ("csv", b'{"error": "not found"}', "not a csv file"),
        ("csv", b"Service unavailable", "not a csv file"),
        ("geojson", b'{"message": "rate limit"}', "not a geojson file"),
        ("xlsx", packed(), "not a xlsx file"),
        ("rar", packed(), "not a rar file"),
        ("zip", packed()[:-10], "half-downloaded"),
        ("csv", b"", "an empty file"),
    ],
)
def test_what_is_something_else_is_refused(portal, tmp_path, file_format, body, said):
    portal.body = body
    with pytest.raises(DataFileError, match=said):
        get(portal, tmp_path, dataclasses.replace(SOURCE, format=file_format))
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("file_format", "body"),
    [
        ("zip", packed()),
        ("rar", b"Rar!\x1a\x07\x01\x00rest"),
        ("geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("gpkg", b"SQLite format 3\0" + bytes(100)),
    ],
)
def test_what_is_what_it_should_be_is_kept(portal, tmp_path, file_format, body):
    portal.body = body
    path = get(portal, tmp_path, dataclasses.replace(SOURCE, format=file_format))
    assert path.read_bytes() == body


@pytest.mark.parametrize("length", [True, False])
def test_a_file_that_is_too_large_is_refused(portal, tmp_path, length):
    portal.length = length
    limits = dataclasses.replace(QUICK, size=100_000)
    with pytest.raises(DataFileError, match=r"no more than 0\.1 MB are taken"):
        get(portal, tmp_path, limits=limits)
    assert left_in(tmp_path) == []


def test_a_server_that_does_not_say_the_length_is_believed(portal, tmp_path):
    portal.length = False
    seen, said = [], []
    path = get(portal, tmp_path, progress=lambda *now: seen.append(now), notify=said.append)
    assert path.read_bytes() == CSV
    assert seen[-1] == (len(CSV), None)
    assert "does not say how long the file is" in str(said[-1])


def test_a_packed_answer_is_refused(portal, tmp_path):
    portal.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(DataFileError, match="packed in a way"):
        get(portal, tmp_path)


def test_a_redirect_to_another_host_is_said(portal, tmp_path):
    portal.redirect = f"http://localhost:{portal.server_port}/elsewhere.csv?token=abc"
    said = []
    path = get(portal, tmp_path, notify=said.append)
    assert "127.0.0.1 sends the download on to another host: localhost." in map(str, said)
    account = json.loads((tmp_path / "prueba.source.json").read_text(encoding="utf-8"))
    assert account["came_from"] == f"http://localhost:{portal.server_port}/elsewhere.csv"
    assert path.read_bytes() == CSV


@pytest.mark.parametrize("target", ["http://example.org/a", "ftp://x/a", "file:///etc/hostname"])
def test_a_redirect_away_from_https_is_refused(portal, tmp_path, target):
    portal.redirect = target
    with pytest.raises(DataFileError, match=r"https:// only|error 302"):
        get(portal, tmp_path)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    "url",
    ["http://example.org/a", "file:///etc/hostname", "ftp://example.org/a", "https://127.0.0.1/a",
     "https://localhost/a", "https:///a", "https://[/a", "data:text/csv,a;b"],
)  # fmt: skip
def test_addresses_that_are_not_https_elsewhere_are_refused(url):
    with pytest.raises(DataFileError, match="https:// only"):
        check_address(url)


@pytest.mark.parametrize(
    "host",
    ["127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "localhost.",
     "a.localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[fe80::1]", "db.internal"],
)  # fmt: skip
def test_this_machine_and_its_network_are_refused_however_they_are_spelt(host):
    with pytest.raises(DataFileError, match="https:// only"):
        check_address(f"https://{host}/a.csv")


def test_a_host_elsewhere_passes():
    assert check_address("https://www.datosabiertos.gob.pe/a.csv") == "www.datosabiertos.gob.pe"
    assert check_address("https://8.8.8.8/a.csv") == "8.8.8.8"


@pytest.mark.parametrize("length", [True, False])
def test_a_server_that_drips_is_given_up_and_gone_on_with_later(portal, tmp_path, length):
    portal.drip, portal.length = 0.05, length
    limits = dataclasses.replace(QUICK, total=0.6)
    start = time.monotonic()
    with pytest.raises(DataFileError, match="sends too slowly"):
        get(portal, tmp_path, limits=limits)
    assert time.monotonic() - start < 4
    assert (tmp_path / "prueba.csv.part").stat().st_size > 0
    portal.drip = 0
    assert get(portal, tmp_path).read_bytes() == CSV
    assert "Range" in portal.asked[-1]


def test_nobody_there_is_one_sentence(tmp_path):
    source = dataclasses.replace(SOURCE, url="http://127.0.0.1:9/a.csv")
    with pytest.raises(DataFileError, match=r"127\.0\.0\.1 did not send the whole file"):
        fetch(source, tmp_path, limits=QUICK)
    assert left_in(tmp_path) == []


def test_an_interruption_keeps_the_earlier_file_whole(portal, tmp_path):
    path = get(portal, tmp_path)
    portal.body, portal.etag = CSV.replace(b"LORETO", b"TACNA!"), '"v2"'

    def stop(now: int, _: int | None) -> None:
        if now > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get(portal, tmp_path, progress=stop)
    assert path.read_bytes() == CSV
    assert get(portal, tmp_path).read_bytes() == portal.body
    assert "Range" in portal.asked[-1]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataFileError, match="this folder cannot be made"):
        fetch(SOURCE, tmp_path / "file" / "below")
