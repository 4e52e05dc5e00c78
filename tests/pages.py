"""Read our HTML pages in tests: a small element tree, the forms on it, and what each page owes."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Elements without an end tag (HTML, 13.1.2).
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
    | {"track", "wbr"}
)
UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})


@dataclass(eq=False)
class Element:
    """One element of a page, with its attributes, children and text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)
    parent: "Element | None" = field(default=None, repr=False)

    def __iter__(self) -> Iterator["Element"]:
        """All elements below this one, in document order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    def all(self, *tags: str, **attrs: str) -> list["Element"]:
        """Return the elements below with one of *tags* and all *attrs* (`class_` finds one class).

        An underscore in a name stands for a hyphen: `aria_label="Sides"`.
        """
        return [e for e in self if (not tags or e.tag in tags) and e._has(attrs)]

    def one(self, *tags: str, **attrs: str) -> "Element":
        """Return the only such element; AssertionError when there is none or more than one."""
        found = self.all(*tags, **attrs)
        assert len(found) == 1, f"{len(found)} elements {tags} {attrs}, and one was wanted"
        return found[0]

    def _has(self, wanted: dict[str, str]) -> bool:
        for name, value in wanted.items():
            if name == "class_":
                if value not in self.attrs.get("class", "").split():
                    return False
            elif self.attrs.get(name.rstrip("_").replace("_", "-")) != value:
                return False
        return True

    def inside(self, tag: str) -> bool:
        """Whether an element *tag* encloses this one."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above is not None

    @property
    def text(self) -> str:
        """The text as a reader sees it, with white space folded."""
        return " ".join(self._raw_text().split())

    def _raw_text(self) -> str:
        return "".join(c if isinstance(c, str) else c._raw_text() for c in self.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("#page")
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice: {names}")
        element = Element(tag, {n: v or "" for n, v in attrs}, parent=self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """In SVG, `<path/>` is whole; in HTML the slash means nothing."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open.tag != tag or self.open.parent is None:
            line, _ = self.getpos()
            self.faults.append(f"</{tag}> on line {line} closes <{self.open.tag}>")
            return
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


class Page(Element):
    """A parsed page."""

    def __init__(self, html: str) -> None:
        builder = _Builder()
        builder.feed(html)
        builder.close()
        super().__init__("#page", {}, builder.root.children)
        self.faults = builder.faults
        if builder.open is not builder.root:
            self.faults.append(f"<{builder.open.tag}> is never closed")

    def form(self, action: str | None = None) -> "Form":
        """Return the form that posts to *action*; without it, the only posting form of <main>."""
        forms = [f for f in self.all("form") if f.attrs.get("method", "").lower() == "post"]
        if action is not None:
            forms = [f for f in forms if f.attrs.get("action") == action]
        elif len(forms) > 1:
            forms = [f for f in forms if f.inside("main")]
        assert len(forms) == 1, f"{len(forms)} posting forms, and one was wanted"
        return Form(forms[0])


@dataclass(frozen=True)
class Form:
    """A form as a browser without JavaScript would send it."""

    element: Element

    @property
    def action(self) -> str:
        """Where it goes; empty for the page itself."""
        return self.element.attrs.get("action", "")

    @property
    def values(self) -> dict[str, list[str]]:
        """What it would send untouched, by field name, without any button."""
        sent: dict[str, list[str]] = {}
        for control in self.element.all("input", "select", "textarea"):
            name = control.attrs.get("name")
            if name and "disabled" not in control.attrs:
                values = _values(control)
                if values:
                    sent.setdefault(name, []).extend(values)
        return sent


def _values(control: Element) -> list[str]:
    if control.tag == "textarea":
        return [re.sub(r"^\r?\n", "", control._raw_text())]
    if control.tag == "select":
        return _selected(control)
    kind = control.attrs.get("type", "text")
    if kind in UNLABELLED - {"hidden"} or kind == "file":
        return []
    if kind in {"checkbox", "radio"}:
        return [control.attrs.get("value", "on")] if "checked" in control.attrs else []
    return [control.attrs.get("value", "")]


def _selected(select: Element) -> list[str]:
    options = select.all("option")
    chosen = [o for o in options if "selected" in o.attrs]
    if not chosen and "multiple" not in select.attrs:
        chosen = options[:1]
    return [o.attrs.get("value", o.text) for o in chosen]


def page_faults(page: Page) -> list[str]:
    """Tell what a page of ours lacks: one h1, a title, language, labels, tokens, unique ids."""
    return [*page.faults, *_outline(page), *_ids(page), *_controls(page), *_tokens(page)]


def _outline(page: Page) -> Iterator[str]:
    for tag in ("html", "title", "h1", "main"):
        found = [e for e in page.all(tag) if not e.inside("svg")]
        if len(found) != 1:
            yield f"{len(found)} <{tag}>, and a page has one"
        elif tag in {"title", "h1"} and not found[0].text:
            yield f"an empty <{tag}>"
    for html in page.all("html"):
        if not html.attrs.get("lang") or html.attrs.get("dir") not in {"ltr", "rtl"}:
            yield "<html> without lang and dir"


def _ids(page: Page) -> Iterator[str]:
    ids = Counter(e.attrs["id"] for e in page if "id" in e.attrs)
    yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    for element in page:
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list"):
            for target in element.attrs.get(name, "").split():
                if target not in ids:
                    yield f"<{element.tag} {name}={target!r}> points at no element"
        href = element.attrs.get("href", "")
        if element.tag == "a" and len(href) > 1 and href[0] == "#" and href[1:] not in ids:
            yield f"the link {href} leads nowhere"


def _controls(page: Page) -> Iterator[str]:
    labelled = {label.attrs.get("for") for label in page.all("label") if label.text}
    for control in page.all("input", "select", "textarea"):
        attrs = control.attrs
        if attrs.get("type") in UNLABELLED or control.inside("label"):
            continue
        if attrs.get("id") in labelled or attrs.get("aria-label") or attrs.get("aria-labelledby"):
            continue
        yield f"<{control.tag} name={attrs.get('name')!r}> has no label"
    for button in page.all("button", "a"):
        named = button.attrs.get("aria-label") or button.text or button.all("img", "svg")
        if not named:
            yield f"a <{button.tag}> without words: {button.attrs}"
    for image in page.all("img"):
        if "alt" not in image.attrs:
            yield f"an image without alt: {image.attrs.get('src')}"


def _tokens(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        token = form.all("input", name="csrf_token")
        posts = form.attrs.get("method", "get").lower() == "post"
        if posts and not (token and token[0].attrs.get("value")):
            yield f"the form to {form.attrs.get('action')!r} has no csrf_token"
        if not posts and token:
            yield f"the form to {form.attrs.get('action')!r} shows its csrf_token in the address"
