"""A browser without a screen at the desk, and an invented register."""

from __future__ import annotations

import random
import re
from pathlib import Path

import openpyxl
from starlette.testclient import TestClient

from corredor.desk import app

HOST = "127.0.0.1:8765"
ORIGINS = {"Loreto": 8, "Puno": 6, "Cusco": 9, "Ucayali": 4, "San Martín": 3, "Piura": 2}
ENDS = {"Madre de Dios": 12, "Lima": 8, "Tacna": 2, "Arequipa": 2, "Ica": 1, "Tumbes": 1}
HEADER = ["Nº", "Nombres y apellidos", "DNI", "Edad", "Sexo", "Fecha", "Departamento de origen",
          "Departamento de destino", "Finalidad"]  # fmt: skip


def records(cases: int, seed: int = 5) -> list[list[object]]:
    """Return invented cases; no name, number or date is anybody's."""
    draw = random.Random(seed)
    rows: list[list[object]] = []
    for n in range(1, cases + 1):
        ends = [draw.choices(list(of), weights=of.values())[0] for of in (ORIGINS, ENDS)]
        day = f"{draw.randint(1, 28):02}/{draw.randint(1, 12):02}/{draw.randint(2019, 2023)}"
        person = [f"PERSONA INVENTADA {n}", 10_000_000 + n, draw.randint(12, 40)]
        what = draw.choice(["Sexual", "Laboral"])
        rows.append([n, *person, draw.choice("FFM"), day, *ends, what])
    return rows


def write_register(path: Path, cases: int = 400) -> Path:
    """Write the register as an Excel workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER, *records(cases)]:
        sheet.append(row)
    book.save(path)
    return path


class DeskClient:
    """A browser without a screen: it follows forms as they stand in the pages."""

    def __init__(self, folder: Path, private: Path) -> None:
        self.folder, self.private = folder, private
        self.app = app(folder, token="once", private=private)
        self.client = TestClient(self.app, base_url=f"http://{HOST}")
        self.client.__enter__()
        self.client.get("/?token=once")

    def get(self, path: str, **more: object) -> str:
        return self.client.get(path, **more).text

    def fields(self, page: str) -> dict[str, str]:
        """Return the hidden fields of every form of a page."""
        found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        return {name: found[name] for name in ("form", "revision", "here") if name in found}

    def post(self, path: str, data: dict[str, str] | None = None, **more: object):
        """Send a form of the page of the same step, and follow it until nothing is worked on."""
        own = self.fields(self.get("/" + path.split("/")[1])) if path.count("/") else {}
        own = own or self.fields(self.get("/files"))
        headers = {"Origin": f"http://{HOST}", **more.pop("headers", {})}
        answer = self.client.post(path, data={**own, **(data or {})}, headers=headers, **more)
        while answer.url.path == "/working":
            answer = self.client.get("/working")
        return answer

    def upload(self, *files: Path):
        parts = [("file", (file.name, file.read_bytes())) for file in files]
        return self.post("/files", files=parts)

    def close(self) -> None:
        self.client.__exit__(None, None, None)
