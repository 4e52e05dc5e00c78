"""Serve the site by one process, or by several that share one listening socket.

The parent binds the socket, makes the application, so that the workers share its memory, forks
them, starts a worker again that died, and ends all when it is told to. It opens no database: a
connection that two processes use is a broken one, so each worker opens its own. What they share
lies in the database, or in files beside it (the secret key, files between two steps of an import).
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

from flask import Flask
from waitress import wasyncore
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.server import create_server

from tracker.app import create_app
from tracker.db import CONNECTIONS
from tracker.memory import settle, share_arena, uncollected
from tracker.settings import Settings, SettingsError

# Pages have as many for themselves as files may take at once (`MOST_AT_ONCE` there). None holds
# more than one connection to the database.
THREADS = CONNECTIONS
BACKLOG = 1024
# What a slow reader has not taken yet waits in a temporary file, so that neither a thread nor a
# transaction waits for the reader. Beyond so many bytes the thread that makes the file does.
MOST_WAITING = 2 * 1024**3
# How long a thread computes before another one may; who answers a page should not wait for files.
SWITCH_SECONDS = 0.001
# How long a worker may take to finish what it is answering, and then how long the parent waits.
GRACE_SECONDS = 0.2
DRAIN_SECONDS = 20
END_SECONDS = 30
# A worker that ends so soon after its start, so many times on end, will not do better later.
SOON_SECONDS = 2
MOST_SOON = 5
TOLD_TO_END = (signal.SIGTERM, signal.SIGINT)


class CannotServe(RuntimeError):
    """The site cannot be served; the text says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 stands for any that is free. Raises CannotServe."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotServe(
            f"The port {port} cannot be used ({error.strerror}). Another program may answer there; "
            "name another port with --port."
        ) from None
    listener.listen(BACKLOG)
    return listener


def serve(settings: Settings, listener: socket.socket, processes: int) -> int:
    """Answer until told to end; gives the exit status."""
    try:
        with uncollected():
            app = create_app(settings)
            settle()
        share_arena()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    if processes == 1:
        _answer(app, settings, listener)
        return 0
    return _Parent(lambda: _answer(app, settings, listener), processes).run()


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose long answers neither stay in memory nor on the disk once they are sent.

    A buffer of the server frees nothing before it is closed, and goes to a file only for what has
    not been taken yet: a whole file would stay in memory while a quick reader takes it. So a new
    buffer begins once one has held enough, unless much of it still waits in its file.
    """

    current_outbuf_count: int

    def write_soon(self, data: Any) -> int:
        """Take some of an answer, to be sent as soon as the reader takes it."""
        with self.outbuf_lock:
            last = self.outbufs[-1]
            much_waits = last.overflowed and len(last) > 0
            if self.current_outbuf_count >= self.adj.outbuf_overflow and not much_waits:
                self.outbufs.append(OverflowableBuffer(self.adj.outbuf_overflow))
                self.current_outbuf_count = 0
        taken: int = super().write_soon(data)
        return taken


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _answer(app: Flask, settings: Settings, listener: socket.socket) -> None:
    """Serve in this process until told to end."""
    sys.setswitchinterval(SWITCH_SECONDS)
    server: Any = create_server(
        app,
        sockets=[listener],
        ident=None,
        threads=THREADS,
        outbuf_high_watermark=MOST_WAITING,
        # Reading on while a request is answered shows that whoever asked has gone.
        channel_request_lookahead=1,
        # What a trusted proxy says is read by the application.
        clear_untrusted_proxy_headers=not settings.proxies,
    )
    server.channel_class = Channel
    told = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        told.set()
        server.pull_trigger()  # wakes the loop

    for number in TOLD_TO_END:
        signal.signal(number, end)
    while not told.is_set():
        _turn(server)
    _finish(server)
    for name in ("engine", "copy"):
        if name in app.extensions:
            app.extensions[name].dispose()


def _finish(server: Any) -> None:
    """Take no more connections, and answer what those that are there have asked."""
    server.del_channel()
    server.socket.close()  # a successor may listen at once
    begun = time.monotonic()
    # A connection that was just taken has not been read yet.
    while (passed := time.monotonic() - begun) < GRACE_SECONDS or (
        passed < DRAIN_SECONDS and _is_busy(server)
    ):
        _turn(server, timeout=0.05)
    server.task_dispatcher.shutdown()


def _turn(server: Any, timeout: float = 1) -> None:
    wasyncore.loop(timeout=timeout, map=server._map, use_poll=True, count=1)


def _is_busy(server: Any) -> bool:
    channels = list(server.active_channels.values())
    return any(one.request or one.requests or one.total_outbufs_len for one in channels)


class _Parent:
    """Keeps so many workers alive."""

    def __init__(self, work: Callable[[], None], processes: int) -> None:
        self.work = work
        self.processes = processes
        self.started: dict[int, float] = {}
        self.soon = 0
        # The workers hold the end for reading. It closes with this process, also by kill -9, and
        # they then end, too: else they would answer on, with nobody to stop them.
        self.reading, self.alive = os.pipe()

    def run(self) -> int:
        """Wait and start again until told to end; gives the exit status."""
        try:
            for number in TOLD_TO_END:
                signal.signal(number, _end)
            while self.soon < MOST_SOON:
                while len(self.started) < self.processes:
                    self._start()
                self._note_an_end(*os.wait())
            print("The workers end as soon as they start. Entente gives up.", file=sys.stderr)
            return 1
        except SystemExit:
            return 0
        finally:
            self._end_all()

    def _start(self) -> None:
        # A signal between the fork and the note of it would leave a worker behind.
        signal.pthread_sigmask(signal.SIG_BLOCK, TOLD_TO_END)
        number = os.fork()
        if number == 0:
            self._be_a_worker()
        self.started[number] = time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, TOLD_TO_END)

    def _be_a_worker(self) -> NoReturn:
        status = 1
        try:
            os.close(self.alive)
            for number in TOLD_TO_END:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, TOLD_TO_END)
            threading.Thread(target=_end_with, args=(self.reading,), daemon=True).start()
            self.work()
            status = 0
        except SystemExit:
            status = 0
        except Exception:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _note_an_end(self, number: int, status: int) -> None:
        lived = time.monotonic() - self.started.pop(number, 0.0)
        self.soon = self.soon + 1 if lived < SOON_SECONDS else 0
        code = os.waitstatus_to_exitcode(status)
        how = f"by signal {-code}" if code < 0 else f"with status {code}"
        print(f"Worker {number} ended {how}; another one is started.", file=sys.stderr, flush=True)

    def _end_all(self) -> None:
        for number in TOLD_TO_END:
            signal.signal(number, signal.SIG_IGN)
        for worker in self.started:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGTERM)
        until = time.monotonic() + END_SECONDS
        while self.started and time.monotonic() < until:
            self._collect()
            time.sleep(0.02)
        for worker in self.started:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(worker, signal.SIGKILL)
                os.waitpid(worker, 0)

    def _collect(self) -> None:
        for number in list(self.started):
            with suppress(ChildProcessError):
                if os.waitpid(number, os.WNOHANG)[0] == 0:
                    continue
            del self.started[number]


def _end_with(reading: int) -> None:
    """Wait until the parent is gone, and end this process as if it had been told to."""
    os.read(reading, 1)
    os.kill(os.getpid(), signal.SIGTERM)
