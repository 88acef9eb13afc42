"""The named queries, entities by name, cards and counts, on seven papers written by hand."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.model import PREDICATES
from kg.queries import NAMED, NamedQuery, Parameter, fill
from kg.queries.cards import Neighbour, card, stats
from kg.queries.entities import Found, find, key
from kg.queries.explore import names
from kg.queries.named import parse
from kg.queries.papers import find_paper
from kg.store import from_lines, open_graph, write
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    from kg.store import Graph

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs" / "queries.md"
BASE = "https://w3id.org/ml-kg/"
REMIX, MIX, AUTO, TINY, FIX, QA, RL = (
    "ReMixMatch: Semi-Supervised Learning with Distribution Matching",
    "MixMatch: A Holistic Approach",
    "AutoAugment: Learning Augmentation Policies",
    'TinyReader for "Multi-Hop" Questions',
    "FixMatch: Simplifying Semi-Supervised Learning",
    "TinyQA: A Small Corpus of Questions",
    "Playing with Q-Learning",
)
REMIX_URL, FIX_URL = "https://openreview.net/forum?id=HklkeR4KPB", "https://arxiv.org/abs/2001.07685"
REMIX_NUMBERS = (
    "On CIFAR-10 with 250 labeled examples we reach 93.73% accuracy "
    "(compared to MixMatch’s accuracy of 93.58% with 4000 examples)."
)
REMIX_BUILDS = "We improve MixMatch, a semi-supervised learning algorithm, with AutoAugment."
TINY_NUMBERS = "On HotpotQA, TinyReader reaches an F1 of 71 to 73, and DistilBERT outperforms BERT."
FIX_SAYS = "FixMatch simplifies ReMixMatch for semi-supervised image classification and outperforms it."
MIX_SAYS = "We present MixMatch for semi-supervised learning."
AUTO_NUMBERS = "On ImageNet we attain a Top-1 accuracy of 83.5%, 0.4% better than the previous record."
AUTO_SAYS = "We describe AutoAugment, which improves the accuracy of image classification on CIFAR-10 and ImageNet."
QA_SAYS = "We introduce TinyQA, a corpus for question answering; BERT reaches an F1 below 60."
RLS = "reinforcement-learning"
RL_SAYS = "We study Q-learning for reinforcement learning, a kind of machine learning."
D = Decimal

ROW_CIFAR = ("CIFAR-10", "accuracy", D("93.73"), None, "%", "=", None, "ReMixMatch", "250 labeled examples", None, None)
ROW_MIX = ("CIFAR-10", "accuracy", D("93.58"), None, "%", "=", None, "MixMatch", "4000 examples", None, True)
BEHIND = (REMIX, 2020, REMIX_NUMBERS, REMIX_URL)

#: name, what is set, the columns that are compared (all if none), and the rows.
ANSWERS: list[tuple[str, dict[str, str], str, list[tuple[object, ...]]]] = [
    ("datasets-most-used", {}, "", [("CIFAR-10", 4), ("HotpotQA", 1), ("ImageNet", 1), ("TinyQA", 1)]),
    ("datasets-most-used", {"limit": "2"}, "", [("CIFAR-10", 4), ("HotpotQA", 1)]),
    ("tasks-at-venue", {"venue": "naacl"}, "", [("model compression", 1), ("question answering", 1)]),
    ("tasks-at-venue", {"venue": "NAACL HLT"}, "", [("model compression", 1), ("question answering", 1)]),
    ("tasks-at-venue", {"venue": "ACL"}, "", [("question answering", 1)]),
    ("metrics-at-venue", {"venue": "NAACL"}, "", [("F1", 1)]),
    ("metrics-at-venue", {"venue": "NeurIPS"}, "", []),
    ("papers-on-task-in-year", {"task": "QA", "year": "2021"}, "", [("question answering", 2021, 1, 1)]),
    ("papers-on-task-in-year", {"task": "QA", "year": "1999"}, "", [("question answering", 1999, 0, 0)]),
    ("frameworks", {}, "", [("PyTorch", 2), ("TensorFlow", 2)]),
    (
        "dataset-by-name",
        {"name": "tinyqa"},
        "",
        [
            ("TinyQA", "is introduced by", "Grace Hopper", QA, 2020),
            ("TinyQA", "is used by the code", "https://github.com/example/tiny", TINY, 2021),
            ("TinyQA", "is used for", "model compression", TINY, 2021),
            ("TinyQA", "is used for", "question answering", QA, 2020),
            ("TinyQA", "is used for", "question answering", TINY, 2021),
        ],
    ),
    (
        "dataset-by-name",
        {"name": "cifar10"},
        "dataset relation value",
        [
            ("CIFAR-10", "is found at", "https://linkedpaperswithcode.com/dataset/cifar-10"),
            ("CIFAR-10", "is used by the code", "https://github.com/example/autoaugment"),
            ("CIFAR-10", "is used by the code", "https://github.com/example/remixmatch"),
            ("CIFAR-10", "is used for", "image classification"),
            ("CIFAR-10", "is used for", "semi-supervised image classification"),
            ("CIFAR-10", "is used for", "semi-supervised image classification"),
            ("CIFAR-10", "is used for", "semi-supervised learning"),
            ("CIFAR-10", "is used for", "semi-supervised learning"),
        ],
    ),
    ("results-on-dataset", {"dataset": "cifar10"}, "", [ROW_CIFAR + BEHIND, ROW_MIX + BEHIND]),
    ("results-by-dataset-name", {"name": "ifar"}, "", [ROW_CIFAR + BEHIND, ROW_MIX + BEHIND]),
    (
        "results-on-dataset",
        {"dataset": "ImageNet"},
        "metric value delta variant quote",
        [
            ("accuracy", D("83.5"), None, "Top-1", AUTO_NUMBERS),
            ("accuracy", D("0.4"), True, None, AUTO_NUMBERS),
        ],
    ),
    (
        "methods-by-name",
        {"name": "MIX"},
        "",
        [
            ("MixMatch", "proposed by", MIX, 2019, None, "https://arxiv.org/abs/1905.02249"),
            ("MixMatch", "used by", REMIX, 2020, "https://github.com/example/remixmatch", REMIX_URL),
            ("ReMixMatch", "proposed by", REMIX, 2020, "https://github.com/example/remixmatch", REMIX_URL),
            ("ReMixMatch", "used by", FIX, 2020, None, FIX_URL),
        ],
    ),
    (
        "results-of-methods",
        {"name": "er"},
        "method dataset metric value upper comparator title quote",
        [
            ("BERT", "TinyQA", "F1", D(60), None, "<", QA, QA_SAYS),
            ("TinyReader", "HotpotQA", "F1", D(71), D(73), "range", TINY, TINY_NUMBERS),
        ],
    ),
    ("new-datasets-for-task", {"task": "QA", "since": "2020"}, "", [("TinyQA", QA, 2020, TINY, 2021)]),
    ("new-datasets-for-task", {"task": "QA", "since": "2021"}, "", []),
    (
        "compared-with",
        {"method": "ReMixMatch"},
        "",
        [
            ("compares with", "MixMatch", REMIX, 2020, D("0.8"), REMIX_NUMBERS, REMIX_URL),
            ("is compared with by", "FixMatch", FIX, 2020, D("0.8"), FIX_SAYS, FIX_URL),
            ("is outperformed by", "FixMatch", FIX, 2020, D("0.8"), FIX_SAYS, FIX_URL),
            ("outperforms", "MixMatch", REMIX, 2020, D("0.6"), REMIX_NUMBERS, REMIX_URL),
        ],
    ),
    (
        "compared-with",
        {"method": "BERT"},
        "relation other title",
        [("is compared with by", "DistilBERT", TINY), ("is outperformed by", "DistilBERT", TINY)],
    ),
    ("compared-with", {"method": "TinyReader"}, "", []),
    ("outperformed-by", {"method": "DistilBERT"}, "outperformed title quote", [("BERT", TINY, TINY_NUMBERS)]),
    ("outperformed-by", {"method": "ReMixMatch"}, "outperformed confidence", [("MixMatch", D("0.6"))]),
    ("outperformed-by", {"method": "MixMatch"}, "", []),
    (
        "evaluated-on",
        {"dataset": "HotpotQA"},
        "",
        [("TinyReader", TINY, 2021, D("0.9"), TINY_NUMBERS, "https://example.org/tiny")],
    ),
    (
        "evaluated-on",
        {"dataset": "CIFAR-10"},
        "method title",
        [("AutoAugment", AUTO), ("FixMatch", FIX), ("MixMatch", REMIX), ("MixMatch", MIX), ("ReMixMatch", REMIX)],
    ),
    ("evaluated-on", {"dataset": "SQuAD"}, "", []),
    ("datasets-together", {"dataset": "CIFAR-10"}, "", [("CIFAR-100", 1), ("ImageNet", 1)]),
    (
        "about-method",
        {"method": "ReMixMatch"},
        "",
        [
            ("introduced by", None, REMIX, 2020, "Anonymous", D("0.95"), REMIX, REMIX_URL),
            ("builds on", "AutoAugment", REMIX, 2020, "Anonymous", D("0.9"), REMIX_BUILDS, REMIX_URL),
            ("builds on", "MixMatch", REMIX, 2020, "Anonymous", D("0.9"), REMIX_BUILDS, REMIX_URL),
            ("built on by", "FixMatch", FIX, 2020, "Kihyuk Sohn", D("0.8"), FIX_SAYS, FIX_URL),
        ],
    ),
    ("tasks-sharing-methods", {"task": "question answering"}, "", [("model compression", 2)]),
    (
        "proposes-and-evaluates-on",
        {"dataset": "CIFAR-10", "also": "ILSVRC"},
        "",
        [(AUTO, 2018, "AutoAugment", AUTO_SAYS, AUTO_NUMBERS, "https://arxiv.org/abs/1805.09501")],
    ),
    (
        "on-task-or-narrower",
        {"task": "SSL"},
        "title year task confidence quote",
        [
            (MIX, 2019, "semi-supervised image classification", D(1), None),
            (MIX, 2019, "semi-supervised learning", D("0.9"), MIX_SAYS),
            (FIX, 2020, "semi-supervised image classification", D("0.9"), FIX_SAYS),
            (REMIX, 2020, "semi-supervised learning", D("0.8"), REMIX_BUILDS),
        ],
    ),
    ("new-methods", {"year": "2020", "papers": "1"}, "", [("ReMixMatch", 1)]),
    ("new-methods", {"year": "2018", "papers": "1"}, "", [("AutoAugment", 1)]),
    ("new-methods", {"year": "2020"}, "", []),
    ("tasks-without-dataset", {}, "", [("reinforcement learning", 1, 1)]),
    ("metrics-for-task-by-year", {"task": "question answering"}, "", [(2020, "F1", 1), (2021, "F1", 1)]),
    ("metrics-for-task-by-year", {"task": "SSL"}, "", [(2020, "accuracy", 1)]),
    (
        "claims-of-paper",
        {"paper": "doi:10.5555%2Ftiny"},
        "predicate kind entity confidence status declared extractor",
        [
            ("addresses", "Task", "model compression", D(1), "asserted", True, "declared"),
            ("addresses", "Task", "question answering", D(1), "asserted", True, "vocabulary"),
            ("addresses", "Task", "reinforcement learning", D("0.3"), "not asserted", None, "vocabulary"),
            ("comparesWith", "Method", "BERT", D("0.7"), "asserted", None, "vocabulary"),
            ("evaluatesOn", "Dataset", "HotpotQA", D("0.9"), "asserted", None, "vocabulary"),
            ("evaluatesOn", "Dataset", "SQuAD", D("0.9"), "negated", None, "vocabulary"),
            ("measures", "Metric", "F1", D("0.9"), "asserted", None, "vocabulary"),
            ("mentions", "Method", "DistilBERT", None, "asserted", None, None),
            ("outperforms", "Method", "BERT", D("0.7"), "asserted", None, "vocabulary"),
            ("proposes", "Method", "TinyReader", D("0.9"), "asserted", None, "vocabulary"),
            ("uses", "Dataset", "TinyQA", D("0.7"), "asserted", None, "vocabulary"),
            ("uses", "Method", "BERT", D("0.9"), "asserted", None, "vocabulary"),
        ],
    ),
    ("claims-of-paper", {"paper": "playing"}, "entity role quote", [
        ("reinforcement learning", None, RL_SAYS), ("Q-learning", "analysed", RL_SAYS),
    ]),
    (
        "claims-to-review",
        {"below": "0.5"},
        "confidence predicate entity title claim",
        [
            (D("0.3"), "addresses", "reinforcement learning", TINY, f"{BASE}claim/tiny-addresses-{RLS}"),
            (D("0.45"), "uses", "AutoAugment", FIX, f"{BASE}claim/fix-uses-autoaugment"),
        ],
    ),
    ("claims-to-review", {"below": "0.4"}, "entity", [("reinforcement learning",)]),
    (
        "undeclared-tasks",
        {},
        "",
        [
            (FIX, "semi-supervised image classification", D("0.9"), FIX_SAYS, FIX_URL),
            (RL, "reinforcement learning", D("0.9"), RL_SAYS, None),
            (REMIX, "semi-supervised learning", D("0.8"), REMIX_BUILDS, REMIX_URL),
        ],
    ),
    (
        "merged-names",
        {},
        "",
        [
            ("Method", "BERT", "'Bidirectional Encoder Representations from Transformers' is defined as it (1 paper)"),
            ("Method", "BERT", f"it replaces {BASE}method/bert-encoder"),
        ],
    ),
    (
        "versions-that-differ",
        {},
        "",
        [(MIX, 2019, "title", "MixMatch (Extended Abstract)", f"{BASE}paper/arxiv:1905.02249")],
    ),
    ("bridging-methods", {"venue": "NAACL", "other": "ACL"}, "", [("BERT", 1, 1, 0)]),
    ("bridging-methods", {"venue": "CVPR", "other": "ICLR"}, "", [("AutoAugment", 1, 1, 0)]),
    ("bridging-methods", {"venue": "ICLR", "other": "NeurIPS"}, "", [("MixMatch", 1, 1, 0), ("ReMixMatch", 1, 1, 0)]),
    (
        "share-by-year",
        {"entity": "AutoAugment"},
        "",
        [
            ("ACL 2020 7", 2020, 0, 1, D(0)),
            ("CVPR 2019 6", 2018, 1, 1, D(100)),
            ("ICLR 2020 1", 2020, 1, 1, D(100)),
            ("NAACL-HLT 2021 6", 2021, 0, 1, D(0)),
            ("NeurIPS 2019", 2019, 0, 1, D(0)),
            ("NeurIPS 2020 12", 2020, 0, 1, D(0)),
        ],
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> Graph:
    return open_graph(HERE / "data" / "small.ttl")


@pytest.fixture(scope="module")
def shuffled(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The same triples, in a directory and put in in another order."""
    lines = list(graph.lines())
    random.Random(7).shuffle(lines)
    place = tmp_path_factory.mktemp("graphs") / "small"
    write(place, lines)
    return open_graph(place)


