"""Files that were sent and wait for the next step of their import.

The steps may reach different processes, so the files lie in one folder that all of them see. They
may hold what is not yet to be read by others: the folder and the files are for their owner only.
"""

from __future__ import annotations

import os
import secrets
import stat
import time
from pathlib import Path

from tracker.settings import SettingsError
from tracker.tabular import FileRefused
from tracker.text import N_

KEPT_SECONDS = 24 * 3600
# Only what bears this ending is ours to delete.
ENDING = ".upload"


def prepare(folder: Path) -> None:
    """Make the folder where it is missing; raises SettingsError where it cannot be used."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
        usable = os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} for files of imports cannot be made ({error.strerror}). "
            "Set TRACKER_UPLOADS to another place."
        ) from None
    if not usable or stat.S_IMODE(mode) & 0o077:
        raise SettingsError(
            f"The folder {folder} for files of imports must be open to the user who runs Entente "
            "and closed to all others (chmod 700), or set TRACKER_UPLOADS to another place."
        )


def keep(folder: Path, content: bytes) -> str:
    """Keep a file for a day; gives the token by which it is found."""
    prepare(folder)
    _forget_old(folder)
    token = secrets.token_urlsafe(24)
    handle = os.open(folder / (token + ENDING), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return token


def kept(folder: Path, token: str) -> bytes:
    """The file of a token; raises FileRefused where it is gone."""
    try:
        if not token or Path(token).name != token or "\0" in token:
            raise FileNotFoundError
        return (folder / (token + ENDING)).read_bytes()
    except FileNotFoundError:
        raise FileRefused(N_("The checked file is not here any more. Choose it again.")) from None


def _forget_old(folder: Path) -> None:
    for old in folder.glob(f"*{ENDING}"):
        try:
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
        except FileNotFoundError:
            # Another process was faster.
            continue
