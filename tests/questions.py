"""Papers of our own writing, of which the questions of docs/questions.md are asked.

Names are marked with their kind and with what the paper says of them: "[CIFAR-10|D evaluatesOn]". The results are of no
real experiment. `python -m tests.questions` brings the SPARQL in docs/questions.md up to date.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kg.pipeline import build
from kg.queries import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DOCS", "made"]

DOCS: Final = Path(__file__).parents[1] / "docs" / "questions.md"
KINDS: Final = {"M": "Method", "D": "Dataset", "T": "Task", "C": "Metric"}
MARK: Final = re.compile(r"\[([^\]|]+)\|([MDTC])((?: \w+)*)\]")
SPARQL: Final = re.compile(r"(kg query GRAPH --name ([a-z-]+)[^`]*```\n.*?```sparql\n)(.*?)(```)", re.DOTALL)

Row = dict[str, Any]

# Title, abstract, what the source says beside them, and the numbers.
PAPERS: Final[tuple[tuple[str, str, Row, list[Row]], ...]] = (
    (
        "[FooMatch|M proposes]: Few Labels Suffice",
        (
            "We present [FooMatch|M proposes] for [semi-supervised learning|T addresses]. "
            "On [CIFAR-10|D evaluatesOn] it reaches 90.1% [accuracy|C measures] with 250 labels."
        ),
        {
            "year": 2019,
            "venue": "NeurIPS 2019",
            "arxiv": "1901.00001",
            "authors": ["Ada Lovelace"],
            "repository": "https://github.com/example/foomatch",
            "framework": "PyTorch",
            "tasks": ["Semi-Supervised Learning"],
        },
        [
            {
                "metric": "accuracy",
                "value": "90.1",
                "unit": "%",
                "dataset": "CIFAR-10",
                "method": "FooMatch",
                "condition": "250 labels",
            }
        ],
    ),
    (
        "[ReFooMatch|M proposes]: Aligned Pseudo-Labels",
        (
            "[ReFooMatch|M proposes] improves [FooMatch|M uses comparesWith outperforms] with [AutoAugment|M uses] for "
            "[semi-supervised learning|T addresses]. We evaluate it on [CIFAR-10|D evaluatesOn] and "
            "[ImageNet|D evaluatesOn]. On CIFAR-10 we reach 93.7% [accuracy|C measures] with 250 labels, "
            "compared to 90.1% of FooMatch."
        ),
        {"year": 2020, "venue": "ICLR 2020", "openreview": "refoo", "authors": ["Grace Hopper", "Ada Lovelace"]},
        [
            {
                "metric": "accuracy",
                "value": "93.7",
                "unit": "%",
                "dataset": "CIFAR-10",
                "method": "ReFooMatch",
                "condition": "250 labels",
            },
            {
                "metric": "accuracy",
                "value": "90.1",
                "unit": "%",
                "dataset": "CIFAR-10",
                "method": "FooMatch",
                "is_baseline": True,
            },
        ],
    ),
    (
        "[LaterMatch|M proposes] Without Tricks",
        "[LaterMatch|M proposes] simplifies [ReFooMatch|M uses] for [semi-supervised learning|T addresses].",
        {"year": 2021, "venue": "ICLR 2021", "openreview": "later"},
        [],
    ),
    (
        "[TinyReader|M proposes] Reads Twice",
        (
            "[TinyReader|M proposes] is a small reader for [multi-hop question answering|T addresses] built on "
            "[BERT|M uses]. On [HotpotQA|D evaluatesOn] it reaches an [F1|C measures] of 71."
        ),
        {
            "year": 2021,
            "venue": "NAACL 2021",
            "acl": "2021.naacl-main.1",
            "repository": "https://github.com/example/tiny",
            "framework": "TensorFlow",
            "tasks": ["Question Answering"],
        },
        [{"metric": "F1", "value": "71", "dataset": "HotpotQA", "method": "TinyReader"}],
    ),
    (
        "[TinyQA|D proposes]: A Small Corpus of Questions",
        "We introduce [TinyQA|D proposes], a corpus for [question answering|T addresses]. [BERT|M uses] answers half.",
        {"year": 2020, "venue": "NAACL 2020", "acl": "2020.naacl-main.2", "authors": ["Grace Hopper"]},
        [],
    ),
    (
        "Asking Small Questions",
        "We study [question answering|T addresses] with [BERT|M uses] on [TinyQA|D evaluatesOn], by [F1|C measures].",
        {"year": 2021, "venue": "ACL 2021", "acl": "2021.acl-long.3"},
        [],
    ),
    (
        "Fewer Dimensions",
        "We use [principal component analysis|M uses] for [dimensionality reduction|T addresses].",
        {"year": 2021, "venue": "ICML 2021", "pmlr": "v1/one21a"},
        [],
    ),
    (
        "Even Fewer Dimensions",
        "[dimensionality reduction|T addresses] with [t-SNE|M uses] is slow; we measure its [latency|C measures].",
        {"year": 2021, "venue": "ICML 2021", "pmlr": "v1/two21a"},
        [],
    ),
    (
        "Smaller Readers",
        "We apply [model compression|T addresses] to [BERT|M uses] and halve its [latency|C measures].",
        {"year": 2021, "venue": "ACL 2021", "acl": "2021.acl-long.4"},
        [],
    ),
    (
        "Smaller Networks",
        "[model compression|T addresses] of [ResNet|M uses] on [ImageNet|D evaluatesOn] keeps [accuracy|C measures].",
        {"year": 2018, "venue": "CVPR 2018", "doi": "10.5555/small"},
        [],
    ),
    (
        "Playing Without Data",
        "We study [Q-learning|M uses] for [reinforcement learning|T addresses].",
        {"year": 2020, "venue": "NeurIPS 2020", "arxiv": "2001.00002"},
        [],
    ),
    (
        "[NovaNet|M proposes]",
        "We propose [NovaNet|M proposes] for [image classification|T addresses] on [ImageNet|D evaluatesOn].",
        {"year": 2024, "venue": "ICML 2024", "arxiv": "2401.00003"},
        [],
    ),
    *(
        (
            f"Study {number} of a New Network",
            f"We use [NovaNet|M uses] for [{task}|T addresses].",
            {"year": year, "venue": f"{venue} {year}", "doi": f"10.5555/nova{number}"},
            [],
        )
        for number, (year, venue, task) in enumerate(
            (
                (2024, "CVPR", "image classification"),
                (2025, "CVPR", "image classification"),
                (2025, "ACL", "question answering"),
                (2025, "ACL", "machine translation"),
                (2025, "NeurIPS", "reinforcement learning"),
            ),
            start=1,
        )
    ),
)
#: Read by the model: what it says is less than certain.
PLAIN: Final[Row] = {
    "title": "A Note on Hedging",
    "abstract": "Perhaps dropout might help image classification on MNIST in some cases. We did not try SVHN.",
    "year": 2022,
    "arxiv": "2201.00004",
}
#: Another source has the first paper too, with another title and another year.
OTHER: Final[Row] = {
    "title": "FooMatch: Few Labels Suffice (Extended Abstract)",
    "abstract": "We present FooMatch.",
    "year": 2020,
    "arxiv": "1901.00001",
}
CORRECTION: Final = "merge\tMethod\tt-SNE\tprincipal component analysis\tfor the sake of the question\n"


def rows() -> Iterator[Row]:
    """The annotated papers, as their source has them."""
    for title, abstract, beside, results in PAPERS:
        row: Row = {"mentions": [], "results": results, **beside}
        said: dict[tuple[str, str], dict[str, None]] = {}
        for field, marked in (("title", title), ("abstract", abstract)):
            text, end = "", 0
            for mark in MARK.finditer(marked):
                text += marked[end : mark.start()]
                place = {"field": field, "start": len(text), "end": len(text) + len(mark[1]), "type": KINDS[mark[2]]}
                row["mentions"].append(place)
                said.setdefault((KINDS[mark[2]], mark[1]), {}).update(dict.fromkeys(mark[3].split()))
                text, end = text + mark[1], mark.end()
            row[field] = text + marked[end:]
        row["entities"] = [
            {"canonical": name, "type": kind, "relations": list(relations)} for (kind, name), relations in said.items()
        ]
        yield row


def made(folder: Path) -> Path:
    """The graph of these papers, built in a folder."""
    for name, found in (("annotated", list(rows())), ("plain", [PLAIN]), ("other", [OTHER])):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")
    (folder / "corrections.tsv").write_text(CORRECTION, "utf-8")
    graph = folder / "questions.kg"
    paths = [folder / f"{name}.jsonl" for name in ("annotated", "plain", "other")]
    build(paths, str(graph), corrections=folder / "corrections.tsv")
    return graph


def current(text: str) -> str:
    """The page of questions, with the SPARQL that the named queries have now."""
    return SPARQL.sub(lambda match: f"{match[1]}{NAMED[match[2]].sparql}{match[4]}", text)


if __name__ == "__main__":
    DOCS.write_text(current(DOCS.read_text("utf-8")), "utf-8")
