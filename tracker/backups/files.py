"""Files of backups: what kind one is, and how it comes to its place whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker import migrate

# Told how much is done, and of how much.
Progress = Callable[[int, int], None]
BEGINNINGS = {b"SQLite format 3\0": "sqlite", b"PGDMP": "postgresql"}


class BackupRefused(RuntimeError):
    """A backup that cannot be written or restored; the text says why and what to do."""


def kind_of(path: Path) -> str:
    """The kind of database that a backup was made of, by its first bytes."""
    try:
        with path.open("rb") as file:
            beginning = file.read(16)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror}.") from None
    for known, kind in BEGINNINGS.items():
        if beginning.startswith(known):
            return kind
    raise BackupRefused(f"{path} is no backup of Entente: it begins like neither kind of them.")


@contextmanager
def written_whole(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Give an empty file beside the target, for its owner only; at the end it takes its name.

    When something goes wrong meanwhile, the file goes and the target stays as it was. Without
    ``force`` a target that has come to be there meanwhile is not overwritten.
    """
    draft = target.parent / f".{target.name}.{secrets.token_hex(6)}.part"
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
        _sync(draft)
        _place(draft, target, force=force)
        _sync(target.parent)
    except OSError as error:
        raise BackupRefused(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        for left in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)


def _place(draft: Path, target: Path, *, force: bool) -> None:
    if not force:
        try:
            os.link(draft, target)  # fails where the name is taken
            return
        except FileExistsError:
            raise
        except OSError:
            # A disk without links, such as a stick: what can be done is to look.
            if target.exists():
                raise FileExistsError(errno.EEXIST, "It is there already") from None
    draft.replace(target)


def _sync(path: Path) -> None:
    """Wait until the disk has it (for a folder: the names in it)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network drives cannot do this for a folder.
        if error.errno != errno.EINVAL or not path.is_dir():
            raise
    finally:
        os.close(handle)


def must_be_known(path: Path, revision: str | None) -> None:
    """Refuse a backup whose schema this program does not know."""
    if revision is None:
        raise BackupRefused(f"{path} is no backup of Entente: it does not say its schema.")
    if not migrate.is_known(revision):
        raise BackupRefused(
            f"{path} was made by a newer Entente (its revision is {revision}). "
            "Install the newer Entente, or use another backup."
        )
