"""Life stories of agreements that a lawyer can check, told by the Python rule and by SQL."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.agreements.conftest import Archive
from tracker.agreements.rules import AgreementStatus, Deed, History, status_on
from tracker.dates import PartialDate

STORIES = Path(__file__).parents[1] / "data" / "life_stories.csv"


@dataclass(frozen=True)
class Asked:
    """A day and the statuses that are possible on it, the one that is named first.

    `today` is the day of asking, where it matters.
    """

    day: date
    today: date | None
    statuses: tuple[AgreementStatus, ...]


@dataclass(frozen=True)
class Story:
    """One row of the file."""

    title: str
    history: History
    asked: Sequence[Asked]


def on(text: str) -> PartialDate | None:
    return PartialDate.from_iso(text.strip()) if text.strip() else None


def deed(text: str) -> Deed:
    """`kind done > effective`, with either day or none."""
    kind, _, days = text.strip().partition(" ")
    done, _, effective = days.partition(">")
    return Deed(kind, on(done), on(effective))


def asked(text: str) -> Asked:
    """`day status or status @ today`."""
    question, _, today = text.partition("@")
    day, _, statuses = question.strip().partition(" ")
    return Asked(
        date.fromisoformat(day),
        date.fromisoformat(today.strip()) if today else None,
        tuple(AgreementStatus(status.strip()) for status in statuses.split(" or ")),
    )


def read_story(row: dict[str, str]) -> Story:
    history = History(
        signed_on=on(row["signed on"]),
        provisionally_applied_on=on(row["provisionally applied from"]),
        in_force_on=on(row["in force from"]),
        ended_on=on(row["ended on"]),
        ended_how=row["how it ended"] or None,
        duration_months=int(row["duration in months"]) if row["duration in months"] else None,
        renewal=row["renewal"] or None,
        renewal_months=int(row["renewed for months"]) if row["renewed for months"] else None,
        deeds=tuple(map(deed, filter(None, row["what happened"].split(";")))),
    )
    return Story(row["story"], history, [*map(asked, row["status on days"].split(";"))])


with STORIES.open(encoding="utf-8", newline="") as lines:
    TOLD = [read_story(row) for row in csv.DictReader(lines)]


def test_there_are_enough_stories_and_each_has_its_own_title() -> None:
    assert len({story.title for story in TOLD}) == len(TOLD) >= 60


def test_every_status_is_told() -> None:
    told = {status for story in TOLD for asked in story.asked for status in asked.statuses}

    assert told == set(AgreementStatus)


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.title)
def test_a_story_by_the_python_rule(story: Story) -> None:
    for question in story.asked:
        found = status_on(story.history, question.day, known_by=question.today)

        assert found.status == question.statuses[0], question
        assert set(found.candidates) == set(question.statuses), question
        assert found.possibly == (len(question.statuses) > 1), question


def test_every_story_by_sql(archive: Archive) -> None:
    questions = {(asked.day, asked.today) for story in TOLD for asked in story.asked}
    wrong = []

    with archive.engine.connect() as connection:
        numbers = archive.add(connection, [story.history for story in TOLD])
        for day, today in sorted(questions, key=str):
            said = archive.statuses(connection, day, today)
            wrong += [
                (story.title, question, said[number])
                for number, story in zip(numbers, TOLD, strict=True)
                for question in story.asked
                if (question.day, question.today) == (day, today)
                if said[number] != question.statuses[0]
            ]

    assert wrong == []


def test_stories_that_leave_a_day_open_are_found_under_each_status(archive: Archive) -> None:
    questions = [(story, asked) for story in TOLD for asked in story.asked if asked.statuses[1:]]

    with archive.engine.connect() as connection:
        numbers = dict(
            zip(
                (story.title for story in TOLD),
                archive.add(connection, [story.history for story in TOLD]),
                strict=True,
            )
        )
        for story, question in questions[::3]:
            found = archive.possible(connection, question.statuses, question.day, question.today)

            assert all(numbers[story.title] in found[status] for status in found), question
