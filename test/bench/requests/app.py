"""A version, downloads that take five seconds, uploads, and websockets that answer what they are told."""

import asyncio
import os
import signal

from aiohttp import web

VERSION = os.environ["VERSION"]


async def version(_request: web.Request) -> web.Response:
    return web.Response(text=VERSION)


async def upload(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


async def download(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(50):
        await asyncio.sleep(0.1)
        await response.write(b"x" * 2000)
    await response.write(b"end")
    return response


sockets: set[web.WebSocketResponse] = set()


async def socket(request: web.Request) -> web.WebSocketResponse:
    told = web.WebSocketResponse()
    await told.prepare(request)
    sockets.add(told)
    try:
        async for message in told:
            await told.send_str(message.data)
    finally:
        sockets.discard(told)
    return told


app = web.Application(client_max_size=8 << 20)
app.add_routes(
    [
        web.get("/version", version),
        web.post("/upload", upload),
        web.get("/download", download),
        web.get("/socket", socket),
    ]
)


async def main() -> None:
    # Longer than any proxy keeps an idle connection; a stop lets what has begun come to its end
    runner = web.AppRunner(app, keepalive_timeout=130, shutdown_timeout=20)
    await runner.setup()
    await web.TCPSite(runner, port=8000).start()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    # aiohttp ends websockets as soon as it is to stop
    while sockets:
        await asyncio.sleep(0.1)
    await runner.cleanup()


asyncio.run(main())
