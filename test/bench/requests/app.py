"""A version, downloads that take five seconds, uploads, and websockets that answer what they are told."""

import asyncio
import os

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


async def socket(request: web.Request) -> web.WebSocketResponse:
    told = web.WebSocketResponse()
    await told.prepare(request)
    async for message in told:
        await told.send_str(message.data)
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
# Longer than any proxy keeps an idle connection; a stop lets what has begun come to its end
web.run_app(app, port=8000, keepalive_timeout=130, shutdown_timeout=20, print=None)
