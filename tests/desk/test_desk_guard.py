"""Other pages, other hosts, other users and hostile files reach nothing of the desk."""

import io
import re
import socket
import stat
import zipfile

import pytest
from at_desk import HOST
from corredor.geodata import StudyError
from hostile import PAYLOADS
from starlette.testclient import TestClient

from corredor.desk import app
from corredor.desk.private import safe_name
from corredor.desk.upload import LARGEST_MB

EVERYWHERE = ("/", "/files", "/map/frame", "/out/map", "/static/desk.css", "/working", "/alive",
              "/../../etc/hosts", "/static/..%2f..%2fpages.py", "/none")  # fmt: skip
HEADERS = {"Origin": f"http://{HOST}"}


@pytest.fixture
def stranger(desk):
    """Return a browser of somebody who has not come in."""
    return TestClient(desk.app, base_url=f"http://{HOST}")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_is_served_without_the_cookie(desk, stranger, path):
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert "estudio" not in answer.text
    assert "set-cookie" not in answer.headers


def test_the_address_opens_once(desk, stranger):
    assert stranger.get("/?token=once").status_code == 403
    assert stranger.get("/?token=").status_code == 403


def test_the_cookie_stays_on_this_machine_and_away_from_scripts(tmp_path):
    inside = app(tmp_path / "e", token="t", private=tmp_path / "p")
    with TestClient(inside, base_url=f"http://{HOST}") as client:
        cookie = client.get("/?token=t").headers["set-cookie"]
    for said in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert said in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example",
             "localhost.evil.example:8765", "", "[::1].evil.example"],
)  # fmt: skip
def test_a_rebound_name_is_not_served(desk, host):
    answer = desk.client.get("/files", headers={"Host": host})
    assert answer.status_code == 421
    assert "estudio" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": f"http://{HOST}.evil"},
     {"Origin": f"ftp://{HOST}"}, {}, {"Origin": "http://[bad"},
     {**HEADERS, "Sec-Fetch-Site": "cross-site"},
     {**HEADERS, "Sec-Fetch-Site": "same-site"}],
    ids=str,
)  # fmt: skip
def test_a_form_of_another_page_changes_nothing(desk, headers):
    fields = desk.fields(desk.get("/files"))
    answer = desk.client.post("/language", data={**fields, "language": "en"}, headers=headers)
    assert answer.status_code == 403
    assert 'lang="es"' in desk.get("/files")[:60]


