"""Write seeds/parties.csv: python scripts/seed_parties.py COUNTRY_CODES_CSV

COUNTRY_CODES_CSV is the table of `datasets/country-codes` (`data/country-codes.csv`). What it
lacks or says in a way that does not fit is put right by `seed_parties/names.csv`, each time with
a reason; former states and organisations come from `seed_parties/further.csv`. The product does
not need this script: it reads the file that the script wrote.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from tracker.text import fold

HERE = Path(__file__).parent / "seed_parties"
TARGET = Path(__file__).parent.parent / "seeds" / "parties.csv"
COLUMNS = (
    *("id", "code", "alpha3", "name", "official_name", "kind"),
    *("existed_from", "existed_until", "other_names"),
)
Row = dict[str, str]


def rows_of(path: Path) -> list[Row]:
    """The rows of a CSV file by column name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def plain(name: str) -> str:
    """A name without the marks of the UN's term base: `Sudan (the)`, `Niue **`."""
    return name.rstrip(" *").removesuffix(" (the)").removeprefix("the ").replace("’", "'").strip()


def display(name: str) -> str:
    """A CLDR display name with its abbreviations written out."""
    return plain(name).replace(" & ", " and ").replace("St. ", "Saint ")


def without_repeats(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """The names in order, each once, less those known already; compared as the search does."""
    seen = {"", *map(fold, known)}
    kept = []
    for name in names:
        if fold(name) not in seen:
            seen.add(fold(name))
            kept.append(name)
    return kept


def country(number: int, given: Row, fixed: Row) -> Row:
    """One row. A state is what the UN gives a formal name: members, observers, CK and NU."""
    formal = plain(given["UNTERM English Formal"])
    name = fixed.get("name") or display(given["CLDR display name"])
    official = fixed.get("official_name") or formal
    others = [
        plain(given["CLDR display name"]).replace(" & ", " and "),
        plain(given["UNTERM English Short"]),
        plain(given["official_name_en"]),
        *fixed.get("other_names", "").split(";"),
    ]
    return {
        "id": str(number),
        "code": given["ISO3166-1-Alpha-2"],
        "alpha3": given["ISO3166-1-Alpha-3"],
        "name": name,
        "official_name": official,
        "kind": fixed.get("kind") or ("state" if formal else "territory"),
        "other_names": ";".join(without_repeats(others, (name, official))),
    }


def parties(codes: Path) -> list[Row]:
    """Every party in the order of its number."""
    fixes = {row["code"]: row for row in rows_of(HERE / "names.csv")}
    countries = sorted(rows_of(codes), key=lambda row: row["ISO3166-1-Alpha-2"])
    listed = [
        country(number, row, fixes.get(row["ISO3166-1-Alpha-2"], {}))
        for number, row in enumerate(countries, start=1)
    ]
    return listed + rows_of(HERE / "further.csv")


def main() -> None:
    """Write the file as RFC 4180 with a byte order mark."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with TARGET.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(parties(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