@pytest.mark.parametrize(
    ("name", "values", "columns", "rows"), ANSWERS, ids=lambda value: value if isinstance(value, str) else None
)
def test_answers(graph: Graph, name: str, values: dict[str, str], columns: str, rows: list[tuple[object, ...]]) -> None:
    found = graph.select(fill(graph, name, values))
    assert [tuple(row[each] for each in columns.split() or row) for row in found] == rows


def test_every_query_is_answered_here() -> None:
    assert {name for name, *_ in ANSWERS} == set(NAMED)


@pytest.mark.parametrize(("name", "values"), [(name, values) for name, values, *_ in ANSWERS])
def test_answers_do_not_depend_on_how_the_graph_is_kept(
    graph: Graph, shuffled: Graph, name: str, values: dict[str, str]
) -> None:
    sparql = fill(shuffled, name, values)
    assert sparql == fill(graph, name, values)
    assert shuffled.select(sparql) == graph.select(sparql)


@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_rows_have_one_order(query: NamedQuery) -> None:
    head, _, order = query.sparql.rpartition("ORDER BY")
    ordered = set(re.findall(r"\?\w+", order))
    if "GROUP BY" in head:
        wanted = re.search(r"GROUP BY (.*)", head[head.rindex("GROUP BY") :])
        assert wanted
        assert set(wanted[1].split()) <= ordered
    else:
        assert "SELECT DISTINCT" in head
        assert set(re.findall(r"\?\w+", head[: head.index("WHERE")])) <= ordered


