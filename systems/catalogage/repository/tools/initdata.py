"""Loads the first data of an environment: what is missing is made, what is there stays as it is."""

import argparse
import asyncio
import json
import pathlib

import asyncpg

from server import settings


async def main(path: pathlib.Path) -> None:
    # The real one reads YAML, of which JSON is a part
    titles = [item["params"]["title"] for item in json.loads(path.read_text())["datasets"]]
    connection = await asyncpg.connect(settings.ASYNCPG_URL)
    async with connection.transaction():
        for title in titles:
            if await connection.fetchval("SELECT 1 FROM dataset WHERE title = $1", title):
                print(f"ok: {title}")
            else:
                await connection.execute("INSERT INTO dataset (title) VALUES ($1)", title)
                print(f"created: {title}")
    await connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--no-input", action="store_true")
    asyncio.run(main(parser.parse_args().path))
