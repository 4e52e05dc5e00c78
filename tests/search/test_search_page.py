"""The search page and its JSON twin, on the seeds."""

from sqlalchemy.orm import Session

from tests.client import CheckedClient


def test_a_name_is_found_in_each_script(seeded: Session, client: CheckedClient) -> None:
    for typed in ("Makhmudov", "Mahmudov", "Махмудов", "محمودوف", "Maxmudov"):
        found = client.get("/search.json", query_string={"q": typed}).get_json()["groups"]

        assert found[0]["kind"] == "people", typed
        assert found[0]["hits"][0]["title"] == "Viktor Makhmudov"