@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_every_parameter_is_used_and_every_query_explains_itself(query: NamedQuery) -> None:
    assert set(re.findall(r"\$(\w+)", query.sparql)) == {each.name for each in query.parameters}
    assert query.question.endswith((".", "?"))
    assert all(each.help and each.example for each in query.parameters)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", query.name)


def section(query: NamedQuery) -> str:
    """How docs/queries.md tells of a query."""
    sets = "".join(f" --set {each.name}={each.quoted}" for each in query.parameters if each.default is None)
    told = "".join(
        f"- `{each.name}` ({each.type}{f', {each.default} unless set' if each.default else ''}): {each.help}\n"
        for each in query.parameters
    )
    command = f"```sh\nkg query GRAPH --name {query.name}{sets}\n```\n"
    return "\n".join(filter(None, [f"## {query.name}\n", f"{query.question}\n", told, command]))


def test_the_documentation_tells_of_every_query() -> None:
    text = DOCS.read_text("utf-8")
    assert text.partition("\n## ")[2] == "\n".join(map(section, NAMED.values())).removeprefix("## ")


# Names of queries and values of parameters.


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("dataset-most-used", {}, "no query is named 'dataset-most-used': try datasets-most-used, "),
        ("frameworks", {"limit": "3"}, "frameworks has no parameter 'limit': it has none"),
        (
            "datasets-together",
            {"dataset": "CIFAR-10", "top": "3"},
            "datasets-together has no parameter 'top': it takes --set dataset=CIFAR-10, --set limit=20 (unless set)",
        ),
        (
            "datasets-together",
            {},
            "datasets-together needs dataset: it takes --set dataset=CIFAR-10, --set limit=20 (unless set)",
        ),
        (
            "papers-on-task-in-year",
            {},
            "papers-on-task-in-year needs task and year: it takes --set task='dimensionality reduction', --set year=",
        ),
        ("datasets-most-used", {"limit": "0"}, "limit='0' is not a whole number from 1"),
        ("datasets-most-used", {"limit": "5 OFFSET 1"}, "limit='5 OFFSET 1' is not a whole number from 1"),
        ("datasets-most-used", {"limit": "٣"}, "limit='٣' is not a whole number from 1"),
        ("new-methods", {"year": "20"}, "year='20' is not a year such as 2020"),
        ("claims-to-review", {"below": "1) || (true"}, "below='1) || (true' is not a number such as 0.5"),
        (
            "methods-by-name",
            {"name": " "},
            "name is empty: say part of the name or of another name of the method, such as match",
        ),
        ("evaluated-on", {"dataset": "CIFAR-11"}, "no Dataset is called 'CIFAR-11': did you mean CIFAR-10, CIFAR-100?"),
        ("evaluated-on", {"dataset": "BERT"}, "no Dataset is called 'BERT', but a Method is"),
        ("evaluated-on", {"dataset": "CIFAR"}, "'CIFAR' names 2 entities of kind Dataset: say one of CIFAR-10, "),
        (
            "share-by-year",
            {"entity": "ImageNet"},
            "'ImageNet' is a Method and a Dataset: say entity=Method:… or entity=Dataset:…",
        ),
        (
            "claims-of-paper",
            {"paper": "Attention Is All You Need"},
            "no paper is called 'Attention Is All You Need': give its identifier (such as arxiv:1905.02249) or its",
        ),
        (
            "claims-of-paper",
            {"paper": "MixMatch:"},
            "'MixMatch:' names 2 papers: say the identifier of one: MixMatch: A Holistic Approach (arxiv:1905.02249)",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_filled(graph: Graph, name: str, values: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError) as error:
        fill(graph, name, values)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_an_entity_of_any_kind_may_name_its_kind(graph: Graph) -> None:
    sparql = fill(graph, "share-by-year", {"entity": "Dataset:ImageNet"})
    assert f"<{BASE}dataset/imagenet>" in sparql


HOSTILE = [
    'x")) } # ',
    '") || true || CONTAINS("',
    "x' } ; DROP ALL # ",
    "back\\slash \\u0022 \\",
    "line\nbreak\r\x00\x1f\u2028",
    "$limit $name {0} %s ?x",
    "<http://evil> .",
    "\ud800",
    "\u202eright to left",
    "a" * 100_000,
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_no_value_escapes(graph: Graph, query: NamedQuery, value: str) -> None:
    good = {"year": "2020", "integer": "5", "number": "0.5", "Method": "BERT", "Dataset": "SQuAD", "Task": "QA"}
    for hostile in query.parameters:
        values = {each.name: good.get(each.type, "BERT") for each in query.parameters if each.type != "paper"}
        values[hostile.name] = value
        if hostile.type == "text":
            assert graph.select(fill(graph, query.name, values)) == []
        else:
            with pytest.raises(QueryError) as error:
                fill(graph, query.name, values)
            assert len(str(error.value).splitlines()) == 1
            assert len(str(error.value)) < 400


def test_a_value_may_look_like_a_parameter() -> None:
    title = '<http://p> <http://www.w3.org/2004/02/skos/core#prefLabel> "a $name b" .'
    kind = "<http://p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/ml-kg/ontology#Method> ."
    graph = from_lines([title, kind])
    assert '"a $name b"' in fill(graph, "results-of-methods", {"name": "a $name b"})


# Heads of queries.


def test_heads() -> None:
    query = parse(
        '# name: x\n# question: Why?\n# a remark\n# parameter: a Task "b c" the task\'s "name"\n'
        '# parameter: n integer =3 "how many; at most"\nSELECT 1\n'
    )
    assert query == NamedQuery(
        name="x",
        question="Why?",
        parameters=(
            Parameter("a", "Task", "b c", None, 'the task\'s "name"'),
            Parameter("n", "integer", "3", "3", "how many; at most"),
        ),
        sparql="SELECT 1\n",
    )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "# name: x\nSELECT 1",
        "# name: x\n# question: Why?\n# parameter: a\n",
        "# name: x\n# question: Why?\n# parameter: a Poem b c\n",
        "# name: x\n# question: Why?\n# parameter: a text b\n",
    ],
)
def test_wrong_heads(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text)


