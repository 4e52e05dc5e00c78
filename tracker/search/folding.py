"""The words of a text as they are searched for: Latin letters and figures, whatever was written.

Pure. Two kinds of keys are made of a word. Its *spelling* has no case, no accents and no script of
its own: `Махмудов` and `MAKHMUDOV` are `makhmudov`. Its *sounds* are what is left of it when the
ways of writing one name are made equal: `Makhmudov`, `Maxmudov` and `محمودوف` are all `mhmdf`
without vowels. Where vowels are written they tell Iran from Oran, so places are compared with them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

LONGEST_WORD = 64
# No word of a text begins so: it parts the sounds of names from the spellings.
CONSONANTS, VOWELLED, OF_CONSONANTS = "qx", "qy", "qz"

_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0963\u0981-\u0df3"
    "\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ece\u1036-\u103e\u17b4-\u17d3\u200c\u200d\u00ad"
)
# Han and kana, which are written without blanks.
_UNPARTED = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
APOSTROPHES = "'`´ʹʻʼ’‘ʿʾ"
_LETTER = rf"(?:(?![{_UNPARTED}])(?:[^\W_]|[{_MARKS}]))"
_PIECE = re.compile(rf"[{_UNPARTED}]+|{_LETTER}+(?:[{APOSTROPHES}]{_LETTER}+)*")
_ASCII_PIECE = re.compile("[0-9A-Za-z]+(?:['`][0-9A-Za-z]+)*")
_BLANKS = {sign: " " for sign in range(128) if not chr(sign).isalnum()}
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_NOT_PLAIN = re.compile("[^a-z0-9]+")
# d'Ivoire, l'accord, dell'Unione: two words. O'zbekiston, Ma'lumot, Sana'a: one.
_ELISION = re.compile("[bcdjlmnst]|qu|dell|nell|sull|dall|all|un")
_ROMANISED = 8

_AS_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "آ": "ا",
        "ؤ": "و",
        "ئ": "ی",
        "ء": "",
        "\u0640": "",
        "\u200c": "",
        "\u200d": "",
        "\u00ad": "",
        "ı": "i",
        # The Cyrillic letters of Uzbek, as its Latin alphabet writes them without apostrophes.
        "ў": "o",
        "қ": "q",
        "ғ": "g",
        "ҳ": "h",
        # Else NFKD would make и of it, as of an accent.
        "й": "y",
    }
)


def spellings(text: str) -> list[str]:
    """The words of a text in order, as they are compared."""
    if text.isascii() and "'" not in text and "`" not in text:
        words = text.lower().translate(_BLANKS).split()
        return words if len(text) <= LONGEST_WORD else [word[:LONGEST_WORD] for word in words]
    return [word for _start, _end, piece in pieces(text) for word in spellings_of(piece)]


def pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each word of a text begins and ends, and the word as it is written."""
    for found in (_ASCII_PIECE if text.isascii() else _PIECE).finditer(text):
        yield found.start(), found.end(), found.group()


@lru_cache(maxsize=100_000)
def spellings_of(piece: str) -> tuple[str, ...]:
    """The words that one written piece is: mostly one; none of a sign without a sound."""
    if re.match(f"[{_UNPARTED}]", piece):
        return _characters(piece)
    parts = _APOSTROPHE.split(piece.lower())
    if len(parts) > 1 and parts[-1] == "s":
        parts.pop()
    words: list[str] = []
    joined = ""
    for part in parts[:-1]:
        joined += part
        if _ELISION.fullmatch(joined):
            words.append(joined)
            joined = ""
    return tuple(plain for word in (*words, joined + parts[-1]) if (plain := _plain(word)))


def _plain(word: str) -> str:
    # In capitals the Armenian ligature is two letters, of which casefold makes other ones.
    letters = word.replace("և", "եվ").casefold().translate(_AS_LETTERS)
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c)
    )
    bare = unicodedata.normalize("NFC", bare)
    return _NOT_PLAIN.sub("", anyascii(bare).lower())[:LONGEST_WORD]


def _characters(run: str) -> tuple[str, ...]:
    """Where no blanks part words, each character is one, so that a part of a title is found."""
    return tuple(f"u{ord(sign):x}" for sign in unicodedata.normalize("NFKC", run))


def readings(text: str) -> Iterator[str]:
    """How short runs of Han and kana are read in Latin letters: 北京 is beijing, too."""
    if not text.isascii():
        for run in re.findall(f"[{_UNPARTED}]+", text):
            if len(run) <= _ROMANISED:
                yield _plain(run)


