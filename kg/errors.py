"""What can go wrong, as a tree.

KgError
├── SourceError      a file of papers cannot be read at all
├── FetchError       a listing cannot be downloaded
├── GraphError       a graph cannot be opened, read or written
├── CorrectionError  a correction cannot be read, contradicts another, or names nothing
├── QueryError       a question is malformed, or names something unknown
├── ServeError       a graph cannot be served
└── OntologyError    the ontology or the vocabulary is missing or broken

Every message is one line for a person: what, where, what to try.
"""

__all__ = [
    "CorrectionError",
    "FetchError",
    "GraphError",
    "KgError",
    "OntologyError",
    "QueryError",
    "ServeError",
    "SourceError",
]


class KgError(Exception):
    """Something that the user can understand and mend; its text is shown to them."""


class SourceError(KgError):
    """A file of papers cannot be read at all."""


class FetchError(KgError):
    """A listing cannot be downloaded."""


class GraphError(KgError):
    """A graph cannot be opened, read or written."""


class CorrectionError(KgError):
    """A correction cannot be read, contradicts another, or names nothing in the graph."""


class QueryError(KgError):
    """A question is malformed, or names something that the graph does not know."""


class ServeError(KgError):
    """A graph cannot be served: the address is taken, or a library is missing."""


class OntologyError(KgError):
    """The ontology or the vocabulary is missing or broken."""
