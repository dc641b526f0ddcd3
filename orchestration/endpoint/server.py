"""The process of the endpoint: what it needs before it opens its door, and how it ends.

Here: secrets and database first, then the port; writer, lander and HTTP server together; the end on SIGTERM or Ctrl-C:
no new requests, those under way are answered, the batch under way is landed. Not here: the command's options (cli/).
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from orchestration.brands import Brand, BrandError
from orchestration.endpoint import signature
from orchestration.endpoint.app import House, make_app
from orchestration.endpoint.errors import EndpointError
from orchestration.endpoint.lander import Lander
from orchestration.endpoint.writer import Limits, Writer
from orchestration.sources import tokens
from orchestration.sources.landing import write
from orchestration.warehouse import connect

CONNECTIONS = 256
"""More at once are answered with 503: what they send would lie in memory."""
GRACE_SECONDS = 25
WATCH_SECONDS = 0.5


def serve(
    brand: Brand,
    *,
    host: str,
    port: int,
    land_every: float | None,
    limits: Limits,
    on_open: Callable[[str], None] = lambda _: None,
    make_writer: Callable[[Brand, Limits], Writer] = lambda brand, limits: Writer(brand, limits=limits),
) -> None:
    """Take pushes for a brand until the process is told to end; the brand's database must be prepared.

    `land_every`: seconds in which pushes gather before they are landed here; None leaves landing to others. `port` 0
    is any free one; `on_open` gets the address. Raises BrandError for a brand without pushed sources or without their
    secrets, PiiKeyError for a key that is not the brand's, EndpointError when the port is taken or pushes cannot be
    written any more.
    """
    secrets = signature.secrets_of(brand)
    if not secrets:
        raise BrandError(
            f"no source of brand {brand.name} is pushed to: docs/push.md says how to connect one in {brand.path.name}"
        )
    key = tokens.pii_key(brand.name)
    with connect.connect(brand.name, application_name="touchstream serve") as control:
        write.prepare(control, brand.name, key)
    writer = make_writer(brand, limits)
    lander = Lander(brand, every=land_every) if land_every is not None else None
    told, woken = (lander.told, lander.wake) if lander else (lambda: "off", lambda: None)
    house = House(brand=brand, secrets=secrets, key=key, writer=writer, told_landing=told, woken=woken)
    with _ends_on_signal(), _bound(host, port) as door, _running(writer, lander):
        address = door.getsockname()
        on_open(f"http://{f'[{address[0]}]' if ':' in address[0] else address[0]}:{address[1]}")
        asyncio.run(_serve(make_app(house), door, writer))
    if not writer.ended_well:
        raise EndpointError("pushes could not be written any more; start the endpoint again")


@contextmanager
def _bound(host: str, port: int) -> Generator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise EndpointError(
            f"{host}:{port} cannot be listened on: {error.strerror}. Give another --host or --port"
        ) from error
    with door:
        # Accepted connections inherit it: an answer in two parts would else wait 40 ms for the other side's receipt.
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield door


@contextmanager
def _running(writer: Writer, lander: Lander | None) -> Generator[None]:
    writer.start()
    if lander:
        lander.start()
    try:
        yield
    finally:
        writer.close()
        if lander:
            lander.stop()


@contextmanager
def _ends_on_signal() -> Generator[None]:
    """SIGTERM and SIGINT end the process with exit code 0, through every `finally`, before and after uvicorn's time.

    uvicorn has handlers of its own while it runs; when it is done it raises what it got again.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _serve(app: Starlette, door: socket.socket, writer: Writer) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    watch = asyncio.create_task(_watch(server, writer))
    try:
        await server.serve(sockets=[door])
    finally:
        watch.cancel()


async def _watch(server: uvicorn.Server, writer: Writer) -> None:
    """A door behind which nobody writes is closed."""
    while writer.is_alive:  # noqa: ASYNC110  # a thread that dies sets no event of the loop
        await asyncio.sleep(WATCH_SECONDS)
    server.should_exit = True
