"""Work is kept, undone, found again, never overwritten unseen, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar

import pytest
from corredor.geodata import read_study

from corredor.desk.work import Work

TABLE = "Región;2022;2023\nCusco;42;35\nPuno;21;28\nLoreto;30;31\n"
PUBLIC = {"access-0": "public", "url-0": "https://example.org/memoria"}


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "casos.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def answered(desk, table):
    """Bring a desk to a study."""
    desk.upload(table)
    desk.post("/sources", PUBLIC)  # so that nothing must be protected, which takes its time
    desk.post("/questions", {"typed-0": "CAMINOS", "answer-1": "victims"})
    assert desk.app.state.desk.work.standing.study is not None
    return desk


def test_what_is_asked_can_be_answered_and_the_account_shows_it(desk, table):
    page = desk.upload(table).text
    assert "casos.csv" in page
    asked = desk.get("/questions")
    assert "¿Quién cuenta?" in asked
    assert "¿Qué se cuenta?" in asked
    assert not desk.folder.exists()
    page = desk.post("/questions", {"typed-0": "CAMINOS", "answer-1": "victims"}).text
    assert "187" in page
    study = read_study(desk.folder)
    assert set(study.tables.complaints["measure"]) == {"victims"}
    assert study.tables.complaints["value"].sum() == 187


def test_faults_stand_in_their_table_and_no_personal_cell_in_it(desk, table):
    table.write_text(TABLE.replace("35", "treinta"), encoding="utf-8")
    desk.upload(table)
    page = desk.post("/questions", {"typed-0": "CAMINOS", "answer-1": "victims"}).text
    row = re.search(r"<tr><th scope=\"row\">(\d+)</th><td>([^<]*)</td><td[^>]*>([^<]*)<", page)
    assert row.groups() == ("2", "2023", "treinta")
    assert not desk.folder.exists()


def test_answers_are_undone_one_by_one(desk, table):
    answered(desk, table)
    desk.post("/protection", {"threshold": "12", "asks-together": "1"})
    assert read_study(desk.folder).meta.threshold == 12
    desk.post("/undo")
    assert read_study(desk.folder).meta.threshold == 10
    desk.post("/undo")
    assert "¿Quién cuenta?" in desk.get("/questions")
    desk.post("/undo")
    desk.post("/undo")
    assert not (desk.folder / "study.toml").exists()
    assert "Elija archivos" in desk.get("/files")
    assert not list(desk.private.rglob("*.csv"))


def test_a_wrong_answer_is_said_where_it_was_given_and_changes_nothing(desk, table):
    answered(desk, table)
    for path, wrong, said in (
        ("/protection", {"threshold": "3", "asks-together": "1"}, "5"),
        ("/protection", {"threshold": "pocos", "asks-together": "1"}, "pocos"),
        ("/sources", {"access-0": "public", "url-0": "javascript:alert(1)"}, "javascript"),
    ):
        page = desk.post(path, wrong)
        assert 'role="alert"' in page.text
        assert said in page.text
    assert read_study(desk.folder).meta.threshold == 10


def test_two_windows_do_not_overwrite_each_other(desk, table):
    answered(desk, table)
    old = desk.fields(desk.get("/sources"))
    desk.post("/sources", {"title": "De la primera"} | PUBLIC)
    page = desk.post("/sources", {"title": "De la segunda", **PUBLIC, **old})
    assert "otra ventana" in page.text
    assert read_study(desk.folder).meta.title.es == "De la primera"


def test_a_study_of_the_command_line_is_opened_and_changed(open_desk, table, command, tmp_path):
    folder = tmp_path / "estudio"
    assert command("new", folder, table, "--register", "X", "--measure", "victims",
                   "--public", "https://example.org/").code == 0  # fmt: skip
    (folder / "notas.txt").write_text("mías", encoding="utf-8")
    desk = open_desk(folder)
    assert "complaints.csv" in desk.get("/files")
    before = (folder / "study.toml").read_bytes()
    desk.post("/sources", {"title": "Nuevo"})
    assert read_study(folder).meta.title.es == "Nuevo"
    assert "Another window" not in desk.upload(table).text
    assert "Nuevo" in desk.get("/files")
    desk.post("/undo")
    assert (folder / "study.toml").read_bytes() == before
    assert (folder / "notas.txt").exists()


def test_what_was_changed_elsewhere_holds(open_desk, table):
    desk = answered(open_desk(), table)
    desk.app.state.desk.work.place._lock.close()  # as after a kill
    (desk.folder / "complaints.csv").write_text(
        (desk.folder / "complaints.csv").read_text("utf-8").replace(",42", ",43"), "utf-8"
    )
    again = open_desk()
    assert "43" in (desk.folder / "complaints.csv").read_text("utf-8")
    assert "complaints.csv" in again.get("/files")
    assert not list(again.private.rglob("casos.csv"))


def test_nothing_is_left_when_the_work_is_done(open_desk, table):
    desk = answered(open_desk(), table)
    desk.post("/take", {"what": "map"})
    desk.close()
    assert list(desk.private.rglob("*")) == []
    assert read_study(desk.folder).tables.complaints["value"].sum() == 187


def test_unfinished_work_is_found_again(open_desk, table):
    desk = open_desk()
    desk.upload(table)
    desk.close()
    again = open_desk()
    assert "¿Quién cuenta?" in again.get("/questions")
    again.post("/files/drop", {"file": "casos.csv"})
    again.close()
    assert not list(again.private.rglob("*.csv"))


def start(folder, tmp_path):
    """Start the real desk, and return its process and a browser that has come in."""
    process = subprocess.Popen(
        [sys.executable, "-m", "corredor", "desk", str(folder), "--no-open"],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "CORREDOR_LANG": "en"},
    )  # fmt: skip
    address = re.search(r"http\S+", process.stdout.readline())[0]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    browser.open(address)
    return process, browser, address.split("/?")[0]


def test_a_kill_loses_nothing_and_leaves_nothing(tmp_path, table):
    folder, private = tmp_path / "estudio", tmp_path / "state" / "corredor" / "desk"
    process, browser, address = start(folder, tmp_path)
    try:
        page = browser.open(f"{address}/files").read().decode()
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        parts = "".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n'
            for name in ("form", "revision")
        )
        body = (f'{parts}--x\r\nContent-Disposition: form-data; name="file"; filename="casos.csv"'
                f"\r\n\r\n{TABLE}\r\n--x--\r\n")  # fmt: skip
        headers = {"Origin": address, "Content-Type": "multipart/form-data; boundary=x"}
        request = urllib.request.Request(f"{address}/files", body.encode(), headers)
        browser.open(request).read()
        while "/working" in browser.open(f"{address}/files").url:
            time.sleep(0.1)
        assert "casos.csv" in browser.open(f"{address}/files").read().decode()
        (work,) = private.iterdir()
        (work / "temporary" / "half").write_text("x")
        (work / "files" / "99").mkdir()
        (work / "files" / "99" / "half.csv").write_text("x")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    process, browser, address = start(folder, tmp_path)
    try:
        assert "¿Quién cuenta?" in browser.open(f"{address}/questions").read().decode()
        assert [path.name for path in private.rglob("*.csv")] == ["casos.csv"]
        assert not list(private.rglob("half"))
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) in (0, 130)
        process.stdout.close()


def test_the_files_of_another_study_are_not_removed_while_it_is_unfinished(tmp_path, table):
    one = Work(tmp_path / "uno", tmp_path / "private")
    folder = one.place.files / "1"
    folder.mkdir()
    (folder / "casos.csv").write_bytes(table.read_bytes())
    from corredor.desk.work import add_files

    one.say(add_files(one.recipe, ["1/casos.csv"]))
    one.close()
    other = Work(tmp_path / "dos", tmp_path / "private")
    assert list((tmp_path / "private").rglob("casos.csv"))
    other.close()


def test_a_story_holds_the_view_and_its_figures(desk, table):
    """The page's view names flows too, of which this study has none."""
    answered(desk, table)
    view = "show=count&layers=regions+flows&selected=region~08&focus=region~08&grade=0&x=1"
    desk.post("/map/story", {"title": "Cusco", "text": "Más que en otras.", "view": view})
    (story,) = read_study(desk.folder).meta.stories
    assert (story.title.es, story.text.en) == ("Cusco", "Más que en otras.")
    assert (story.state, story.select, story.focus, story.stale) == (
        {"show": "count", "layers": ["regions"]}, "08", ("08",), False)  # fmt: skip
    assert "Más que en otras." in desk.get("/map")
    desk.post("/map/untell", {"number": "0"})
    assert not read_study(desk.folder).meta.stories


