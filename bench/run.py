"""Measure the program beside the limit, and write what was found into docs/performance.md.

    python -m bench.run [--n 10000] [--db sqlite|postgresql] [--only page,csv,…] [--peers]

Each part of `PARTS` gives rows of the table. What an earlier run found for other rows stays.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from bench import files, importing, machine, peers, reading, saving, starting
from bench.addresses import PAGES
from bench.building import ROOT
from bench.context import Bench, both
from bench.places import KEPT, keeping, places
from bench.table import Found, merged, table, with_block

DOCUMENT = ROOT / "docs" / "performance.md"
Part = Callable[[Bench], Iterator[Found]]

PARTS: Mapping[str, Part] = {
    "pages": reading.pages,
    "requests": reading.requests,
    "csv": files.csv,
    "xlsx": files.xlsx,
    "save": saving.save,
    "writers": saving.writers,
    "beside": saving.beside,
    "start": starting.start,
    "import": importing.take,
    "save-import": importing.save_meanwhile,
}


def _page_part(key: str) -> Part:
    page = next(page for page in PAGES if page.key == key)

    def measure(bench: Bench) -> Iterator[Found]:
        yield reading.one_page(bench, page)

    return measure


def parts_of(only: Sequence[str]) -> Mapping[str, Part]:
    """The parts that are asked for by name, single pages among them; all where none is named."""
    every = {**PARTS, **{page.key: _page_part(page.key) for page in PAGES}}
    unknown = [name for name in only if name not in every]
    if unknown:
        raise SystemExit(f"There is nothing called {unknown[0]}. ONLY takes: {', '.join(every)}")
    return {name: every[name] for name in only} if only else PARTS


def measure(bench: Bench, parts: Mapping[str, Part]) -> Iterator[Found]:
    """The rows of these parts, said as they are found."""
    for part in parts.values():
        for found in part(bench):
            bench.say(f"{found.what}: {found.limit} · {found.program} {_times(found)}")
            yield found


def _times(found: Found) -> str:
    if found.ratio is None:
        return ""
    work = "" if found.work is None else f", {found.work:.2f} × by processor"
    return f"({found.ratio:.2f} ×{work})"


def main(arguments: Sequence[str] | None = None, document: Path = DOCUMENT) -> None:
    """Measure as the command line asks, and write the document."""
    asked = _parser().parse_args(arguments)
    at = machine.commit()
    only = [name for name in asked.only.replace(",", " ").split() if name]
    parts = parts_of(only)
    if asked.peers:
        parts = {**parts, "peers": peers.peers}
    with (
        keeping(asked.db, asked.kept) as kept,
        both(places(kept, asked.n, _say), _say) as bench,
    ):
        for found in measure(bench, parts):
            # At once: of a run that is broken off, what it found is kept.
            write(document, asked.kept, asked.db, asked.n, [found], at)
    _say(f"{document} holds the block “{asked.db} {asked.n}”.")


def write(document: Path, kept: Path, kind: str, n: int, new: Sequence[Found], at: str) -> None:
    """Put the rows, measured at a commit, into the document among those of earlier runs."""
    name = f"{kind} {n}"
    store = kept / f"found-{kind}-{n}.json"
    old = json.loads(store.read_text()) if store.exists() else []
    rows = merged(
        {one["key"]: Found(**one) for one in old},
        [replace(found, at=at) for found in new],
        [page.key for page in PAGES],
    )
    store.write_text(json.dumps([asdict(found) for found in rows]))
    block = f"{machine.described(kind, n)}\n\n{table(rows)}"
    before = document.read_text(encoding="utf-8") if document.exists() else ""
    document.write_text(with_block(before, name, block), encoding="utf-8")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure the program beside the limit.")
    parser.add_argument("--n", type=int, default=10_000, help="how many agreements")
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", default="", help="some parts or pages, parted by commas")
    parser.add_argument("--peers", action="store_true", help="Datasette and Django's admin, too")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where databases are kept")
    return parser


if __name__ == "__main__":
    main()
