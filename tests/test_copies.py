"""Work dealt out to copies of a process. Each test has a process of its own, without threads."""

import subprocess
import sys

SCRIPT = """
import os, time
from tracker.copies import Copies, CopyEnded, can_copy

def begin():
    own = os.getpid()
    def answer(number):
        if number == {wrong}:
            raise ValueError(f"not {{number}}")
        if number == {deadly}:
            os.kill(os.getpid(), 9)
        # Later questions are answered sooner.
        time.sleep(0.02 * (4 - number % 5))
        return number * 2, own
    return answer

assert can_copy()
got, asked = [], []
def questions():
    for number in range(20):
        asked.append(number)
        yield number
try:
    for answer, process in Copies(3, begin).answers(questions()):
        got.append((answer, process))
        assert len(asked) <= len(got) + 7
except (ValueError, CopyEnded) as error:
    print(type(error).__name__, error)
print([answer for answer, _process in got])
print(len({{process for _answer, process in got}}), os.getpid() in dict(map(reversed, got)))
for _answer, process in got:
    try:
        os.kill(process, 0)
        print("still there")
    except ProcessLookupError:
        pass
"""


def said(*, wrong: int = -1, deadly: int = -1) -> list[str]:
    script = SCRIPT.format(wrong=wrong, deadly=deadly)
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.splitlines()


def test_answers_come_in_order_from_several() -> None:
    assert said() == [str(list(range(0, 40, 2))), "3 False"]


def test_what_answering_raises_is_raised() -> None:
    error, answers, *_more = said(wrong=5)

    assert error == "ValueError not 5"
    assert answers == "[0, 2, 4, 6, 8]"
    assert "still there" not in _more


def test_a_copy_that_somebody_ends_is_told() -> None:
    error, *_more = said(deadly=4)

    assert error.strip() == "CopyEnded"
    assert "still there" not in _more