_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")
_ARABIC_SOUNDS = {
    **dict.fromkeys("اع", "A"),
    **dict(zip("بپتجحخدرزسشصضطظغفقکگلمنه", "bptjhhdrzssszzzgfkkglmnh", strict=True)),
    "ث": "s",
    "چ": "c",
    "ذ": "z",
    "ژ": "j",
    "و": "W",
    "ی": "",
    "ط": "t",
    "ض": "z",
    "ظ": "z",
}
_HISSING = str.maketrans(
    {
        **dict.fromkeys("şșšś", "sh"),
        **dict.fromkeys("çčć", "ch"),
        **dict.fromkeys("žż", "zh"),
        "ğ": "gh",
        "х": "kh",
    }
)
_DIGRAPHS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("s[hc]?ch|sch|sh", "s"),
        ("t?s?ch", "C"),
        ("kh", "h"),
        ("gh", "g"),
        ("dzh|dj|zh|j", "j"),
        ("ph", "f"),
        ("th", "t"),
        ("ck|q|c", "k"),
        ("[vw]", "f"),
    )
)


@dataclass(frozen=True)
class Sounds:
    """How a written name may sound: by its consonants, and with vowels where they are written."""

    consonants: frozenset[str] = frozenset()
    vowelled: frozenset[str] = frozenset()

    @property
    def wide(self) -> frozenset[str]:
        """What a person's name is found by: whoever writes it may choose other vowels."""
        return self.consonants

    @property
    def near(self) -> frozenset[str]:
        """What the name of a place is found by, in an alphabet with vowels or in one without."""
        if not self.vowelled:
            return self.consonants
        return self.vowelled | {OF_CONSONANTS + one.removeprefix(CONSONANTS) for one in self.wide}

    @property
    def told(self) -> frozenset[str]:
        """What is written beside a name of a place."""
        return self.wide | (self.vowelled or self._of_consonants)

    @property
    def _of_consonants(self) -> frozenset[str]:
        return frozenset(OF_CONSONANTS + one.removeprefix(CONSONANTS) for one in self.consonants)


SILENT = Sounds()


@lru_cache(maxsize=100_000)
def sounds_of(piece: str) -> Sounds:
    """How a written name may sound; nothing where too little is left of it.

    Vowels go, but for one at the beginning; kh, x and ҳ are h; q is k; w and v are f; zh is j; ş
    is s; doubled letters are one.
    """
    if re.match(f"[{_UNPARTED}]", piece):
        return SILENT
    letters = _APOSTROPHE.sub("", piece.lower()).translate(_AS_LETTERS)
    if _ARABIC.search(letters):
        return Sounds(_long_enough(CONSONANTS, _arabic(letters)))
    heard = [_heard(one) for one in _readings(_plain(letters.translate(_HISSING)))]
    return Sounds(
        _long_enough(CONSONANTS, map(_consonants, heard)),
        _long_enough(VOWELLED, map(_vowelled, heard)),
    )


def _long_enough(mark: str, sounds: Iterable[str]) -> frozenset[str]:
    return frozenset(mark + sound for sound in sounds if len(sound) > 1)


def _readings(word: str) -> set[str]:
    """x is kh in Uzbek and ks elsewhere; gh may stand for what others write with q."""
    of_x = {word.replace("x", one) for one in ("h", "ks")}
    return of_x | {word.replace("gh", "q") for word in of_x}


def _heard(word: str) -> str:
    for pattern, sound in _DIGRAPHS:
        word = pattern.sub(sound, word)
    return word


def _consonants(heard: str) -> str:
    # Women's names keep their last vowel: Makhmudova is not Makhmudov.
    woman = heard.endswith("fa")
    first = "a" if re.match("y?[aeiou]|y", heard) else ""
    return _collapsed(first + re.sub("[aeiouy]", "", heard).removesuffix("h") + "a" * woman)


def _vowelled(heard: str) -> str:
    """a, o and u are one vowel, e, i and y another; of several in a row the first is heard."""
    vowels = heard.translate(str.maketrans("ouiy", "aaee"))
    return _collapsed(re.sub("([ae])[ae]+", r"\1", vowels))


def _arabic(letters: str) -> set[str]:
    """Waw is a vowel or a consonant; beside alef it is a consonant, elsewhere it may be both."""
    codes = "".join(_ARABIC_SOUNDS.get(letter, "") for letter in letters)
    if letters.startswith("ی"):
        codes = "a" + codes
    woman = codes.endswith("WA")
    codes = re.sub("^W|(?<=A)W|W(?=A)", "f", codes)
    codes = codes[:1].lower() + codes[1:].replace("A", "")
    codes = codes.removesuffix("h") + "a" * woman
    may_be = {codes.replace("W", "")}
    if "W" in codes[:-2]:
        may_be.add(codes.replace("W", "f", 1).replace("W", ""))
    if codes.endswith("W"):
        may_be.add(codes[:-1].replace("W", "") + "f")
    return {_collapsed(one) for one in may_be}


def _collapsed(sound: str) -> str:
    """Doubled letters are one; the towns on -kand are written with d and with t."""
    return re.sub("nd$", "nt", re.sub(r"(.)\1+", r"\1", sound))


def sounds(text: str) -> Iterator[Sounds]:
    """The sounds of all words of a name."""
    for _start, _end, piece in pieces(text):
        yield sounds_of(piece)
