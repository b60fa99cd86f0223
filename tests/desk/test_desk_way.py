"""The way over the desk: from files to a protected map, a report and a picture."""

from click.testing import CliRunner

from corredor.cli import app


def run(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done


def test_a_register_becomes_the_same_bytes_as_by_the_command_line(desk, excel, tmp_path):
    page = desk.upload(excel)
    assert "register with one row a case" in page.text or "registro" in page.text
    assert "INVENTADA" not in page.text
    assert "Protegidas" in desk.get("/protection") or "protegid" in desk.get("/protection")
    made = {}
    for name in ("map", "word", "picture"):
        assert desk.post("/take", {"what": name}).status_code == 200
        made[name] = desk.client.get(f"/out/{name}").content
    by_hand = tmp_path / "hand"
    run("new", by_hand / "estudio", excel)
    for name in by_hand.glob("estudio/*.*"):
        assert name.read_bytes() == (desk.folder / name.name).read_bytes(), name
    run("map", by_hand / "estudio", "-o", by_hand / "map.html")
    run("report", by_hand / "estudio", "-o", by_hand / "report.docx")
    run("figure", by_hand / "estudio", "-o", by_hand / "figure.png")
    assert made["map"] == (by_hand / "map.html").read_bytes()
    assert made["word"] == (by_hand / "report.docx").read_bytes()
    assert made["picture"] == (by_hand / "figure.png").read_bytes()
