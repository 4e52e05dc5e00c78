"""A test client that looks at each page it gets, and fills forms in as a browser does."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.pages import Page, page_faults


class CheckedClient(FlaskClient):
    """Fails on any HTML page that lacks what `page_faults` asks of it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.text and response.status_code not in MOVED:
            faults = page_faults(Page(response.text))
            assert not faults, f"{response.request.path}: " + "\n".join(faults)
        return response

    def page(self, url: str, status: int = 200) -> Page:
        """Fetch *url*, which must answer with *status*, and return its parsed page."""
        response = self.get(url)
        assert response.status_code == status, f"{url} answered {response.status}"
        return Page(response.text)

    def submit(
        self,
        url: str,
        changes: Mapping[str, Any] | None = None,
        *,
        action: str | None = None,
        follow_redirects: bool = False,
    ) -> TestResponse:
        """Open *url*, change fields of its form, and send it to where the form goes.

        Fields that *changes* leaves out are sent as the page shows them, with the token and the
        version; None takes a field out, as unticking a box does; a list sends a name several
        times; a (stream, filename) pair uploads a file. *action* chooses among several forms.
        A button is given like a field.
        """
        form = self.page(url).form(action)
        sent: MultiDict[str, Any] = MultiDict(form.values)
        for name, value in (changes or {}).items():
            if value is None:
                sent.poplist(name)
            else:
                sent.setlist(name, value if isinstance(value, list) else [value])
        target = urljoin(url, form.action)
        return self.post(
            target,
            data=sent,
            follow_redirects=follow_redirects,
            content_type=form.element.attrs.get("enctype"),
        )


# A redirect's body is Werkzeug's own few words, which nobody sees.
MOVED = frozenset({301, 302, 303, 307, 308})
