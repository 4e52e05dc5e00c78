"""What text may hold, and how names are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LINE = 300
TITLE = 2_000
# What a field shows behind a name: ` #12`, ` #new`, ` (CODE)`.
BEHIND_NAME = 20
PARAGRAPHS = 20_000
# How many texts are remembered with what they mean: files say the same ones again and again.
REMEMBERED = 20_000

# Bidi embeddings, overrides and isolates: they make a name read as something that it is not.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile("[\r\n\t\u2028\u2029]")
_MARK = "\N{REPLACEMENT CHARACTER}"

_FOLDS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "\u200c": "",
        "\u200d": "",
        "ı": "i",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ʻ": "",
        "ʼ": "",
        "’": "",
        "'": "",
        "`": "",
    }
)


def N_(message: str) -> str:
    """Mark a message for translation where it is written but not yet shown."""
    return message


def visible(text: str) -> str:
    """A text for a message: a mark in the place of what would move the cursor or turn the words."""
    return _BIDI.sub(_MARK, _CONTROL.sub(_MARK, text))


class Refusal(ValueError):
    """A value that cannot be taken: an English message with %(name)s places, and their values."""

    def __init__(self, message: str, **values: object) -> None:
        # What was refused may be why: a terminal would obey its control characters.
        values = {n: visible(v) if isinstance(v, str) else v for n, v in values.items()}
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class TextError(Refusal):
    """Text that cannot be stored."""


def clean_line(text: str, limit: int = LINE) -> str:
    """One line in NFC without outer blanks; raises TextError for what a name may not hold."""
    # Text of letters that are seen has none of these; it is most of what files hold.
    if not text.isprintable() and _BREAKS.search(text.strip()):
        raise TextError(N_("This holds a line break or a tab. Write it on one line."))
    return clean_paragraphs(text, limit)


def clean_paragraphs(text: str, limit: int = PARAGRAPHS) -> str:
    """Text with line breaks in NFC; raises TextError for control and direction characters."""
    if not text.isprintable():
        text = _checked(text.replace("\r\n", "\n").replace("\r", "\n").strip())
    text = unicodedata.normalize("NFC", text).strip()
    if len(text) > limit:
        raise TextError(
            N_("This has %(length)s characters. The most is %(limit)s."),
            length=f"{len(text):,}",
            limit=f"{limit:,}",
        )
    return text


def _checked(text: str) -> str:
    if _CONTROL.search(text):
        raise TextError(N_("This holds invisible control characters. Type it again without them."))
    if _BIDI.search(text):
        raise TextError(
            N_(
                "This holds invisible characters that turn the direction of writing. "
                "Type it again without them."
            )
        )
    return text


@lru_cache(REMEMBERED)
def fold(text: str) -> str:
    """The key by which two spellings of a name are the same: no case, no accents, one blank.

    A name without letters and figures is its own key: else all of them would be one. A key has at
    most LINE characters, though folding can make eighteen of one.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDS))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.sub(r"[^\w\s]", " ", plain).split()
    return " ".join(words or text.casefold().split())[:LINE].rstrip()


def whole_number(text: str, most: int) -> int | None:
    """The number from 0 to ``most`` that ASCII figures mean; None for anything else.

    Longer figures are not even read: Python refuses to, from 4,301 on.
    """
    plain = text.strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > len(str(most)):
        return None
    number = int(plain)
    return number if number <= most else None