# Entities by name.


@pytest.mark.parametrize(
    ("name", "kind", "iri"),
    [
        ("CIFAR-10", None, "dataset/cifar-10"),
        ("CIFAR10", None, "dataset/cifar-10"),
        ("cifar 10", None, "dataset/cifar-10"),
        ("cifar_10", None, "dataset/cifar-10"),
        ("CIFAR-100", None, "dataset/cifar-100"),
        ("ImageNet", "Dataset", "dataset/imagenet"),
        ("ImageNet", "Method", "method/imagenet"),
        ("Auto-Augment", None, "method/autoaugment"),
        ("Semi-Supervised Learning", None, "task/semi-supervised-learning"),
        ("ssl", None, "task/semi-supervised-learning"),
        ("F1 scores", None, "metric/f1"),
        ("Q–Learning", None, "method/q-learning"),
        ("ＢＥＲＴ", None, "method/bert"),
        ("https://w3id.org/ml-kg/method/imagenet", None, "method/imagenet"),
    ],
)
def test_names_are_found(graph: Graph, name: str, kind: str | None, iri: str) -> None:
    found = find(graph, name, kind=kind)
    assert found.iri == BASE + iri
    assert found.kind.lower() == iri.partition("/")[0]


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("ImageNet", None, "'ImageNet' is a Method and a Dataset: say --kind Method or --kind Dataset"),
        ("CIFAR", None, "'CIFAR' names 2 entities of kind Dataset: say one of CIFAR-10, CIFAR-100"),
        ("ReMixMach", None, "nothing is called 'ReMixMach': did you mean ReMixMatch, MixMatch, FixMatch?"),
        ("match", "Method", "no Method is called 'match': did you mean FixMatch, MixMatch, ReMixMatch?"),
        ("SQuAD", "Task", "no Task is called 'SQuAD', but a Dataset is"),
        ("zzzzzzzz", None, "nothing is called 'zzzzzzzz': no name in the graph is like it"),
        ("", None, "nothing is called '': no name in the graph is like it"),
        ("-", None, "nothing is called '-': no name in the graph is like it"),
        ("https://w3id.org/ml-kg/method/none", None, "nothing is called 'https://w3id.org/ml-kg/method/none': no name"),
        ("BERT", "Poem", "no kind 'Poem': choose one of Method, Dataset, Task, Metric"),
    ],
)
def test_names_that_are_not_found(graph: Graph, name: str, kind: str | None, message: str) -> None:
    with pytest.raises(QueryError) as error:
        find(graph, name, kind=kind)
    assert str(error.value).startswith(message)


