"""Work dealt out to copies of this process, whose answers come in the order of the questions.

Each copy has a pipe of its own. In a pool whose processes share one, somebody who ends one of them
while it writes leaves the others, and whoever waits for them, waiting for ever.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class CopyEnded(Exception):
    """A copy was ended by somebody else before it answered."""


def can_copy() -> bool:
    """Whether this process may be copied: with other threads in it, a copy might never run."""
    known = "fork" in multiprocessing.get_all_start_methods()
    return known and threading.active_count() == 1


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


class Copies(Generic[Q, A]):
    """So many copies of this process; ``begin`` is called once in each, and gives what answers.

    Questions, answers and the exceptions that answering raises must be picklable.
    """

    def __init__(self, count: int, begin: Callable[[], Callable[[Q], A]]) -> None:
        self._count = count
        self._begin = begin
        self._processes: list[BaseProcess] = []
        self._idle: SimpleQueue[Connection] = SimpleQueue()

    def answers(self, questions: Iterable[Q]) -> Iterator[A]:
        """The answers, in order. Only twice as many questions as copies are under way at once.

        Raises what answering raised, or CopyEnded. The copies end with this, whatever ends it.
        """
        ours: list[Connection] = []
        # It has threads, which wait for answers, only from the first question on.
        asking = ThreadPoolExecutor(self._count)
        under_way: deque[Future[A]] = deque()
        try:
            ours += (self._copied() for _number in range(self._count))
            for question in questions:
                under_way.append(asking.submit(self._ask, question))
                if len(under_way) > 2 * self._count:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for process in self._processes:
                process.terminate()
            asking.shutdown(cancel_futures=True)
            for process in self._processes:
                process.join()
            for connection in ours:
                connection.close()

    def _copied(self) -> Connection:
        ours, its = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        process = context.Process(target=_answer, args=(ours, its, self._begin), daemon=True)
        process.start()
        self._processes.append(process)
        # Else nobody would hear that the copy has ended.
        its.close()
        self._idle.put(ours)
        return ours

    def _ask(self, question: Q) -> A:
        connection = self._idle.get()
        try:
            connection.send(question)
            answer, error = connection.recv()
        except (EOFError, OSError):
            raise CopyEnded from None
        finally:
            self._idle.put(connection)
        if error is not None:
            raise error
        return answer  # type: ignore[no-any-return]


def _answer(theirs: Connection, own: Connection, begin: Callable[[], Callable[[Any], Any]]) -> None:
    """What a copy does until whoever copied it ends, or needs it no more."""
    # Ctrl-C reaches all processes of a terminal; the first one says what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    theirs.close()
    answer = begin()
    while True:
        try:
            question = own.recv()
        except EOFError:
            return
        said: tuple[Any, Exception | None]
        try:
            said = answer(question), None
        except Exception as error:
            said = None, error
        try:
            own.send(said)
        except BrokenPipeError:
            return
