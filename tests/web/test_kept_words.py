"""Words and addresses that are kept are the ones that would be made anew."""

from dataclasses import replace
from gettext import NullTranslations

import pytest
from flask import render_template_string, url_for
from markupsafe import Markup

from tracker.app import create_app
from tracker.settings import Settings
from tracker.web import speaking
from tracker.web.links import list_url
from tracker.web.speaking import Spoken


class Shouted(NullTranslations):
    """A language of capitals."""

    def ugettext(self, text: str) -> str:
        return text.upper()


class Quiet(NullTranslations):
    """A language of small letters."""

    def ugettext(self, text: str) -> str:
        return text.lower()


def test_each_language_keeps_its_own_words() -> None:
    loud, quiet = Spoken("en", Shouted()), Spoken("fa", Quiet())

    for _again in range(2):
        assert loud.marked("Half of <b>it</b>, 50%%") == Markup("HALF OF <B>IT</B>, 50%")
        assert quiet.marked("Half of <b>it</b>, 50%%") == Markup("half of <b>it</b>, 50%")


def test_only_so_many_texts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "KEPT_TEXTS", 2)
    spoken = Spoken("en", Shouted())

    assert [spoken.marked(text) for text in "abcabc"] == list("ABCABC")
    assert len(spoken._marked) == 2


def test_the_language_of_a_request_is_forgotten_with_it(settings: Settings) -> None:
    app = create_app(replace(settings, languages=("fa", "en")))
    app.test_client().get("/sign-in")

    with app.test_request_context("/"):
        assert speaking._spoken.get() is None
        assert speaking.language() == "fa"
        assert render_template_string("{{ _('<i>%(x)s</i>', x='<') }}") == "<i>&lt;</i>"
    app.extensions["engine"].dispose()


@pytest.mark.parametrize("root", ["/", "/entente"])
def test_an_address_of_a_list_is_encoded_as_flask_encodes_it(settings: Settings, root: str) -> None:
    app = create_app(settings)
    every = "".join(map(chr, range(32, 300))) + "تهران 東京 😀"
    asked = [{}, {"q": ""}, {"q": every}, {"party": "FR; DE", "on": "1995"}, {"b": "1", "a": "2"}]

    with app.test_request_context("/agreements", environ_overrides={"SCRIPT_NAME": root}):
        for values in asked:
            for endpoint in ("agreements.index", "agreements_csv"):
                assert list_url(endpoint, values) == url_for(endpoint, **values)
    app.extensions["engine"].dispose()