def test_equal_labels_are_told_apart_by_their_iris() -> None:
    lines = [
        f"<http://x/{number}> <{term}> {value} ."
        for number in (1, 2)
        for term, value in (
            ("http://www.w3.org/2004/02/skos/core#prefLabel", '"Twin"'),
            ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "<https://w3id.org/ml-kg/ontology#Task>"),
        )
    ]
    with pytest.raises(QueryError, match="'Twin' names 2 entities of kind Task: say one of http://x/1, http://x/2"):
        find(from_lines(lines), "Twin")
    assert find(from_lines(lines), "http://x/2") == Found("http://x/2", "Task", "Twin")


@settings(max_examples=50)
@given(st.text(max_size=40))
@example("\ud800")
@example('"} #')
def test_no_name_is_more_than_unknown(name: str) -> None:
    graph = open_graph(HERE / "data" / "small.ttl")
    said = ""
    try:
        find(graph, name)
        find_paper(graph, name)
    except QueryError as error:
        said = str(error)
    assert len(said.splitlines()) <= 1


@given(st.text())
def test_keys_are_stable(name: str) -> None:
    assert key(name) == key(name.upper().lower()) or name.casefold() != name.upper().lower().casefold()
    assert key(f" {name}-") == key(name)


@pytest.mark.parametrize(
    "name", ["openreview:HklkeR4KPB", REMIX, REMIX.upper(), "remixmatch: semi", f"{BASE}paper/openreview:HklkeR4KPB"]
)
def test_papers_are_found(graph: Graph, name: str) -> None:
    assert find_paper(graph, name) == f"{BASE}paper/openreview:HklkeR4KPB"


