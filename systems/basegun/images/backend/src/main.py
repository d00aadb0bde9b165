"""Basegun's API, as far as a deployment can tell it from the real one."""

import asyncio
import json
import os
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated
from uuid import uuid4

from fastapi import BackgroundTasks, Cookie, FastAPI, File, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import PlainTextResponse, StreamingResponse

from src import faults, storage
from src.classifier import NotAnImage, classify, confidence_level
from src.device import device_fields
from src.gelf import open_log, read_log

faults.crash_if_asked()

WORKSPACE = os.environ.get("WORKSPACE", "prod")
PATH_LOGS = os.environ.get("PATH_LOGS", "/app/logs")
VERSIONS = json.loads(Path("versions.json").read_text(encoding="utf-8"))

faults.clear_logs_if_asked(PATH_LOGS)
logger = open_log(PATH_LOGS)
if not storage.is_configured():
    logger.warning("No object storage: uploads are not kept. Set S3_URL_ENDPOINT, S3_BUCKET_NAME and AWS_*")
print(f"basegun-backend {VERSIONS['app']} serves workspace {WORKSPACE}", flush=True)

app = FastAPI(docs_url=None, redoc_url=None)
UserId = Annotated[str | None, Cookie()]


@app.middleware("http")
async def slow_down(request: Request, call_next):
    if faults.delay_seconds() > 0:
        await asyncio.sleep(faults.delay_seconds())
    return await call_next(request)


@app.get("/", response_class=PlainTextResponse)
def home() -> str:
    return "Basegun backend"


@app.get("/version", response_class=PlainTextResponse)
def version() -> str:
    if faults.asked_for("unhealthy"):
        raise HTTPException(status_code=500, detail="unhealthy on purpose (BERTH_FAULT=unhealthy)")
    return VERSIONS["app"]


@app.get("/logs")
def logs():
    if WORKSPACE == "prod":
        return PlainTextResponse("Forbidden", status_code=403)
    return read_log(PATH_LOGS)


@app.post("/upload")
def upload(
    request: Request,
    response: Response,
    tasks: BackgroundTasks,
    image: Annotated[UploadFile, File()],
    date: Annotated[float | None, Form()] = None,
    geolocation: Annotated[str | None, Form()] = None,
    user_id: UserId = None,
):
    content = image.file.read()
    key = f"uploaded-images/{WORKSPACE}/{uuid4()}{os.path.splitext(image.filename or '')[1].lower()}"
    fields = {
        **base_fields(request, remembered(user_id, response)),
        "bg_geolocation": geolocation,
        "bg_upload_time": round(time.time() - date, 2) if date else None,
        "bg_image_url": storage.url_of(key),
    }
    started = time.monotonic()
    try:
        label, confidence = classify(content)
    except NotAnImage as error:
        logger.error("Identification request", extra={**fields, "bg_error_type": type(error).__name__})
        raise HTTPException(status_code=400, detail=str(error)) from error
    answer = {"label": label, "confidence": confidence, "confidence_level": confidence_level(confidence)}
    fields |= {f"bg_{name}": value for name, value in answer.items()}
    logger.info("Identification request", extra={**fields, "bg_model_time": round(time.monotonic() - started, 3)})
    if storage.is_configured():
        tasks.add_task(storage.upload, key, content, logger, fields)
    return {"file": storage.url_of(key), **answer}


@app.post("/identification-feedback")
async def identification_feedback(request: Request, response: Response, user_id: UserId = None) -> None:
    await log_answer("Identification feedback", request, response, user_id, {"feedback": "feedback_bool"})


@app.post("/tutorial-feedback")
async def tutorial_feedback(request: Request, response: Response, user_id: UserId = None) -> None:
    await log_answer("Tutorial feedback", request, response, user_id, {})


@app.post("/identification-dummy")
async def identification_dummy(request: Request, response: Response, user_id: UserId = None) -> None:
    await log_answer("Identification dummy", request, response, user_id, {"is_dummy": "dummy_bool"})


@app.get("/slow")
def slow(seconds: float = 5) -> StreamingResponse:
    """A download that takes its time, to see that a release lets it finish."""

    async def ticks():
        for tick in range(round(min(seconds, 600) * 10)):
            await asyncio.sleep(0.1)
            yield f"{tick}\n"
        yield "end\n"

    return StreamingResponse(ticks(), media_type="text/plain")


async def log_answer(message: str, request: Request, response: Response, user_id: str | None, renamed: dict) -> None:
    """Logs what the form sent, each entry as bg_<name>."""
    try:
        body = await request.json()
    except ValueError as error:
        raise HTTPException(status_code=400, detail="the body is not JSON") from error
    if not isinstance(body, dict):
        raise HTTPException(status_code=400, detail="the body is not a JSON object")
    answers = {f"bg_{renamed.get(name, name)}": value for name, value in body.items()}
    logger.info(message, extra={**answers, **base_fields(request, remembered(user_id, response))})


def base_fields(request: Request, user_id: str) -> dict:
    return {
        "bg_date": datetime.now(timezone.utc).isoformat(),
        "bg_user_id": user_id,
        "bg_version": VERSIONS["app"],
        "bg_model": VERSIONS["model"],
        **device_fields(request.headers.get("user-agent", "")),
    }


def remembered(user_id: str | None, response: Response) -> str:
    """The visitor's own identifier, given on the first visit."""
    if user_id:
        return user_id
    fresh = str(uuid4())
    response.set_cookie("user_id", fresh, max_age=365 * 86400, httponly=True, samesite="lax")
    return fresh