def test_what_other_ways_would_show_is_compared(desk, tmp_path):
    table = tmp_path / "pocos.csv"
    counts = {"Cusco": 12, "Puno": 6, "Loreto": 14, "Ica": 4, "Piura": 9}
    rows = "\n".join(f"{name};{n};{n + 3};{n + 5}" for name, n in counts.items())
    table.write_text(f"Región;2021;2022;2023\n{rows}\n", encoding="utf-8")
    desk.upload(table)
    desk.post("/questions", {"typed-0": "CAMINOS", "answer-1": "victims"})
    page = desk.post("/protection/compare").text
    offers = desk.app.state.desk.work.standing.offers
    assert offers[("periods",)][0] >= 5
    assert "todos los años juntos" in page
    desk.post("/protection", {"asks-together": "1", "together-periods": "1", "threshold": "10"})
    publication = desk.app.state.desk.work.publication
    assert len(publication.released.complaints) == offers[("periods",)][0]


def test_everything_that_is_offered_can_be_taken(desk, table):
    answered(desk, table)
    for name in ("map", "excel", "gpkg", "archive"):
        desk.post("/take", {"what": name})
        assert len(desk.client.get(f"/out/{name}").content) > 10_000, name
    page = desk.get("/take")
    assert "&lt;iframe src=&#34;estudio_map_es.html&#34;" in page
    assert "sandbox=" in page


def test_an_answer_can_be_changed_later(desk, table):
    answered(desk, table)
    page = desk.get("/questions")
    assert 'value="CAMINOS"' in page
    assert 'value="victims" checked' in page
    desk.post("/questions", {"typed-0": "OTRA", "answer-1": "rescued"})
    complaints = read_study(desk.folder).tables.complaints
    assert (set(complaints["register"]), set(complaints["measure"])) == ({"OTRA"}, {"rescued"})


def test_no_text_names_options_of_python_or_of_the_command_line(desk, tmp_path):
    for name, text in {
        "partes.csv": "origen,destino,participación\nPuno,Cusco,0.4\nPuno,Lima,0.6\n",
        "meses.csv": "departamento,mes,víctimas\nIca,1,3\nIca,2,4\n",
        "lugares.csv": "origen,destino,casos\nLimma,Puno,12\nCusco,Lima,14\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        desk.upload(tmp_path / name)
    asked = [one.option for one, _ in desk.app.state.desk.work.questions]
    desk.post("/questions", {f"typed-{asked.index('register')}": "CAMINOS"})
    page = desk.get("/questions")
    assert "«Limma» no es un lugar conocido" in page
    assert 'value="Lima"' in page
    assert "¿Qué meses abarca?" in page
    assert not re.search(r"\w+=(?:\(|\{|&#39;|True)|(?<![\w-])--\w", re.sub(r"<[^>]*>", " ", page))