# Cards and counts.


def test_a_card(graph: Graph) -> None:
    found = card(graph, "cifar10")
    assert (found.kind, found.label, found.iri) == ("Dataset", "CIFAR-10", f"{BASE}dataset/cifar-10")
    assert found.aliases == ("CIFAR", "CIFAR10")
    assert found.links == (("exactMatch", "https://linkedpaperswithcode.com/dataset/cifar-10"),)
    assert (found.broader, found.narrower) == ((), ())
    assert [(said.title, said.year, said.predicate, said.confidence) for said in found.papers] == [
        (FIX, 2020, "evaluatesOn", D("0.6")),
        (REMIX, 2020, "evaluatesOn", D("0.9")),
        (MIX, 2019, "evaluatesOn", D("0.85")),
        (AUTO, 2018, "evaluatesOn", D("0.9")),
    ]
    assert (found.papers[1].quote, found.papers[1].url) == (REMIX_NUMBERS, REMIX_URL)
    assert found.paper_count == 4
    assert found.years == ((2018, 1), (2019, 1), (2020, 2))
    assert found.neighbours[:2] == (
        Neighbour(f"{BASE}metric/accuracy", "Metric", "accuracy", 2),
        Neighbour(f"{BASE}method/autoaugment", "Method", "AutoAugment", 2),
    )
    assert [(row.metric, row.value, row.method, row.baseline, row.quote) for row in found.results] == [
        ("accuracy", D("93.73"), "ReMixMatch", False, REMIX_NUMBERS),
        ("accuracy", D("93.58"), "MixMatch", True, REMIX_NUMBERS),
    ]


