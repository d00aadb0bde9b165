"""The API: datasets from the database, and what tests ask of it."""

import asyncio
import os

import asyncpg
import uvicorn
from fastapi import FastAPI, HTTPException, Request

from . import settings
from .version import VERSION

app = FastAPI()
pools: list[asyncpg.Pool] = []
opening = asyncio.Lock()


async def database() -> asyncpg.Pool:
    """Connections that stay, as the real one keeps them: a login for each visit is slow on a busy computer"""
    async with opening:
        if not pools:
            pools.append(await asyncpg.create_pool(settings.ASYNCPG_URL, min_size=1, max_size=5, timeout=20))
    return pools[0]


@app.get("/datasets/")
async def datasets() -> list[dict[str, object]]:
    try:
        rows = await (await database()).fetch("SELECT id, title FROM dataset ORDER BY id")
    except (OSError, asyncpg.PostgresError, asyncio.TimeoutError) as error:
        raise HTTPException(503, f"no database: {type(error).__name__}") from error
    return [dict(row) for row in rows]


@app.get("/version")
async def version() -> dict[str, str]:
    return {"version": VERSION}


@app.get("/slow")
async def slow() -> dict[str, str]:
    """Takes longer than a release waits before it looks whether anybody is still served"""
    await asyncio.sleep(6)
    return {"version": VERSION}


@app.get("/who")
async def who(request: Request) -> dict[str, object]:
    """Who runs it, and what it is told of its visitor"""
    return {"user": os.getuid(), "visitor": request.client.host if request.client else None, "scheme": request.url.scheme}


if __name__ == "__main__":
    live = {"proxy_headers": True, "root_path": "/api"} if settings.MODE == "live" else {}
    uvicorn.run("server.main:app", host=settings.HOST, port=settings.PORT, **live)
