"""Files of every record, made without chance: the same bytes each time."""

import random
from collections.abc import Iterator, Sequence

from tracker.agreements.table import AGREEMENTS
from tracker.columns import join_items
from tracker.people.table import PEOPLE
from tracker.tabular import write_rows

ODD = [
    "=1+1",
    "+7 (495) 000",
    "-1 year",
    "@SUM(A1)",
    "'t Hooft",
    "''twice",
    "＝full width",
    'He said "no", twice',
    "a;b|c\\d",
    "توافق‌نامهٔ همکاری",
    "Oʻzbekiston",
    "Cafe\u0301 na\u0308ive",
    "Соглашение",
    "協定",
    "trailing, comma,",
    "\u200frtl mark",
]
DATES = ["", "1975", "1975-03", "1975-03-06", "2024-02-29", "0001", "9999-12-31"]
PEOPLE_COUNT = 500


def people() -> bytes:
    rows = (
        [str(n), f"Person {n}", ODD[n % len(ODD)], join_items([[ODD[n % 7]], [f"P {n}"]]), "a\nb"]
        for n in range(1001, 1001 + PEOPLE_COUNT)
    )
    return b"".join(write_rows(PEOPLE.header, rows))


def agreements(count: int, parties: Sequence[str], topics: Sequence[str]) -> bytes:
    made = _agreements(count, parties, topics)
    return b"".join(write_rows(AGREEMENTS.header, made))


def _agreements(count: int, parties: Sequence[str], topics: Sequence[str]) -> Iterator[list[str]]:
    chance = random.Random(1975)
    for number in range(101, 101 + count):
        row = _agreement(number, count, parties, topics, chance)
        yield [row.get(name, "") for name in AGREEMENTS.header]


def _agreement(
    number: int,
    count: int,
    parties: Sequence[str],
    topics: Sequence[str],
    chance: random.Random,
) -> dict[str, str]:
    side_a, side_b = chance.sample(parties, 2)
    odd = chance.choice(ODD)
    signers = chance.sample(range(1001, 1001 + PEOPLE_COUNT), 2)
    ended = chance.choice(["", "2001-05"])
    return {
        "id": str(number),
        "title": f"{odd} {number}",
        "kind": chance.choice(["treaty", "protocol", "memorandum-of-understanding", "other"]),
        "side_a": side_a,
        "side_b": side_b,
        "signed_on": chance.choice(DATES),
        "signed_city": chance.choice(ODD),
        "signed_country": chance.choice(["", side_a]),
        "in_force_on": chance.choice(DATES),
        "ended_on": ended,
        "ended_how": "expired" if ended else "",
        "topics": ";".join(chance.sample(topics, 3)),
        "signatories": join_items(
            [
                ["A", f"Person {signers[0]} #{signers[0]}", odd, "", chance.choice(DATES), odd],
                ["B", f"Person {signers[1]} #{signers[1]}", "", "", "", "", "initialled"],
            ]
        ),
        "languages": ";".join(chance.sample(["fa", "uz", "en", "ru"], 2)),
        "summary": f"{odd}\nsecond line, {number}",
        "duration_months": chance.choice(["", "60"]),
        "references": f"UNTS {number};{odd.split(';')[0]}",
        "relations": join_items([["amends", str(chance.randrange(101, 101 + count))]])
        if number % 5 == 0
        else "",
        "territories": "",
        "actions": join_items([["ratified", "A", "1980-01", "", odd], ["renewed", "", "1999"]]),
        "note": chance.choice(ODD),
    }
