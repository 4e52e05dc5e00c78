"""A data set of bilateral agreements as CSV files, made up, and always the same.

    python -m bench.dataset --n 100000 --out DIR [--seed 20260630]

One file a table, with a header: party, topic, agreement, agreement_party, agreement_topic,
signatory, commission, meeting; ids are written out, dates are ISO 8601, empty cells are NULL. The
same number and seed always give the same bytes. `TODAY` is the data set's own day. The flat file
holds a row an agreement, for programs whose import takes one file.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import random
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from bench import words

TODAY = dt.date(2026, 6, 30)
SEED = 20260630

TABLES = {
    "party": ["id", "iso2", "name"],
    "topic": ["id", "name"],
    "agreement": ["id", "reference", "title", "type", "status", "signed_on", "in_force_on"],
    "agreement_party": ["id", "agreement_id", "party_id"],
    "agreement_topic": ["id", "agreement_id", "topic_id"],
    "signatory": ["id", "agreement_id", "party_id", "person_name", "capacity"],
    "commission": ["id", "agreement_id", "name"],
    "meeting": ["id", "commission_id", "session_no", "held_on", "host_city", "status"],
}
FLAT = "agreements_flat"
FLAT_COLUMNS = [
    *("reference", "title", "type", "status", "signed_on", "in_force_on"),
    *("party_a", "party_b", "topics"),
]
_FIRST_DAY = dt.date(1946, 1, 1).toordinal()
_LAST_DAY = TODAY.toordinal()
# The first party is in about one agreement of twenty; the others after Zipf.
_PARTY_WEIGHTS = list(accumulate(1.0 / (i + 8) ** 0.9 for i in range(len(words.PARTIES))))

Write = Callable[[tuple[Any, ...]], object]


def generate(n: int, out: Path, seed: int = SEED) -> None:
    """Write the files of so many agreements into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        writers: dict[str, Write] = {}
        for name, columns in {**TABLES, FLAT: FLAT_COLUMNS}.items():
            path = out / f"{name}.csv"
            file = files.enter_context(path.open("w", newline="", encoding="utf-8"))
            writers[name] = csv.writer(file, lineterminator="\n").writerow
            writers[name](tuple(columns))
        for party in words.PARTIES:
            writers["party"](party)
        for topic in enumerate(words.TOPICS, 1):
            writers["topic"](topic)
        maker = _Maker(random.Random(seed), writers)
        for number in range(1, n + 1):
            maker.agreement(number)


class _Maker:
    """Draws one agreement after the other; the order of the draws is what keeps the bytes."""

    def __init__(self, source: random.Random, writers: dict[str, Write]) -> None:
        self.source = source
        self.write = writers
        self.ids = {name: count(1) for name in TABLES}

    def agreement(self, number: int) -> None:
        """Draw an agreement, with all that belongs to it."""
        a, b = self._parties()
        kind = self.source.choices(words.TYPES, words.TYPE_WEIGHTS)[0]
        status = self.source.choices(words.STATUSES, words.STATUS_WEIGHTS)[0]
        # Denser in recent years.
        share = 1 - self.source.random() ** 1.6 * 0.999
        signed = _FIRST_DAY + int((_LAST_DAY - _FIRST_DAY) * share)
        in_force, status = self._entry(signed, status)
        subject, title = self._title(kind, a[2], b[2])
        signed_on = _iso(signed) if status != "draft" else ""
        in_force_on = _iso(in_force) if in_force is not None else ""
        reference = f"BA-{signed_on[:4] or '0000'}-{number:07d}"
        facts = (reference, title, kind, status, signed_on, in_force_on)
        self.write["agreement"]((number, *facts))
        for party in (a, b):
            self._side(number, party[0])
        topics = self._topics(number)
        self.write[FLAT]((*facts, a[1], b[1], ";".join(words.TOPICS[t - 1] for t in topics)))
        if self.source.random() < 0.10:
            self._commission(number, f"Joint Commission {a[1]}-{b[1]} on {subject}")

    def _parties(self) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
        places = range(len(words.PARTIES))
        i, j = self.source.choices(places, cum_weights=_PARTY_WEIGHTS, k=2)
        while j == i:
            j = self.source.choices(places, cum_weights=_PARTY_WEIGHTS)[0]
        return words.PARTIES[i], words.PARTIES[j]

    def _entry(self, signed: int, status: str) -> tuple[int | None, str]:
        """When it entered into force; what would do so in the future is still signed."""
        if status not in ("in_force", "terminated", "expired", "suspended"):
            return None, status
        in_force = signed + 30 + int(self.source.random() * 900)
        return (None, "signed") if in_force > _LAST_DAY else (in_force, status)

    def _title(self, kind: str, a: str, b: str) -> tuple[str, str]:
        subject, other = self.source.choice(words.SUBJECTS), self.source.choice(words.SUBJECTS)
        drawn = self.source.random()
        for word, share in words.RARE:
            if drawn < share:
                subject = word
                break
            drawn -= share
        form = self.source.choices(words.FORMS, words.FORM_WEIGHTS)[0]
        about = form.format(a=subject, b=other)
        qualifier = self.source.choice(words.QUALIFIERS)
        sides = f"between the Government of {a} and the Government of {b}"
        return subject, f"{kind[0].upper()}{kind[1:]} {sides} {about}{qualifier}"

    def _side(self, number: int, party: int) -> None:
        self.write["agreement_party"]((next(self.ids["agreement_party"]), number, party))
        for _ in range(1 if self.source.random() < 0.85 else 2):
            given, family = self.source.choice(words.GIVEN), self.source.choice(words.FAMILY)
            capacity = self.source.choice(words.CAPACITIES)
            own = next(self.ids["signatory"])
            self.write["signatory"]((own, number, party, f"{given} {family}", capacity))

    def _topics(self, number: int) -> list[int]:
        numbers = range(1, len(words.TOPICS) + 1)
        topics = self.source.sample(numbers, 1 + int(self.source.random() * 3))
        for topic in topics:
            self.write["agreement_topic"]((next(self.ids["agreement_topic"]), number, topic))
        return topics

    def _commission(self, agreement: int, name: str) -> None:
        """A commission and its yearly sessions: up to this year, or to some year before."""
        draw = self.source.random
        number = next(self.ids["commission"])
        self.write["commission"]((number, agreement, name))
        sessions = 7 + int(draw() * 7)
        goes_on = draw() < 0.5
        last = _LAST_DAY + int(draw() * 365) if goes_on else _LAST_DAY - int(draw() * 9000)
        for session in range(1, sessions + 1):
            day = last - (sessions - session) * 365 + int(draw() * 40)
            status = "scheduled" if day > _LAST_DAY else "overdue" if draw() < 0.04 else "held"
            city = self.source.choice(words.CITIES)
            own = next(self.ids["meeting"])
            self.write["meeting"]((own, number, session, _iso(day), city, status))


@cache
def _iso(ordinal: int) -> str:
    return dt.date.fromordinal(ordinal).isoformat()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    generate(asked.n, asked.out, asked.seed)
