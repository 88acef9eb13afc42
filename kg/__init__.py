"""kg: listings of machine-learning papers become a knowledge graph in which every statement quotes its sentence.

>>> import kg
>>> graph = kg.build("examples/papers.jsonl")
>>> graph.papers(entity="hotpotqa", predicate="evaluatesOn").column("title")
['Reading Twice: Iterative Retrieval for Multi-hop Question Answering']
>>> graph.entity("CIFAR 10").label
'CIFAR-10'
>>> graph.close()

docs/python.md tells the rest. Nothing heavy is loaded before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from kg.api.graph import Graph

__all__ = ["Graph", "__version__", "build", "nlp", "open"]

__version__ = "0.1.0"

#: Rooms that are part of the public API; each is loaded when it is named.
_ROOMS = ("errors", "export", "queries", "render", "report")


def build(
    *sources: str | PathLike[str],
    graph: str | PathLike[str] | None = None,
    format: str = "auto",  # noqa: A002 - the word of the command line
    columns: Mapping[str, str] | None = None,
    fresh: bool = False,
    model: str = "default",
    jobs: int = 1,
    min_confidence: float | None = None,
    corrections: str | PathLike[str] | None = None,
) -> Graph:
    """Read files of papers into a graph, and open it; what was read and rejected is in its `summary`.

    Without `graph` it is kept in a directory of its own, which is removed when the graph is closed or no longer used.
    A directory that holds a graph gets the papers added; an RDF file is written anew only if `fresh`. `columns` says
    where the columns of a table have other names (`{"title": "Paper Name"}`), `model` what finds the names, `jobs` how
    many processes read, and `min_confidence`, from 0 to 1, from where on claims are asserted.

    Raises KgError: SourceError if no file gives a paper, GraphError, CorrectionError.
    """
    from pathlib import Path  # noqa: PLC0415 - kept out of `import kg`
    from tempfile import mkdtemp  # noqa: PLC0415 - as above

    from kg import pipeline  # noqa: PLC0415 - as above
    from kg.api import graph as api  # noqa: PLC0415 - as above
    from kg.asserted import LEAST  # noqa: PLC0415 - as above
    from kg.errors import SourceError  # noqa: PLC0415 - as above
    from kg.store import open_graph  # noqa: PLC0415 - as above

    scratch = Path(mkdtemp(prefix="kg-")) if graph is None else None
    place = str(scratch / "graph.kg" if scratch else graph)
    try:
        summary = pipeline.build(
            [Path(source) for source in sources],
            place,
            format=format,
            columns=columns,
            fresh=fresh,
            min_confidence=LEAST if min_confidence is None else min_confidence,
            model=model,
            jobs=jobs,
            corrections=None if corrections is None else Path(corrections),
        )
        if not summary.accepted and scratch:
            why = f": {summary.rejects[0].source}: {summary.rejects[0].reason}" if summary.rejects else ""
            raise SourceError(f"no paper was read{why}")  # noqa: TRY301 - nothing is left behind either way
        name = ", ".join(Path(source).name for source in sources) if scratch else place
        return api.Graph(open_graph(place), name=name, summary=summary, scratch=scratch)
    except BaseException:
        if scratch:
            from shutil import rmtree  # noqa: PLC0415 - as above

            rmtree(scratch, ignore_errors=True)
        raise


def open(graph: str | PathLike[str]) -> Graph:  # noqa: A001 - as in kg.open
    """Open the graph that a directory, an RDF file or the SPARQL endpoint at a URL holds. Raises GraphError."""
    from kg.api import graph as api  # noqa: PLC0415 - kept out of `import kg`
    from kg.store import open_graph  # noqa: PLC0415 - as above

    return api.Graph(open_graph(str(graph)), name=str(graph))


def nlp(model: str = "default") -> Any:
    """Make the spaCy pipeline that finds methods, datasets, tasks and metrics in a text.

    Its components are spaCy factories, of which one is enough in a pipeline of your own: `nlp.add_pipe("kg_entities")`.

    >>> [(ent.text, ent.label_) for ent in nlp()("We train BERT on SQuAD.").ents]
    [('BERT', 'Method'), ('SQuAD', 'Dataset')]
    """
    from kg.extract.components import nlp as pipeline  # noqa: PLC0415 - kept out of `import kg`

    return pipeline(model)


def __getattr__(name: str) -> Any:
    """Give what is loaded when it is named: the class Graph, and the rooms of the API."""
    from importlib import import_module  # noqa: PLC0415 - as above

    if name == "Graph":
        return import_module("kg.api.graph").Graph
    if name in _ROOMS:
        return import_module(f"kg.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
