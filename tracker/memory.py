"""Memory of a process that serves: what stays for good, and what threads give back."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# glibc's M_ARENA_MAX (malloc.h).
_ARENA_MAX = -8


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without the collector of garbage, as long as the block lasts.

    Of what modules and an application make, nothing is garbage, and looking for it takes a tenth
    of the time that they take.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def settle() -> None:
    """Let the collector of garbage leave alone what is there now.

    It would look through all of it again and again, and by that alone give each process that is
    forked a copy of what it shares with its parent.
    """
    gc.freeze()


def share_arena() -> None:
    """Let all threads take memory from one place.

    glibc gives each its own, and what one of them has given back is of no use to the others: a
    process whose threads have each sent a file keeps so many times what one file takes. They do
    not get in each other's way, since only one of them computes at a time. Elsewhere nothing is
    done.
    """
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
