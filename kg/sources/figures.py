"""The numbers of annotated papers: what an annotator wrote as a value becomes decimals with a comparator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kg.annotation import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Field

__all__ = ["figure"]

_ONE: Final = re.compile(r"(?P<sign>[+~∼≈]?)\s*(?P<value>-?\d+(?:\.\d+)?)(?P<more>\+?)")
_RANGE: Final = re.compile(r"(?P<value>-?\d+(?:\.\d+)?)\s*(?:-{1,3}|–|—|to)\s*(?P<upper>-?\d+(?:\.\d+)?)")
_COMPARATORS: Final = ("=", "<", ">", "range")


def figure(
    item: Mapping[str, Any], names: Mapping[str, str | None], span: tuple[Field, int, int] | None
) -> Figure | None:
    """A result as an annotator puts it; None where it has no metric, or a value that is neither number nor range.

    "improvement" as a comparator, and a plus sign before the number, say that it is a change; one behind it says that
    it is a lower bound. `names` are the texts of the item, checked.

    >>> found = figure({"value": "0.5-0.75"}, {"metric": "F1", "comparator": "improvement"}, None)
    >>> found.value, found.upper, found.comparator, found.delta
    ('0.5', '0.75', 'range', True)
    >>> figure({"value": "twofold"}, {"metric": "F1"}, None)
    """
    metric, written = names.get("metric"), _written(item)
    plain = written.replace(",", "")
    one, two = _ONE.fullmatch(plain), _RANGE.fullmatch(plain)
    if metric is None or not (one or two):
        return None
    comparator = names.get("comparator") or "="
    value, upper = _bounds(two["value"], two["upper"]) if two else (one["value"] if one else "", None)
    if upper:
        sign = "range"
    elif one and one["more"]:
        sign = ">"
    else:
        sign = comparator if comparator in _COMPARATORS and comparator != "range" else "="
    return Figure(
        metric=metric,
        written=written.strip("+~∼≈ "),
        value=value,
        comparator=sign,
        upper=upper,
        delta=comparator == "improvement" or bool(one and one["sign"] == "+"),
        baseline=item.get("is_baseline") is True,
        variant=names.get("metric_variant"),
        span=span,
        **{name: names.get(name) for name in ("unit", "condition", "dataset", "method", "backbone", "task")},
    )


def _written(item: Mapping[str, Any]) -> str:
    """The value as a text; bounds that stand apart as a range."""
    value = item.get("value")
    if value is None and {"value_min", "value_max"} <= item.keys():
        return f"{item['value_min']}-{item['value_max']}"
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _bounds(first: str, second: str) -> tuple[str, str | None]:
    low, high = sorted((first, second), key=float)
    return low, high
