"""What people correct: a small text file, one correction a line, its columns parted by tabs.

The actions and their columns, the last of which is the reason:

    merge   KIND  NAME  INTO       the one entity is the other
    split   KIND  NAME  FROM       the name is no name of that entity, but an entity of its own
    rename  KIND  NAME  LABEL      the entity is called so, and keeps its address
    retype  KIND  NAME  KIND       the entity is of another kind
    reject  KIND  NAME             nothing of that kind is called so
    reject  PAPER PREDICATE KIND NAME    the paper does not say so
    accept  PAPER PREDICATE KIND NAME    the paper says so

Blank lines, and lines that begin with #, say nothing. Corrections are applied in their order, each to what those
before it have left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from kg.errors import CorrectionError
from kg.extract.tokens import compact
from kg.model import FITS, KINDS, PREDICATES
from kg.terms import digest as digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["ACTIONS", "HEADER", "Correction", "check", "digest", "line", "parse"]

#: What an action's columns hold between its name and the reason; `reject` has a second form.
_FORMS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "merge": (("kind", "name", "other"),),
    "split": (("kind", "name", "other"),),
    "rename": (("kind", "name", "other"),),
    "retype": (("kind", "name", "other"),),
    "reject": (("kind", "name"), ("paper", "predicate", "kind", "name")),
    "accept": (("paper", "predicate", "kind", "name"),),
}
ACTIONS: Final = tuple(_FORMS)

HEADER: Final = (
    "# Corrections of a knowledge graph, applied at every build. One a line, columns parted by tabs:\n"
    "# merge KIND NAME INTO REASON; split KIND NAME FROM REASON; rename KIND NAME LABEL REASON;\n"
    "# retype KIND NAME KIND REASON; reject KIND NAME REASON; reject or accept PAPER PREDICATE KIND NAME REASON\n"
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction. `other` is the name, label or kind that it leads to; `paper` and `predicate` are of a claim.

    `where` is the file and line that it stands in.
    """

    action: str
    kind: str
    name: str
    reason: str
    other: str = ""
    paper: str = ""
    predicate: str = ""
    where: str = field(default="", compare=False)

    @property
    def is_of_claim(self) -> bool:
        """Whether it is about one claim, and not about an entity."""
        return bool(self.paper)


def parse(text: str, where: str) -> list[Correction]:
    """The corrections of a file. Raises CorrectionError, with the line, for one that cannot be read."""
    found = []
    for number, row in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if row.strip() and not row.startswith("#"):
            found.append(_parsed(row.split("\t"), f"{where}:{number}"))
    return found


def line(correction: Correction) -> str:
    r"""A correction as it stands in a file.

    >>> line(Correction("rename", "Task", "QA", "as all say", "question answering"))
    'rename\tTask\tQA\tquestion answering\tas all say'
    """
    form = next(form for form in _FORMS[correction.action] if bool(correction.paper) == ("paper" in form))
    values = (correction.action, *(getattr(correction, name) for name in form), correction.reason)
    return "\t".join(" ".join(value.split()) for value in values)


def digest(corrections: Iterable[Correction]) -> str:
    """What stands for these corrections in the record of a build."""
    return digest_of(*map(line, corrections))


def check(corrections: Sequence[Correction]) -> None:
    """Raise CorrectionError, with the place of both, if two corrections cannot both hold."""
    said: dict[tuple[str, ...], tuple[str, Correction]] = {}
    merged: dict[str, dict[str, Correction]] = {kind: {} for kind in KINDS}
    for each in corrections:
        for key, value in _says(each):
            before, other = said.setdefault(key, (value, each))
            if before != value:
                _contradict(each, other)
        if each.action == "merge":
            _check_circle(each, merged[each.kind])
            merged[each.kind][compact(each.name)] = each


def _says(each: Correction) -> Iterator[tuple[tuple[str, ...], str]]:
    """What a correction settles, as questions and answers: two corrections must not answer one differently."""
    name, other = compact(each.name), compact(each.other)
    if each.action in ("rename", "retype"):
        yield (each.action, each.kind, name), each.other
    elif each.action in ("merge", "split"):
        yield ("one", each.kind, *sorted((name, other))), each.action
        if each.action == "merge":
            yield ("into", each.kind, name), other
    elif each.is_of_claim:
        yield ("claim", each.paper, each.predicate, each.kind, name), each.action
    if each.action in ("reject", "accept") and not (each.is_of_claim and each.action == "reject"):
        yield ("name", each.kind, name), each.action


def _check_circle(each: Correction, merged: Mapping[str, Correction]) -> None:
    """See to it that the merges of a kind do not lead back to the name that this one takes away."""
    name, place = compact(each.name), compact(each.other)
    if name == place:
        raise CorrectionError(f"{_at(each)}{_shown(each)}: both are one name already")
    while (before := merged.get(place)) is not None:
        place = compact(before.other)
        if place == name:
            _contradict(each, before)


def _contradict(each: Correction, other: Correction) -> NoReturn:
    place = f" ({other.where})" if other.where else ""
    raise CorrectionError(f"{_at(each)}“{_shown(each)}” contradicts “{_shown(other)}”{place}: keep one of them")


def _at(each: Correction) -> str:
    return f"{each.where}: " if each.where else ""


def _shown(each: Correction) -> str:
    """A correction as people read it, without its reason."""
    return " ".join(line(each).split("\t")[:-1])


def _parsed(columns: Sequence[str], where: str) -> Correction:
    action, *values = (value.strip() for value in columns)
    forms = _FORMS.get(action)
    if forms is None:
        raise CorrectionError(f"{where}: no action {action!r}: use one of {', '.join(ACTIONS)}")
    form = next((form for form in forms if len(form) + 1 == len(values)), None)
    if form is None or not all(values):
        wanted = " or ".join(" ".join((*_words(form), "REASON")) for form in forms)
        raise CorrectionError(f"{where}: {action} needs {wanted}, parted by tabs")
    found = Correction(action, **dict(zip((*form, "reason"), values, strict=True)), where=where)
    kinds = (found.kind, found.other) if action == "retype" else (found.kind,)
    for kind in kinds:
        if kind not in KINDS:
            raise CorrectionError(f"{where}: no kind {kind!r}: use one of {', '.join(KINDS)}")
    if found.predicate and found.predicate not in PREDICATES:
        raise CorrectionError(f"{where}: no predicate {found.predicate!r}: use one of {', '.join(PREDICATES)}")
    if found.predicate and found.kind not in FITS.get(found.predicate, KINDS):
        raise CorrectionError(f"{where}: {found.predicate} leads to no {found.kind}")
    return found


def _words(form: tuple[str, ...]) -> Iterator[str]:
    return (name.upper() for name in form)
