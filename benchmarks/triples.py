"""Where the triples of a graph go: how many a paper, by kind of subject and by property.

    python benchmarks/triples.py papers.nt

The graph is an N-Triples file of kg build. The ontology's own triples are counted apart.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from kg.ontology import schema
from kg.vocab import FABIO, PREFIXES

OURS = re.compile(r"<https://w3id\.org/ml-kg/(\w+)/")
PAPER = f"<{PREFIXES['rdf']}type> <{FABIO.ResearchPaper}> ."
ENTITIES = {"method", "dataset", "task", "metric"}


def kind(subject: str) -> str:
    match = OURS.match(subject)
    name = match[1] if match else "other"
    return "entity" if name in ENTITIES else name


def main(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        lines = {line.rstrip("\n") for line in file}
    own = lines - set(schema())
    papers = sum(line.endswith(PAPER) for line in own)
    kinds: Counter[str] = Counter()
    nodes: Counter[str] = Counter(kind(subject) for subject in {line.split(" ", 1)[0] for line in own})
    properties: Counter[tuple[str, str]] = Counter()
    for line in own:
        subject, prop, _ = line.split(" ", 2)
        kinds[kind(subject)] += 1
        properties[kind(subject), re.split("[#/]", prop[:-1])[-1]] += 1
    print(
        f"{papers} papers, {len(own)} triples, {len(own) / papers:.1f} a paper, and {len(lines - own)} of the ontology"
    )
    for name, count in kinds.most_common():
        print(f"{count / papers:7.2f} of {nodes[name] / papers:.2f} {name} nodes")
        for (subject, prop), times in properties.most_common():
            if subject == name:
                print(f"        {times / papers:7.2f} {prop}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
