"""The data set: the same bytes for the same number and seed, and read back whole."""

import hashlib
from pathlib import Path

from bench import dataset
from bench.stories import read_stories


def test_the_same_number_gives_the_same_bytes(tmp_path: Path) -> None:
    dataset.generate(200, tmp_path)

    found = hashlib.sha256()
    for path in sorted(tmp_path.iterdir()):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    assert found.hexdigest() == "4067a951a2334e571e81e11924846b810495a0364ef885afcfd3ad10ab0174b9"


def test_another_seed_gives_others(tmp_path: Path) -> None:
    dataset.generate(20, tmp_path / "one")
    dataset.generate(20, tmp_path / "other", seed=1)

    files = [(tmp_path / name / "agreement.csv").read_bytes() for name in ("one", "other")]
    assert files[0] != files[1]


def test_read_back_each_agreement_has_what_belongs_to_it(tmp_path: Path) -> None:
    dataset.generate(200, tmp_path)

    stories = list(read_stories(tmp_path))

    assert [story.number for story in stories] == list(range(1, 201))
    assert all(story.sides[0] != story.sides[1] for story in stories)
    assert all(story.signers for story in stories if story.status != "draft")
    assert {story.signers for story in stories if story.status == "draft"} == {()}
    bodies = [story.body for story in stories if story.body]
    lines = (tmp_path / "meeting.csv").read_text().count("\n") - 1
    assert sum(len(body.sessions) for body in bodies) == lines > 100