def test_a_card_of_what_is_only_mentioned_quotes_the_sentence(graph: Graph) -> None:
    (said,) = card(graph, "CIFAR-100").papers
    assert (said.title, said.predicate, said.confidence) == (FIX, "mentions", None)
    assert said.quote == "AutoAugment is not needed beyond CIFAR-10 and CIFAR-100."


def test_a_card_counts_what_it_does_not_show(graph: Graph) -> None:
    squad = card(graph, "SQuAD")
    assert (squad.papers, squad.withheld, squad.years, squad.neighbours) == ((), 1, (), ())
    learning = card(graph, "RL")
    assert [said.title for said in learning.papers] == [RL]
    assert learning.withheld == 1


def test_a_card_tells_what_is_broader_and_narrower(graph: Graph) -> None:
    assert card(graph, "DistilBERT").broader == ("BERT",)
    assert card(graph, "BERT").narrower == ("DistilBERT",)


def test_names_take_labels_from_who_has_them(graph: Graph) -> None:
    iri = f"{BASE}method/bert"
    found = names(graph, iri)
    assert found is not None
    assert (found.label, found.narrower) == ("BERT", ((f"{BASE}method/distilbert", "DistilBERT"),))
    known = names(graph, iri, lambda other: "Distil" if other == f"{BASE}method/distilbert" else None)
    assert names(graph, iri, lambda _: None) == found
    assert known is not None
    assert known.narrower == ((f"{BASE}method/distilbert", "Distil"),)


