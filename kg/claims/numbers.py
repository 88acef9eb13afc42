"""Measured numbers in a text: value, range, unit and comparator, with years, sizes and names left out."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Quantity", "plain", "quantities"]

_LATEX = re.compile(
    r"\\(?:times|sim|approx|pm|geq?|leq?|uparrow|downarrow|rightarrow|to|[%$,;!& ])(?![a-z])|[$~{}*\u00a0]"
)
_SIGNS = {
    "\\times": "×",
    "\\%": " %",
    "\\ge": ">",
    "\\geq": ">",
    "\\le": "<",
    "\\leq": "<",
    "\\pm": "±",
    "\\rightarrow": "→",
    "\\to": "→",
}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_UNIT = (
    r"(?:%|(?:×|percentage[ -]points?|percentage|percent|per[ -]cent|points?|pts|pp|times|folds?|dB|ms|"
    r"milliseconds?|seconds?|secs?|minutes?|hours?|days?|weeks?|FPS|fps|Hz|HZ|GB|MB|pixels?|px|mm|cm|m|s|[xX])"
    r"(?![\w’'@])|[xX](?=(?:and|as|at|better|faster|fewer|for|higher|in|less|lower|more|on|over|respectively|speed-?up|"
    r"than|the|to|when|while)\b))"
)
_QUANTITY = re.compile(
    rf"(?P<sign>[+−–-]?)(?P<low>{_NUMBER})"
    rf"(?:\s{{0,3}}-?(?P<first>{_UNIT}))?"
    rf"(?:\s{{0,3}}(?P<joint>-{{1,3}}|–|—|~|to|→|->|and)\s{{0,3}}(?P<high>{_NUMBER})(?:\s{{0,3}}-?(?P<second>{_UNIT}))?)?"
)
_GLUED = re.compile(r"(?:[A-WYZa-wyz@^_\\]|\w[.\-–]|[^\d%\s]/|(?<!\w)\w\s?=|\^\s{0,2}|O\s?\()$")
_FORMULA = re.compile(r"(?:\\(?!text|mathbf|bf|bm)[a-z]{1,12}\s{0,2}|[({^/+\\[]\s{0,2})$")
_ITEM = re.compile(r"\s{0,3}[)/+\\^±\]]")
_AFTER = re.compile(r"(?:[\d@^_]|\.\d|[-–]?[A-Za-z]|[-–]\d|,\d{3}|\s?[x×]\s?\d)")
_SIZE = re.compile(r"\s{0,2}\d")
_ORDINARY = re.compile(
    r"\s?-?(?:(?:labell?ed|training|test|real[- ]world|different|public|more|new|common|popular|standard|diverse|"
    r"benchmark|random|unlabell?ed|hidden|additional|held-out|challenging|widely[- ]used|"
    r"submitted|distinct|unique|time|user|individual|existing|previous|other|recent)\s)*"
    r"(?:datasets?|benchmarks?|tasks?|layers?|epochs?|bits?|shots?|way|classes|class|categories|languages?|models?|"
    r"networks?|examples?|samples?|images?|videos?|labels?|parameters?|tokens?|sentences?|words?|documents?|pages?|"
    r"papers?|participants?|subjects?|users?|teams?|systems?|methods?|baselines?|domains?|environments?|games?|steps?|"
    r"iterations?|gpus?|nodes?|queries|questions?|pairs?|million|billion|thousand|agents?|objects?|frames?|views?|"
    r"seeds?|runs?|trials?|annotators?|hours of|minutes of|seconds of|robots?|scenes?|clients?|clusters?|"
    r"demonstrations?|bytes|patients|runs|submissions|(?:time[ -]?)steps|d|nd|rd|st|th|k|m|b|d)\b(?!-)",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\s*(?:of (?:the )?|less |fewer |more )?(?:labell?ed |training |unlabell?ed |supervised |annotated |the )*"
    r"(?:data(?:sets?)?\b|(?:noise|sparsity|labels?|annotations?|noisy|sparse|confidence)\b)"
)
_RANGE = re.compile(r"\b(?:from|between)\s+(?:about |around |roughly )?$", re.IGNORECASE)
_LOW = re.compile(
    r"(?:<|≤|\b(?:less|lower|fewer|smaller|no more) than|\b(?:below|under|within|at most|sub))\s*(?:an? )?$",
    re.IGNORECASE,
)
_HIGH = re.compile(
    r"(?:>|≥|\b(?:more|greater|higher|larger|better) than|\b(?:over|above|exceed(?:s|ing|ed)?|at least|beyond|"
    r"surpass(?:es|ing|ed)?))\s*(?:an? )?$",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"(?:\b(?:resolutions?|ranges?|distances?|lengths?|sizes?|thresholds?|temperatures?|sparsity(?: levels?)?) "
    r"(?:of|is|at) (?:about |around )?|(?<![\w-])p[ -]?(?:values?)?\s?[=<>≤]\s?)$",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"\d\s?(?:%|\w{1,3})?\s?[(\[](?:95 ?% ?CI[,:]? )?$")
_MONEY = "$€£#"
_LOOK = 40
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its place in the text.

    `value` is decimal text; `upper` ends a range; `signed` is a plus or minus; `steps` marks "from a to b".
    """

    start: int
    end: int
    value: str
    unit: str | None = None
    upper: str | None = None
    comparator: str = "="
    signed: bool = False
    steps: bool = False

    @property
    def falls(self) -> bool:
        """Whether it goes from a number to a smaller one, which no range does."""
        return self.upper is not None and Decimal(self.value) > Decimal(self.upper)

    @property
    def measured(self) -> bool:
        """Whether it looks like a measurement by itself: it has a unit or decimals."""
        return self.unit is not None or "." in self.value


