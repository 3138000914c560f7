"""The HTTP side that people use: the page and the tests drive the chat through the same few routes.

=======================  ==============================================================================================
``POST say``             ``{as, chat, text, reply_to?, forward_from?, via_bot?, ago?}`` → the message
``POST edit``            ``{as, chat, message_id, text}`` → the message
``POST tap``             ``{as, chat, message_id, data | button}`` → ``{query_id}``
``POST forge_callback``  ``{as, chat, message_id, data}`` → ``{query_id}``
``POST fault``           a fault, ``{kind: clear}``, ``{kind: flood_limits, on}``, or a change of the bot's place:
                         ``{kind: blocked | unblocked | kicked | left | member | administrator | migrated | forum | added}``
``POST advance``         ``{ms}``: only with a stepped clock
``GET snapshot``         everything; ``GET messages?chat=``; ``GET log``; ``GET file/{id}``; ``GET socket``: changes
=======================  ==============================================================================================

``as`` is a person's id, key or name; ``chat`` is an id, ``private`` or ``group``. Answers have the Bot API's envelope.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.emulator import membership, visitors
from bot.emulator.clock import SteppedClock
from bot.emulator.faults import read_fault
from bot.emulator.people import Person
from bot.emulator.records import Chat
from bot.emulator.snapshot import snapshot
from bot.emulator.switchboard import Switchboard
from bot.emulator.wire import ApiError, Json, Params, bad_request, failure, read_params, success

_Route = Callable[[Params], Awaitable[object]]


class Control:
    """Handlers of the control routes."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._board = switchboard
        self._world = switchboard.world

    def add_routes(self, app: web.Application) -> None:
        """Register everything under ``/control``."""
        posts: dict[str, _Route] = {
            "say": self.say,
            "edit": self.edit,
            "tap": self.tap,
            "forge_callback": self.forge_callback,
            "fault": self.fault,
            "advance": self.advance,
        }
        for name, route in posts.items():
            app.router.add_post(f"/control/{name}", _posted(route))
        app.router.add_get("/control/snapshot", self.picture)
        app.router.add_get("/control/messages", self.messages)
        app.router.add_get("/control/log", self.log)
        app.router.add_get("/control/file/{file_id}", self.file)
        app.router.add_get("/control/socket", self.socket)

    def _speaker(self, params: Params) -> tuple[Person, Chat]:
        person = visitors.person_of(self._world, params.text("as"))
        return person, visitors.place_of(self._world, person, params.text("chat"))

    async def say(self, params: Params) -> object:
        """A person says something; answered when it is durable."""
        person, chat = self._speaker(params)
        saying = visitors.Saying(
            text=params.text("text"),
            reply_to=params.integer("reply_to"),
            forward_from=params.text("forward_from"),
            via_bot=params.flag("via_bot"),
            ago_s=params.integer("ago"),
        )
        post = visitors.say(self._world, person, chat, saying)
        await self._board.commit()
        return post.body

    async def edit(self, params: Params) -> object:
        """A person corrects a message of theirs."""
        person, chat = self._speaker(params)
        post = visitors.correct(self._world, person, chat, params.integer("message_id"), params.text("text"))
        await self._board.commit()
        return post.body

    async def tap(self, params: Params) -> object:
        """A person taps an inline button."""
        person, chat = self._speaker(params)
        index = params.integer("button") if params.has("button") else None
        message_id = params.integer("message_id")
        press = visitors.tap(self._world, person, chat, message_id, data=params.text("data"), index=index)
        await self._board.commit()
        return {"query_id": press.query_id}

    async def forge_callback(self, params: Params) -> object:
        """A callback with data of the attacker's choice."""
        person, chat = self._speaker(params)
        press = visitors.forge(self._world, person, chat, params.integer("message_id"), params.text("data"))
        await self._board.commit()
        return {"query_id": press.query_id}

    async def fault(self, params: Params) -> object:
        """Arm or clear a trouble, or change the bot's place in a chat."""
        kind = params.text("kind")
        if kind in membership.CHANGES:
            chat = self._world.chat(params.text("chat"))
            person = visitors.person_of(self._world, params.text("as") or (chat.id if chat.id > 0 else "operator"))
            membership.CHANGES[kind](self._world, person, chat)
        elif kind == "added":
            person = visitors.person_of(self._world, params.text("as", "stranger"))
            membership.add_to_new_group(self._world, person, params.text("title", "Pump & Dump Club"))
        elif kind == "clear":
            self._board.faults.clear()
        elif kind == "flood_limits":
            self._board.faults.flood_limits = params.flag("on")
        else:
            self._board.faults.arm(read_fault(params.values))
        self._world.tell("faults", faults=self._board.faults.card())
        await self._board.commit()
        return self._board.faults.card()

    async def advance(self, params: Params) -> object:
        """Move a stepped clock; a running one cannot be moved."""
        if not isinstance(self._world.now_ms, SteppedClock):
            raise bad_request("this chat runs on real time; only one built with a SteppedClock can be advanced")
        step_ms = params.integer("ms")
        if step_ms < 0:
            raise bad_request(f"a clock does not go backwards: {step_ms} ms; give 0 or more")
        now = self._world.now_ms.advance(step_ms)
        self._world.expire()
        self._world.tell("time", now_ms=now)
        await self._board.commit()
        return {"now_ms": now}

    async def picture(self, _: web.Request) -> web.Response:
        """The whole picture."""
        return success(self._snapshot())

    async def messages(self, request: web.Request) -> web.Response:
        """The messages of a chat, oldest first, as the Bot API has them."""
        try:
            chat = self._world.chat(request.query.get("chat", ""))
        except ApiError as error:
            return failure(error)
        return success([post.body for post in self._world.posts.get(chat.id, {}).values()])

    async def log(self, request: web.Request) -> web.Response:
        """The bot's calls, oldest first; ``?method=`` keeps one kind."""
        wanted = request.query.get("method", "").lower()
        calls = self._board.journal.last()
        return success([call for call in calls if not wanted or call["method"].lower() == wanted])

    async def file(self, request: web.Request) -> web.Response:
        """A picture to show, or a document to save; never a page to run."""
        file = self._world.files.get(request.match_info["file_id"])
        data = await self._board.store.blob(self._world, file.file_id) if file else None
        if file is None or data is None:
            return failure(ApiError(404, "Not Found: no such file"))
        if file.width:
            return web.Response(body=data, content_type=file.mime_type, headers={"Cache-Control": "max-age=86400"})
        name = "".join(c if c.isalnum() or c in "._- " else "_" for c in file.name) or "file"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=data, content_type="application/octet-stream", headers=disposition)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Watch the chat: a snapshot, then every change."""
        return await self._board.stream.serve(request, self._snapshot)

    def _snapshot(self) -> Json:
        return snapshot(self._board, stepped=isinstance(self._world.now_ms, SteppedClock))


def _posted(route: _Route) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            if request.content_type != "application/json":
                raise ApiError(415, "Unsupported Media Type: send JSON")
            return success(await route(await read_params(request)))
        except ApiError as error:
            return failure(error)

    return handle
