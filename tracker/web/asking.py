"""Ask a copy of the database where it is, and do not wait for one that hangs."""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from psycopg import pq
from sqlalchemy.orm import Session

from tracker.counter import State, as_state

SECONDS = 1.0
QUERY = b"SELECT value, token FROM change_counter ORDER BY id"


class NoAnswer(RuntimeError):
    """The copy said nothing in time, or something else than where it is."""


def ask_within(session: Session, seconds: float = SECONDS) -> State:
    """The state of the copy, on the session's own connection; raises NoAnswer.

    The driver waits for an answer without end. So it is asked below it: the one query that comes
    first, before any other has to be waited for.
    """
    connection = session.connection()
    raw: Any = connection.connection.driver_connection
    until = time.monotonic() + seconds
    try:
        raw.pgconn.send_query(QUERY)
        raw.pgconn.flush()
        answers = _answers(raw.pgconn, until)
    except (NoAnswer, OSError, psycopg.Error) as error:
        connection.invalidate()
        raise NoAnswer(str(error)) from None
    state = None
    if len(answers) == 1 and answers[0].status == pq.ExecStatus.TUPLES_OK:
        state = as_state([_row(answers[0], number) for number in range(answers[0].ntuples)])
    if state is None:
        connection.invalidate()
        raise NoAnswer(_said(answers))
    return state


def _row(answer: Any, number: int) -> tuple[int, str]:
    return int(answer.get_value(number, 0)), answer.get_value(number, 1).decode()


def _answers(pgconn: Any, until: float) -> list[Any]:
    answers: list[Any] = []
    while True:
        while pgconn.is_busy():
            left = until - time.monotonic()
            if left <= 0 or not select.select([pgconn.socket], [], [], left)[0]:
                raise NoAnswer("it does not answer in time")
            pgconn.consume_input()
        answer = pgconn.get_result()
        if answer is None:
            return answers
        answers.append(answer)


def _said(answers: list[Any]) -> str:
    said = next((one.error_message for one in answers if one.error_message), b"")
    return said.decode(errors="replace").strip() or "it lacks counters"
