"""The pages of the desk: six steps, each a form over what the library says."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from corredor.geodata.errors import CorredorError, StudyError
from corredor.geodata.messages import LANGUAGES, Message
from corredor.geodata.places.gazetteer import read_rows
from corredor.geodata.study.questions import FilesError, answer
from corredor.geodata.study.read import stories_digest
from corredor.geodata.study.views import view_of_address

from . import outputs, words
from .guard import FRAMED, NOTHING_DONE, Guard, is_form_token, place_of
from .presence import Presence
from .upload import LARGEST_MB, ForeignFormError, receive_files
from .work import Work, add_files, drop_file

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

STEPS = {
    "files": Message("Files"),
    "questions": Message("Questions"),
    "sources": Message("Sources"),
    "protection": Message("Protection"),
    "map": Message("Map"),
    "take": Message("Take away"),
}
PATIENCE_S = 0.9  # what takes longer shows that it goes on
Fields = Mapping[str, str]


@dataclass
class Job:
    """Work that may take longer than a page should."""

    what: Message
    done: asyncio.Future[Any]
    then: str
    error: CorredorError | Message | None = None


class Desk:
    """The pages over the work on one study.

    Parameters
    ----------
    work : Work
        The work.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="corredor-desk")
        self.job: Job | None = None
        self.said: list[Message | CorredorError] = []
        self.presence = Presence()

    # What a page is made of

    def page(self, request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
        """Render a page."""
        work = self.work
        language = work.language

        def t(text: str, /, **gaps: object) -> str:
            return Message(text, **gaps).render(language)

        said, self.said = self.said, []
        text = _templates().get_template(f"{name}.html").render(
            t=t,
            say=lambda message: words.say(message, language),
            words=words,
            language=language,
            steps=STEPS,
            here=name,
            csrf=request.scope.get("csrf", ""),
            work=work,
            standing=work.standing,
            title=title_of(work),
            said=said,
            largest=LARGEST_MB,
            number=lambda n: f"{n:,.0f}",
            open_steps=self.open_steps(),
            marks={**dict.fromkeys(STEPS, 0), "questions": self.asked()},
            **values,
        )  # fmt: skip
        return HTMLResponse(text, status_code=status)

    def refusal(self, request: Request, status: int, what: Message, why: Message) -> Response:
        """Return the page that says why nothing is served; it tells nothing of the study."""
        language = self.work.language
        text = _templates().get_template("refused.html").render(
            language=language, what=what.render(language), why=why.render(language)
        )  # fmt: skip
        del request
        return HTMLResponse(text, status_code=status)

    async def show(self, request: Request) -> Response:
        """Show a step; while something is worked on, that."""
        name = request.path_params["step"]
        if name not in STEPS:
            return self.missing(request)
        if self.job and not self.job.done.done():
            return RedirectResponse("/working", HTTPStatus.SEE_OTHER)
        return self.page(request, name, **self.values(request, name))

    def values(self, request: Request, name: str) -> dict[str, Any]:
        """Return what only one step shows."""
        if name == "questions":
            error = self.work.standing.error
            errors = error.errors if isinstance(error, FilesError) else {}
            asked = self.work.questions
            return {"errors": errors, "asked": asked, "registers": known_registers()}
        if name == "take":
            if self.work.standing.publication is None:
                return {"outputs": (), "fresh": "", "snippet": ""}
            made = request.query_params.get("made", "")
            return {
                "outputs": outputs.offered(self.work),
                "fresh": made if made in outputs.OUTPUTS else "",
                "snippet": outputs.snippet(self.work, self.work.language),
            }
        return {}

    def open_steps(self) -> set[str]:
        """Return the steps at which something can be done."""
        standing = self.work.standing
        found = {"files"}
        if self.work.recipe.files:
            found.add("questions")
        if standing.study is not None:
            found |= {"sources", "protection"}
        return found | ({"map", "take"} if standing.publication is not None else set())

    def asked(self) -> int:
        """Return how many things stand in the way."""
        error = self.work.standing.error
        if isinstance(error, FilesError):
            return len(error.questions) or len(error.errors)
        return int(error is not None)

    async def start(self, request: Request) -> Response:
        """Go where the work stands."""
        del request
        return RedirectResponse(f"/{self.next_step()}", HTTPStatus.SEE_OTHER)

    def missing(self, request: Request, *_: object) -> Response:
        """Say that there is no such page."""
        return self.refusal(request, 404, Message("There is no such page"), NOTHING_DONE)

    def next_step(self) -> str:
        """Return the first step at which something is to be done."""
        if self.work.standing.study is not None:
            return "map" if self.work.standing.publication else "protection"
        return "questions" if self.work.recipe.files else "files"

    # Changing something

    async def form(self, request: Request) -> Fields:
        """Return the fields of a form of ours that is not older than what it would change."""
        size = int(request.headers.get("content-length") or 0)
        if size > 200_000:
            raise ForeignFormError
        async with request.form(max_files=0, max_fields=400) as form:
            fields = {name: str(value) for name, value in form.items()}
        self.check(request, fields)
        return fields

    def check(self, request: Request, fields: Fields) -> None:
        """Refuse a form that is none of ours, or that was opened before another answer."""
        if not is_form_token(request, fields.get("form", "")):
            raise ForeignFormError
        if fields.get("revision") != str(self.work.revision):
            raise StudyError(
                Message(
                    "Another window has changed the study meanwhile. This page shows it as it is"
                    " now; nothing of what you just sent was taken."
                )
            )

    def acting(
        self, act: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers a form: errors are said on the page where it stood."""

        async def answered(request: Request) -> Response:
            try:
                return await act(request)
            except ForeignFormError:
                return self.refusal(
                    request, 403, Message("This did not come from the desk"), NOTHING_DONE
                )
            except CorredorError as error:
                self.said.append(error)
                return RedirectResponse(_step_of(request), HTTPStatus.SEE_OTHER)

        return answered

    async def run(self, what: Message, work: Callable[[], Any], then: str) -> Response:
        """Do something in the background, and show that it goes on if it takes a while."""
        if self.job and not self.job.done.done():
            raise StudyError(Message("Something else is being worked on. Wait a moment."))
        loop = asyncio.get_running_loop()
        job = self.job = Job(what, loop.run_in_executor(self.thread, work), then)
        await asyncio.wait([job.done], timeout=PATIENCE_S)
        if not job.done.done():
            return RedirectResponse("/working", HTTPStatus.SEE_OTHER)
        return self._finished(job)

    def _finished(self, job: Job) -> Response:
        self.job = None
        error = job.done.exception()
        if isinstance(error, CorredorError):
            self.said.append(error)
        elif error is not None:
            self.said.append(
                Message("Something in the program failed ({where}). Your answers are kept.",
                        where=place_of(error))
            )  # fmt: skip
        then = job.then if error is None else job.then.partition("?")[0]
        if then == "files" and self.work.standing.error is not None:
            then = "questions"  # what is asked of a file comes before what it was taken for
        return RedirectResponse(f"/{then}", HTTPStatus.SEE_OTHER)

    async def working(self, request: Request) -> Response:
        """Show what is being worked on, or go on where it ended."""
        job = self.job
        if job is None:
            return await self.start(request)
        if job.done.done():
            return self._finished(job)
        return self.page(request, "working", job=job)

    async def add(self, request: Request) -> Response:
        """Take files."""
        if self.work.base:
            raise StudyError(
                Message(
                    "This study was not made here from its files. To make another one, start"
                    " 'corredor desk FOLDER' with a new folder."
                )
            )
        files = await receive_files(
            request, self.work.place.files, lambda fields: self.check(request, fields)
        )
        if not files:
            raise StudyError(Message("Choose a file first."))
        names = [file.relative_to(self.work.place.files).as_posix() for file in files]
        recipe = add_files(self.work.recipe, names)
        return await self.run(READING, lambda: self.work.say(recipe), "files")

    async def drop(self, request: Request) -> Response:
        """Put a file aside."""
        fields = await self.form(request)
        recipe = drop_file(self.work.recipe, fields.get("file", ""))
        return await self.run(READING, lambda: self.work.say(recipe), "files")

    async def answer(self, request: Request) -> Response:
        """Take answers to what was asked of the files."""
        fields = await self.form(request)
        recipe = self.work.recipe
        options = {file: dict(told) for file, told in recipe.options.items()}
        for number, (question, _) in enumerate(self.work.questions):
            value = fields.get(f"typed-{number}", "").strip() or fields.get(f"answer-{number}", "")
            if months := [fields.get(f"{end}-{number}", "").strip() for end in ("from", "to")]:
                value = value or "/".join(filter(None, months))
            told = answer(options.get(question.file, {}), question, value)
            options[question.file] = told
        kept = {file: told for file, told in options.items() if told}
        changed = replace(recipe, options=kept)
        return await self.run(READING, lambda: self.work.say(changed), "questions")

    async def undo(self, request: Request) -> Response:
        """Take the last answer back."""
        fields = await self.form(request)
        then = fields.get("here", "")
        return await self.run(READING, self.work.undo, then if then in STEPS else "files")

    async def speak(self, request: Request) -> Response:
        """Change the language."""
        fields = await self.form(request)
        language = fields.get("language")
        if language in LANGUAGES:
            self.work.set_language("en" if language == "en" else "es")
        then = fields.get("here", "")
        return RedirectResponse(f"/{then}" if then in STEPS else "/", HTTPStatus.SEE_OTHER)

    async def source(self, request: Request) -> Response:
        """Say whose figures these are, and which of them anybody can read."""
        fields = await self.form(request)
        recipe = self.work.recipe
        public = {}
        for number, path in enumerate(self.work.paths):
            if fields.get(f"access-{number}") == "public":
                public[path.name] = fields.get(f"url-{number}", "").strip()
        title = fields.get("title", "").strip()
        changed = replace(
            recipe,
            public=public,
            title="" if title == title_of(self.work) and not recipe.title else title,
            publisher=fields.get("publisher", "").strip(),
        )
        return await self.run(READING, lambda: self.work.say(changed), "protection")

    async def protect(self, request: Request) -> Response:
        """Say from which count on own figures are shown, and what they are taken together by."""
        fields = await self.form(request)
        settings = dict(self.work.recipe.settings)
        threshold = fields.get("threshold", "").strip()
        if threshold:
            if not threshold.isdigit():
                raise StudyError(Message("'{value}' is not a number.", value=threshold))
            settings["threshold"] = int(threshold)
        if "together" in fields or "asks-together" in fields:
            asked = [one for one in words.TOGETHER if fields.get(f"together-{one}")]
            settings["together"] = asked
        changed = replace(self.work.recipe, settings=settings)
        return await self.run(PROTECTING, lambda: self.work.say(changed), "protection")

    async def compare(self, request: Request) -> Response:
        """Find what other ways of taking counts together would show."""
        await self.form(request)
        return await self.run(PROTECTING, self.work.compare, "protection")

    async def story(self, request: Request) -> Response:
        """Add a story: a title, a text, and the view of the map as it is."""
        fields = await self.form(request)
        study = self.work.standing.study
        title, text = fields.get("title", "").strip(), fields.get("text", "").strip()
        if study is None or not title or not text:
            raise StudyError(Message("A story needs a title and a text."))
        story = {
            "title": dict.fromkeys(LANGUAGES, title),
            "text": dict.fromkeys(LANGUAGES, text),
            "written_for": stories_digest(study.files),
            **view_of_address(fields.get("view", ""), study.tables),
        }
        return await self._tell([*self.work.stories, story])

    async def untell(self, request: Request) -> Response:
        """Take a story out."""
        fields = await self.form(request)
        number = fields.get("number", "")
        told = [one for n, one in enumerate(self.work.stories) if str(n) != number]
        return await self._tell(told)

    async def _tell(self, stories: Sequence[Mapping[str, Any]]) -> Response:
        settings = {**self.work.recipe.settings, "stories": list(stories)}
        changed = replace(self.work.recipe, settings=settings)
        return await self.run(READING, lambda: self.work.say(changed), "map")

    async def take(self, request: Request) -> Response:
        """Make something to take away."""
        fields = await self.form(request)
        name = fields.get("what", "")
        output = outputs.OUTPUTS.get(name)
        if output is None:
            raise StudyError(Message("There is no such page"))
        language = self.work.language
        return await self.run(
            output.making, lambda: outputs.make(self.work, output, language), f"take?made={name}"
        )

    # What is served as it is

    async def alive(self, request: Request) -> Response:
        """Hold a stream open as long as a page is."""
        del request
        return StreamingResponse(self.presence.beats(), media_type="text/event-stream")

    async def static(self, request: Request) -> Response:
        """Serve a stylesheet or script of ours."""
        name = request.path_params["name"]
        if name == "desk.css":
            return Response(stylesheet(), media_type="text/css")
        if name not in _static():
            return self.missing(request)
        kind = "image/svg+xml" if name.endswith(".svg") else "text/javascript"
        return Response(_static()[name], media_type=kind)

    async def framed(self, request: Request) -> Response:
        """Serve the map for the frame of its page; it is noted as no release."""
        try:
            path = await asyncio.get_running_loop().run_in_executor(
                self.thread, outputs.preview, self.work
            )
        except CorredorError as error:
            return self.refusal(request, 409, Message("There is no map yet"), error.message)
        return FileResponse(
            path, media_type="text/html", headers={"Content-Security-Policy": FRAMED}
        )

    async def out(self, request: Request) -> Response:
        """Serve what was made to take away."""
        output = outputs.OUTPUTS.get(request.path_params["name"])
        path = outputs.made(self.work, output, self.work.language) if output else None
        if path is None:
            return self.missing(request)
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")

    def routes(self) -> list[Route]:
        """Return what answers which address."""
        posts = {
            "/files": self.add,
            "/files/drop": self.drop,
            "/questions": self.answer,
            "/sources": self.source,
            "/protection": self.protect,
            "/protection/compare": self.compare,
            "/map/story": self.story,
            "/map/untell": self.untell,
            "/take": self.take,
            "/undo": self.undo,
            "/language": self.speak,
        }
        return [
            Route("/", self.start),
            Route("/working", self.working),
            Route("/alive", self.alive),
            Route("/map/frame", self.framed),
            Route("/static/{name}", self.static),
            Route("/out/{name}", self.out),
            *(Route(path, self.acting(act), methods=["POST"]) for path, act in posts.items()),
            Route("/{step}", self.show),
        ]


READING = Message("Reading your files and making the study ...")
PROTECTING = Message("Protecting the counts, and attacking them to see that they hold ...")


def build_app(
    folder: Path,
    *,
    token: str | None,
    hosts: tuple[str, ...],
    private: Path | None,
    entered: Callable[[], None] = lambda: None,
) -> Starlette:
    """Return the application of one study."""
    desk = Desk(Work(folder, private))
    if desk.work.resumed:
        desk.said.append(Message("Your work was found again. You can go on where you were."))

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        yield
        desk.thread.shutdown(wait=True, cancel_futures=True)
        desk.work.close()

    guard = Middleware(Guard, refuse=desk.refusal, token=token, hosts=hosts, entered=entered)
    app = Starlette(
        routes=desk.routes(),
        middleware=[guard],
        lifespan=living,
        exception_handlers={404: desk.missing, 405: desk.missing},
    )
    app.state.desk = desk
    return app


def title_of(work: Work) -> str:
    """Return the title of the study in the language that is spoken."""
    study = work.standing.study
    if study is not None:
        title = study.meta.title
        return title.es if work.language == "es" else title.en
    return work.folder.name


def _step_of(request: Request) -> str:
    name = request.url.path.strip("/").split("/")[0]
    return f"/{name}" if name in STEPS else "/"


@cache
def known_registers() -> tuple[str, ...]:
    """Return the registers that the embedded study knows."""
    return tuple(row["register"] for row in read_rows("registers.csv"))


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("corredor.desk", "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _static() -> Mapping[str, str]:
    folder = resources.files("corredor.desk") / "static"
    return {
        file.name: file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith((".js", ".svg"))
    }


@cache
def stylesheet() -> str:
    """Return the colours of the atlas, in the dark too, and the style of the desk."""
    colours = (resources.files("corredor.maps") / "css" / "tokens.css").read_text(encoding="utf-8")
    own = (resources.files("corredor.desk") / "static" / "desk.css").read_text(encoding="utf-8")
    dark = re.search(r'\[data-theme="dark"\] (\{[^}]*\})', colours)
    assert dark is not None
    return f"{colours}\n@media (prefers-color-scheme: dark) {{ :root {dark[1]} }}\n{own}"