def test_another_page_reads_nothing(desk):
    answer = desk.client.get("/files", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    read = desk.client.get("/files", headers={"Sec-Fetch-Site": "cross-site",
                                              "Sec-Fetch-Mode": "no-cors"})  # fmt: skip
    assert read.status_code == 403
    for path in ("/files", "/static/desk.js", "/map/frame"):
        headers = desk.client.get(path).headers
        assert not [name for name in headers if name.startswith("access-control")]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_no_frame_around(desk, excel):
    policy = desk.client.get("/files").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    desk.upload(excel)
    framed = desk.client.get("/map/frame").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in framed
    assert "sandbox allow-scripts" in framed
    assert "allow-same-origin" not in framed
    for step in ("files", "questions", "sources", "protection", "map", "take"):
        page = desk.get(f"/{step}")
        assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", page), step


@pytest.mark.parametrize("wrong", ["", "0" * 64])
def test_a_forged_form_changes_nothing(desk, wrong, excel):
    fields = {**desk.fields(desk.get("/files")), "form": wrong}
    for path in ("/language", "/undo", "/questions", "/sources", "/protection", "/take"):
        assert desk.client.post(path, data=fields, headers=HEADERS).status_code == 403
    answer = desk.client.post("/files", data=fields, headers=HEADERS,
                              files=[("file", ("a.xlsx", excel.read_bytes()))])  # fmt: skip
    assert answer.status_code == 403
    assert not list(desk.private.rglob("*.xlsx"))


def test_a_form_without_its_token_before_the_file_writes_nothing(desk):
    """The token is looked at before anything reaches the disk."""
    boundary, fields = "x", desk.fields(desk.get("/files"))
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na;b\r\n'
    body = file + "".join(part.format(*one) for one in fields.items()) + "--x--\r\n"
    answer = desk.client.post(
        "/files", content=body.encode(),
        headers={**HEADERS, "Content-Type": f"multipart/form-data; boundary={boundary}"},
    )  # fmt: skip
    assert answer.status_code == 403
    assert not list(desk.private.rglob("*.csv"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../../etc/passwd", "passwd"), ("..\\..\\boot.ini", "boot.ini"), ("/etc/x.csv", "x.csv"),
     ("C:\\a\\b.xlsx", "b.xlsx"), ("con.csv", "_con.csv"), ("..", "archivo"), (".", "archivo"),
     ("", "archivo"), (".htaccess", "htaccess"), ("a\0b.csv", "a_b.csv"),
     ("a\nb.csv", "a_b.csv"), ("~/.ssh/id", "id"), ("Casos atendidos (2023).xlsx",) * 2,
     ("denuncias año 2023.csv",) * 2, ("x" * 300 + ".csv", "x" * 100 + ".csv"),
     ("<img src=x>.csv", "_img src_x_.csv"), ("a.csv::$DATA", "a.csv__$DATA".replace("$", "_")),
     ("$(rm -rf x).csv", "_(rm -rf x).csv")],
    ids=repr,
)  # fmt: skip
def test_the_name_of_a_file_is_no_path(name, kept):
    assert safe_name(name) == kept


def test_a_path_in_the_name_of_a_file_leads_nowhere(desk, tmp_path):
    before = {path for path in tmp_path.rglob("*") if desk.private not in path.parents}
    answer = desk.post("/files", files=[("file", ("../../../../fuera.csv", b"x;y\n1;2\n"))])
    assert answer.status_code == 200
    (file,) = desk.private.rglob("fuera.csv")
    assert file.parent.parent.name == "files"
    after = {path for path in tmp_path.rglob("*") if desk.private not in path.parents}
    assert after == before


def test_too_much_is_refused_before_it_is_read(desk):
    headers = {**HEADERS, "Content-Length": "2147483648",
               "Content-Type": "multipart/form-data; boundary=x"}  # fmt: skip
    answer = desk.client.post("/files", content=b"", headers=headers)
    assert f"{LARGEST_MB} MB" in answer.text
    assert not list(desk.private.rglob("files/*"))


def test_a_zip_bomb_is_refused_and_gone_with_its_file(desk):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    desk.post("/files", files=[("file", ("b.xlsx", bomb.getvalue()))])
    assert desk.app.state.desk.work.standing.study is None
    assert "b.xlsx" in desk.get("/questions")
    desk.post("/files/drop", {"file": "b.xlsx"})
    assert "b.xlsx" not in desk.get("/files")


def test_nobody_else_on_this_machine_can_read_it(desk, excel):
    desk.upload(excel)
    folders = [desk.private, *(path for path in desk.private.rglob("*") if path.is_dir())]
    work = next(desk.private.iterdir())
    assert stat.S_IMODE(work.stat().st_mode) == 0o700
    assert stat.S_IMODE(desk.private.stat().st_mode) == 0o700
    assert len(folders) > 3


def test_texts_of_files_are_texts(desk, tmp_path):
    """Payloads as headers, cells, names of files and answers."""
    lines = [";".join(["Región", "casos 2022", *(f'"{text.replace(chr(34), chr(34) * 2)}"'
                                               for text in PAYLOADS[:30])])]  # fmt: skip
    lines += [f'"{text.replace(chr(34), chr(34) * 2)}";7' + ";x" * 30 for text in PAYLOADS]
    table = ("\n".join(lines) + "\n").encode()
    for name in ("<script>window.__hit=1</script>.csv", '"onload="x.csv'):
        desk.post("/files", files=[("file", (name, table))])
    answers = {f"typed-{n}": PAYLOADS[n] for n in range(8)}
    desk.post("/questions", answers)
    for n, text in enumerate(PAYLOADS[:6]):
        desk.post("/sources", {"title": text, "publisher": text, f"access-{n}": "public",
                               f"url-{n}": text})  # fmt: skip
    for step in ("files", "questions", "sources", "protection", "map", "take"):
        page = desk.get(f"/{step}")
        for told in ("<script>window", "<img src=x", "<svg", "<iframe srcdoc", "=window.__hit=1>"):
            assert told not in page, step
        assert "1337" not in page, step  # 7*191
        assert page.count("<script") == 1, step


def test_an_error_says_nothing_of_a_file(desk, excel, monkeypatch, caplog):
    def fail(*_):
        raise ValueError("PERSONA INVENTADA 7 could not be converted")

    monkeypatch.setattr(desk.app.state.desk, "values", fail)
    answer = desk.client.get("/files")
    assert answer.status_code == 500
    assert "ValueError" in answer.text
    assert "INVENTADA" not in answer.text + caplog.text
    monkeypatch.undo()
    monkeypatch.setattr(desk.app.state.desk.work, "say", fail)
    page = desk.upload(excel)
    assert "ValueError" in page.text
    assert "INVENTADA" not in page.text + caplog.text


def test_a_study_is_open_at_one_desk(desk, tmp_path):
    with pytest.raises(StudyError, match="another desk"):
        app(desk.folder, private=desk.private)


def test_a_folder_of_something_else_is_not_taken(tmp_path):
    (tmp_path / "fotos").mkdir()
    (tmp_path / "fotos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(StudyError, match="not empty"):
        app(tmp_path / "fotos", private=tmp_path / "private")


def test_behind_a_login_of_ones_own(tmp_path):
    """Without a token whoever is let through may use it, under the names that are told."""
    inside = app(tmp_path / "e", hosts=("mapas.example.org",), private=tmp_path / "p")
    with TestClient(inside, base_url="https://mapas.example.org") as client:
        assert "Secure" in client.get("/").headers["set-cookie"]
        assert "Sus archivos" in client.get("/files").text
        other = TestClient(inside, base_url="https://other.example.org")
        assert other.get("/").status_code == 421


def test_it_listens_on_this_machine_alone():
    from corredor.desk.serve import _listen

    with _listen(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        assert listening.family == socket.AF_INET
        with pytest.raises(OSError, match="taken"):
            _listen(listening.getsockname()[1])