def test_a_card_of_papers_without_a_title() -> None:
    bare = from_lines(
        [
            f"<{BASE}dataset/x> <{PREFIXES['rdf']}type> <{PREFIXES['kg']}Dataset> .",
            f'<{BASE}dataset/x> <{PREFIXES["skos"]}prefLabel> "X" .',
            f"<{BASE}paper/1> <{PREFIXES['kg']}uses> <{BASE}dataset/x> .",
            f"<{BASE}claim/1> <{PREFIXES['rdf']}subject> <{BASE}paper/1> .",
            f"<{BASE}claim/1> <{PREFIXES['rdf']}predicate> <{PREFIXES['kg']}uses> .",
            f"<{BASE}claim/1> <{PREFIXES['rdf']}object> <{BASE}dataset/x> .",
            f'<{BASE}claim/1> <{PREFIXES["kg"]}confidence> "0.9"^^<{PREFIXES["xsd"]}decimal> .',
        ]
    )
    assert [said.title for said in card(bare, "X").papers] == [f"{BASE}paper/1"]


def test_cards_of_two_kinds(graph: Graph) -> None:
    assert card(graph, "ImageNet", "Method").papers == ()
    assert len(card(graph, "ImageNet", "Dataset", neighbours=2).neighbours) == 2


def test_stats(graph: Graph) -> None:
    found = stats(graph)
    assert (found.papers, found.with_dataset, found.results, found.sentences) == (7, 6, 6, 14)
    assert found.dataset_share == pytest.approx(6 / 7)
    assert found.triples == len(list(graph.lines()))
    assert found.entities[:4] == (("Method", 8), ("Dataset", 6), ("Task", 6), ("Metric", 2))
    counts = {
        each.predicate: (each.claims, each.asserted, each.unasserted, each.negated, each.declared)
        for each in found.claims
    }
    assert counts == dict.fromkeys(PREDICATES, (0,) * 5) | {
        "proposes": (6, 6, 0, 0, 0),
        "uses": (8, 7, 1, 0, 0),
        "evaluatesOn": (7, 6, 0, 1, 0),
        "addresses": (10, 9, 1, 0, 5),
        "comparesWith": (3, 3, 0, 0, 0),
        "outperforms": (3, 3, 0, 0, 0),
        "measures": (4, 4, 0, 0, 0),
        "mentions": (2, 2, 0, 0, 0),
    }
    assert [(each.format, each.read, each.accepted, each.merged, each.rejected) for each in found.sources] == [
        ("jsonl", 8, 6, 1, 1),
        ("listing-text", 1, 1, 0, 0),
    ]
    assert found.reconciles


@pytest.mark.parametrize(
    ("options", "least", "measured_from"),
    [
        ("min-confidence=0.75 model=default 0a1b", 0.75, 0.75),
        ("min-confidence=0.77 model=default 0a1b corrections=0c", 0.77, 0.75),
        ("min-confidence=1e-05 model=default 0a1b", 1e-05, 0.0),
        ("min-confidence=0.75 model=accurate 0a1b", 0.75, None),  # it was measured with the default model
        ("min-confidence=0.75", 0.75, None),
        ("min-confidence=.. model=default", None, None),
        ("test", None, None),
    ],
)
def test_what_asserted_claims_are_worth(options: str, least: float | None, measured_from: float | None) -> None:
    build = f"<{BASE}build/1>"
    found = stats(
        from_lines(
            [
                f"{build} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/prov#Activity> .",
                f'{build} <{BASE}ontology#options> "{options}" .',
            ]
        )
    )
    assert found.min_confidence == least
    assert (found.measured.confidence if found.measured else None) == measured_from


def test_counts_that_do_not_reconcile(graph: Graph) -> None:
    lost = [line for line in graph.lines() if "papersRejected" not in line or '"1"' not in line]
    lines = [
        *lost,
        f'<{BASE}source/records> <{BASE}ontology#papersRejected> "0"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ]
    found = stats(from_lines(lines))
    assert not found.reconciles
    assert [each.reconciles for each in found.sources] == [False, True]


def test_an_empty_graph_has_counts() -> None:
    found = stats(from_lines([]))
    assert (found.papers, found.dataset_share, found.sources) == (0, 0.0, ())
    assert found.reconciles