def plain(text: str) -> str:
    r"""The text with mark-up of formulas blanked out, of the same length.

    >>> plain("a $9.5\\%$ gain")
    'a  9.5 %  gain'
    """
    return _LATEX.sub(lambda found: _SIGNS.get(found[0].rstrip(), "").ljust(len(found[0])), text)


def quantities(text: str, start: int, end: int, taken: Sequence[tuple[int, int]] = ()) -> Iterator[Quantity]:
    """The numbers of `text[start:end]`, which is `plain`, that may measure something; none inside a `taken` stretch.

    >>> [(q.value, q.unit) for q in quantities("ResNet-18 in 2019: 93.7% on 5 datasets", 0, 38)]
    [('93.7', '%')]
    """
    firsts = [first for first, _ in taken]
    place = start
    while found := _QUANTITY.search(text, place, end):
        at = bisect_right(firsts, found.start("low")) - 1
        if at >= 0 and taken[at][1] > found.start("low"):
            place = max(found.start() + 1, min(taken[at][1], end))
            continue
        if found["high"] and _is_interval(
            text[max(start, found.start() - _LOOK) : found.start()], text[found.end() : found.end() + 1]
        ):
            place = found.end()
            continue
        quantity = _quantity(text, found, start)
        place = quantity.end if quantity else found.end("low")
        if quantity:
            yield quantity


def _quantity(text: str, found: re.Match[str], floor: int) -> Quantity | None:
    before = text[max(floor, found.start() - _LOOK) : found.start()]
    if _GLUED.search(before[-6:]) and not before.endswith("->"):
        return None
    whole = _ranged(before, found)
    after = text[whole.end : whole.end + _LOOK]
    if whole.unit is None and (_AFTER.match(after) or _ORDINARY.match(after)):
        return None
    if whole.unit in ("×", "x", "X") and (_SIZE.match(after) or before.rstrip()[-1:] in ("×", "x")):
        return None
    if _SETTING.search(before) or _is_plain_number(whole, before, after):
        return None
    if (after[:1].isalnum() and whole.unit not in ("%", "x", "X")) or (whole.unit and _DATA.match(after)):
        return None
    return whole


def _ranged(before: str, found: re.Match[str]) -> Quantity:
    """Return the number with its unit and, where the words make one, the range that it opens."""
    joint, first, second = found["joint"], found["first"], found["second"]
    opened = _RANGE.search(before)
    steps = joint in ("→", "->") or bool(opened and opened[0].lower().startswith("from"))
    low, high = found["low"], found["high"]
    if high and (steps or joint[0] in "-–—~" or (opened and joint == "and") or (joint == "to" and second)):
        end = found.end("second" if second else "high")
        return Quantity(found.start("low"), end, _decimal(low), second or first, _decimal(high), "range", steps=steps)
    comparator = "<" if _LOW.search(before) else ">" if _HIGH.search(before) else "="
    signed = found["sign"] in ("+", "−") or (found["sign"] in ("-", "–") and not before[-1:].strip(" (,"))
    end = found.end("first" if first else "low")
    minus = "-" if signed and found["sign"] != "+" else ""
    return Quantity(found.start("low"), end, minus + _decimal(low), first, None, comparator, signed)


def _decimal(number: str) -> str:
    number = number.replace(",", "")
    return f"0{number}" if number.startswith(".") else number


def _is_interval(before: str, after: str) -> bool:
    """Whether a range says how sure the number before it is: "0.71 (0.65-0.77)"."""
    return after in (")", "]") and _INTERVAL.search(before) is not None


def _is_plain_number(quantity: Quantity, before: str, after: str) -> bool:
    """Whether the number is a year, a price, an item of a list or a part of a name."""
    if before.rstrip()[-1:] in _MONEY and before.rstrip():
        return True
    if quantity.unit is not None or not quantity.value.isdigit():
        return False
    if len(quantity.value) < len("100") and (_ITEM.match(after) or _FORMULA.search(before)):
        return True
    return _FIRST_YEAR <= int(quantity.value[:5]) <= _LAST_YEAR and len(quantity.value) == len("2000")
