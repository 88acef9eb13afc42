"""The records that pass between the rooms; nothing else does.

They are frozen, slotted and hold plain values. Offsets count Unicode code
points of the verbatim text and exclude their end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from kg.declared import Declared, DeclaredClaim, DeclaredResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.annotation import Annotation

__all__ = [
    "FIELDS",
    "FITS",
    "KINDS",
    "PREDICATES",
    "Claim",
    "Declared",
    "DeclaredClaim",
    "DeclaredResult",
    "Entity",
    "Evidence",
    "Field",
    "Join",
    "Kind",
    "Listing",
    "Mention",
    "Paper",
    "Predicate",
    "Reading",
    "Rejected",
    "Result",
    "Source",
    "Text",
    "plural",
]

Kind = Literal[
    "Method",
    "Dataset",
    "Task",
    "Metric",
]
Field = Literal["title", "abstract"]
Predicate = Literal[
    "proposes",
    "uses",
    "evaluatesOn",
    "addresses",
    "comparesWith",
    "outperforms",
    "measures",
    "mentions",  # the last: all others say more
]
Polarity = Literal["positive", "negated"]

KINDS: tuple[Kind, ...] = get_args(Kind)
FIELDS: tuple[Field, ...] = get_args(Field)
PREDICATES: tuple[Predicate, ...] = get_args(Predicate)

#: The kinds that a predicate leads to; one that is not here leads to all.
FITS: Mapping[Predicate, tuple[Kind, ...]] = {
    "uses": ("Method", "Dataset"),
    "evaluatesOn": ("Dataset",),
    "addresses": ("Task",),
    "comparesWith": ("Method",),
    "outperforms": ("Method",),
    "measures": ("Metric",),
}


def plural(kind: str) -> str:
    """What several things of a kind are called.

    >>> plural("Method"), plural("Library")
    ('Methods', 'Libraries')
    """
    return f"{kind.removesuffix('y')}ies" if kind.endswith("y") else f"{kind}s"


@dataclass(frozen=True, slots=True, order=True)
class Listing:
    """A page that lists papers, and what it says of itself, verbatim."""

    group: str
    group_index: int | None = None
    date_text: str | None = None
    date: str | None = None
    reading_text: str | None = None
    word_count: int | None = None
    read_minutes: int | None = None
    teaser: str | None = None
    teaser_truncated: bool = False
    footer: str | None = None
    papers: int = 0
    slugs: tuple[str, ...] = ()
    characters: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a paper was read: the digest of the file, its format, the line, the page.

    The file's path is not part of it: the same bytes are the same source.
    """

    sha256: str
    format: str
    line: int = 0
    position: int = 0
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as a source gives it; title and abstract are verbatim.

    `ids` are (scheme, value) pairs such as ("openreview", "HklkeR4KPB"), sorted; `id` is the
    strongest of them as "scheme:value". `urls` are (role, address) pairs, the roles being "url",
    "pdf" and "pwc". `published` is YYYY, YYYY-MM or YYYY-MM-DD. A paper with an `annotation` says what that says, and
    is not read by a model. `versions` are the titles and abstracts of other versions of it, of which nothing is read.
    """

    id: str
    title: str
    abstract: str
    source: Source
    ids: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    anonymous: bool = False
    published: str | None = None
    venue: str | None = None
    urls: tuple[tuple[str, str], ...] = ()
    declared: Declared = Declared()  # noqa: RUF009 - frozen
    annotation: Annotation | None = None
    versions: tuple[tuple[str, str], ...] = ()

    @property
    def year(self) -> int | None:
        """The year of publication, if it is known."""
        return int(self.published[:4]) if self.published else None


@dataclass(frozen=True, slots=True, order=True)
class Rejected:
    """A record that could not be read as a paper: the file, its line, why, and the record itself."""

    source: str
    line: int
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One version of one field of a paper: what evidence points into."""

    paper: str
    field: Field
    sha256: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A stretch of a text: `text.text[start:end]`."""

    text: Text
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The words themselves."""
        return self.text.text[self.start : self.end]


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A stretch of text that names a method, dataset, task or metric."""

    text: Text
    start: int
    end: int
    surface: str
    kind: Kind
    confidence: float
    extractor: str


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """Something that papers name. `links` are (property, IRI) pairs such as ("exactMatch", "https://…")."""

    iri: str
    kind: Kind
    label: str
    aliases: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    broader: tuple[str, ...] = ()
    variant_of: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A paper says something of an entity.

    `sentence` is the sentence that says it best and `mention` the name within it; both are absent
    when only the source declares it: `origin` is then the SHA-256 of the file that does, where that
    is not the file that the paper itself was read from. `also` are further sentences. `subject` is
    the IRI of the winner or user where that is not the paper's own method.
    """

    paper: str
    predicate: Predicate
    entity: Entity
    confidence: float
    extractor: str
    sentence: Evidence | None = None
    mention: Evidence | None = None
    also: tuple[Evidence, ...] = ()
    polarity: Polarity = "positive"
    declared: bool = False
    role: str | None = None
    subject: str | None = None
    variant: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """A number that a paper reports. `value` and `upper` are decimals as text; `comparator` is =, <, > or range.

    `evidence` is the sentence and `span` the stretch of it that holds the number; both are absent where only a source
    declares it, and `origin` is then the SHA-256 of the file that does. `called` is what the paper calls the metric,
    where its entity has another name.
    """

    paper: str
    metric: Entity
    value: str
    comparator: str
    unit: str | None
    confidence: float
    extractor: str
    evidence: Evidence | None = None
    span: Evidence | None = None
    dataset: Entity | None = None
    method: Entity | None = None
    backbone: Entity | None = None
    task: Entity | None = None
    variant: str | None = None
    upper: str | None = None
    condition: str | None = None
    delta: bool = False
    baseline: bool = False
    called: str | None = None
    origin: str | None = None

    @property
    def declared(self) -> bool:
        """Whether a source states it, and no sentence of the paper."""
        return self.evidence is None


@dataclass(frozen=True, slots=True, order=True)
class Join:
    """A paper has a name for the entity of this IRI that is neither its label nor in the vocabulary, and why it is its.

    `reason` is a predicate in words: of the name NMT, "is defined as it".
    """

    iri: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one paper. `linked` pairs each mention with its entity, in text order.

    `joins` say why the names that are not an entity's own are its all the same.
    """

    paper: Paper
    texts: tuple[Text, ...] = ()
    linked: tuple[tuple[Mention, Entity], ...] = ()
    claims: tuple[Claim, ...] = ()
    results: tuple[Result, ...] = field(default=())
    joins: tuple[Join, ...] = ()
