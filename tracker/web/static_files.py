"""Static files under addresses that hold what is in them, which browsers keep for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

NAME = "v"
FOR_EVER = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Let addresses of static files name their content.

    The plain address is still there, to be asked about each time; so is one with another content
    in it, which an older or newer program has made.
    """
    app.url_defaults(_name)
    app.after_request(_keep)


def digest(path: Path) -> str | None:
    """What stands for the content of a file; none where there is no such file."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return _digest(path, found.st_mtime_ns, found.st_size)


@lru_cache(1_000)
def _digest(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _path(filename: str) -> Path:
    return Path(str(current_app.static_folder), filename)


def _name(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and NAME not in values:
        values[NAME] = digest(_path(values["filename"]))


def _keep(answer: Response) -> Response:
    named = request.args.get(NAME) if request.endpoint == "static" else None
    if named and answer.status_code in (200, 304):
        assert request.view_args is not None
        if named == digest(_path(request.view_args["filename"])):
            answer.headers["Cache-Control"] = FOR_EVER
    return answer
