"""Names that are one entity: within a paper, and by what a corpus tells."""

from collections.abc import Iterable, Sequence
from itertools import permutations

import pytest

from kg.extract.texts import text_of
from kg.ground.entities import Linked, ground, joins, mint
from kg.ground.evidence import DEFINED, TYPED, Evidence, evidence, sighted
from kg.ground.reasons import reasons
from kg.model import Entity, Join, Kind, Mention
from kg.ontology import vocabulary
from tests.papers import paper


def linked(abstract: str, *names: tuple[str, Kind]) -> Linked:
    text = text_of(paper("A Study", abstract), "abstract")
    found = []
    for name, kind in names:
        start = abstract.index(name)
        found.append(Mention(text, start, start + len(name), name, kind, 0.9, "tagger"))
    return ground(found)


def weighed(papers: Iterable[Linked]) -> Evidence:
    return evidence(map(sighted, papers))


def labels(found: Linked) -> list[str]:
    return [entity.label for _, entity in found]


@pytest.mark.parametrize(
    ("abstract", "names"),
    [
        ("Zebra question answering (ZQA) is hard. We study open ZQA. Open zebra question answering helps.",
         ("open ZQA", "Open zebra question answering")),
        ("Lifelong RL is new. We define lifelong reinforcement learning.",
         ("Lifelong RL", "lifelong reinforcement learning")),
        ("Explainable zebra counting is new. EZC helps.", ("Explainable zebra counting", "EZC")),
        ("Counting of stripes and spots is new. CSS helps.", ("Counting of stripes and spots", "CSS")),
        ("Cross-domain zebra stripe detection, or cross-domain stripe detection.",
         ("Cross-domain zebra stripe detection", "cross-domain stripe detection")),
        ("Out-of-zoo (OOZ) zebra counting, or out-of-zoo zebra counting.",
         ("Out-of-zoo (OOZ) zebra counting", "out-of-zoo zebra counting")),
    ],
)  # fmt: skip
def test_one_entity(abstract: str, names: tuple[str, str]) -> None:
    first, second = labels(linked(abstract, *((name, "Task") for name in names)))
    assert first == second


@pytest.mark.parametrize(
    ("abstract", "names"),
    [
        ("Zebra image segmentation is one, stripe segmentation another.",
         (("Zebra image segmentation", "Task"), ("stripe segmentation", "Task"))),
        ("Zebra segmentation is no segmentation.", (("Zebra segmentation", "Task"), ("segmentation", "Task"))),
        ("Explainable zebra counting is a task. EZC is a method.",
         (("Explainable zebra counting", "Task"), ("EZC", "Method"))),
        ("Explainable zebra counting and exact zoo cleaning are two. EZC is either.",
         (("Explainable zebra counting", "Task"), ("exact zoo cleaning", "Task"), ("EZC", "Task"))),
        ("ResNet is not ResNet-18.", (("ResNet-18", "Method"), ("ResNet", "Method"))),
    ],
)  # fmt: skip
def test_several_entities(abstract: str, names: Sequence[tuple[str, Kind]]) -> None:
    found = labels(linked(abstract, *names))
    assert len(set(found)) == len(found)


def test_an_acronym_is_an_alias_and_a_shortened_name_is_none() -> None:
    ((_, entity), _) = linked(
        "Explainable zebra counting. EZC.", ("Explainable zebra counting", "Task"), ("EZC", "Task")
    )
    assert "EZC" in entity.aliases
    shortened = ("Cross-zoo zebra stripe detection", "cross-zoo stripe detection")
    ((_, entity), _) = linked(f"{shortened[0]} or {shortened[1]}.", *((name, "Task") for name in shortened))
    assert not entity.aliases


def test_an_ambiguous_acronym_has_the_sense_that_the_words_of_the_paper_tell() -> None:
    driving = linked("AD means safe vehicles in traffic; perception for driving.", ("AD", "Task"))
    anomalies = linked("AD finds anomalies that are not normal: unsupervised detection.", ("AD", "Task"))
    assert labels(driving) == ["autonomous driving"]
    assert labels(anomalies) == ["anomaly detection"]
    assert labels(linked("AD is used.", ("AD", "Method"))) == ["AD"]


def _defines(long: str, short: str) -> Linked:
    return linked(f"{long} ({short}) is used.", (long, "Method"), (f"{short})"[:-1], "Method"))


def test_a_bare_acronym_is_what_most_papers_mean_by_it_whatever_their_order() -> None:
    papers = [_defines("zebra stripe network", "ZSN")] * DEFINED + [linked("ZSN is used.", ("ZSN", "Method"))]
    for order in set(permutations(papers, len(papers))) if len(papers) < 5 else [papers, papers[::-1]]:
        told = weighed(order)
        ((_, bare),) = papers[-1]
        assert told.entity(bare).label == "zebra stripe network"
        assert told.notes[told.entity(bare).iri] == (
            [f"'ZSN' is taken for it: so do {DEFINED} of the {DEFINED} papers that define it"]
        )


def test_an_acronym_of_other_capitals_is_another() -> None:
    other = linked("ZsN is used.", ("ZsN", "Method"))
    told = weighed([*[_defines("zebra stripe network", "ZSN")] * DEFINED, other])
    assert told.entity(other[0][1]) == other[0][1]


def test_an_acronym_on_which_papers_do_not_agree_is_kept_apart() -> None:
    one, other = _defines("zebra stripe network", "ZSN"), _defines("zero shot norm", "ZSN")
    bare = linked("ZSN is used.", ("ZSN", "Method"))
    told = weighed([one, one, other, other, bare])
    assert told.entity(bare[0][1]) == bare[0][1]
    assert told.notes[bare[0][1].iri] == [
        "kept apart: the 4 papers that define it mean zebra stripe network (2), zero shot norm (2)"
    ]


def test_a_name_is_of_the_kind_that_nearly_all_papers_have_it() -> None:
    as_data, as_method = linked("ZooBench.", ("ZooBench", "Dataset")), linked("ZooBench.", ("ZooBench", "Method"))
    told = weighed([as_data] * (TYPED + 1) + [as_method])
    assert told.entity(as_method[0][1]) == as_data[0][1]
    assert weighed([as_data] * TYPED + [as_method] * TYPED).final == {}


def test_a_name_is_of_the_one_kind_that_the_vocabulary_has() -> None:
    as_data, as_method = linked("ImageNet.", ("ImageNet", "Dataset")), linked("ImageNet.", ("ImageNet", "Method"))
    told = weighed([as_data, as_method, as_method, as_method])
    assert told.entity(as_method[0][1]) == as_data[0][1]


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("CNNs", "Method", "convolutional neural network"),
        ("CNNS", "Method", "CNNS"),
        ("SfT", "Method", "SfT"),
        ("zebra complexities", "Metric", "zebra complexity"),
        ("zebra losses", "Metric", "zebra loss"),
        ("Wasserstein zebra distance", "Metric", "Wasserstein zebra distance"),
        ("Zebra Distance", "Metric", "zebra distance"),
        ("ImageNet 256 × 256", "Dataset", "ImageNet"),
        ("NYUv2", "Dataset", "NYU Depth V2"),
        ("Dice", "Dataset", "Dice"),
        ("Π", "Method", "Π"),
        ("out-of-distribution (OOD) detection", "Task", "out-of-distribution detection"),
        ("HotpotQA distractor", "Dataset", "HotpotQA"),
        ("COCO test-dev", "Dataset", "COCO"),
        ("MARS Helicopter", "Dataset", "MARS Helicopter"),
        ("Habitat Zebra Scenes Challenge", "Dataset", "Habitat Zebra Scenes Challenge"),
    ],
)
def test_how_a_name_is_called(name: str, kind: Kind, label: str) -> None:
    assert labels(linked(f"About {name}.", (name, kind))) == [label]


def test_between_task_and_method_each_paper_decides() -> None:
    as_task, as_method = (
        linked("zebra learning.", ("zebra learning", "Task")),
        linked("zebra learning.", ("zebra learning", "Method")),
    )
    assert weighed([as_task] * (TYPED + 3) + [as_method]).final == {}


def whys(abstract: str, *names: tuple[str, Kind]) -> dict[str, str]:
    """Why each name is an entity's that is called otherwise."""
    _, why = joins([mention for mention, _ in linked(abstract, *names)])
    return {join.name: join.reason for join in why}


def test_a_name_that_is_not_the_entity_s_own_has_a_reason() -> None:
    long: tuple[str, Kind] = ("Cross-zoo zebra stripe detection", "Task")
    assert whys("Cross-zoo zebra stripe detection (CZSD). Now CZSD.", long, ("CZSD)"[:-1], "Task")) == {
        "CZSD": "is defined as it"
    }
    assert whys(
        "Cross-zoo zebra stripe detection, or CZSD, or cross-zoo stripe detection.",
        long, ("CZSD", "Task"), ("cross-zoo stripe detection", "Task"),
    ) == {"CZSD": "has its initials", "cross-zoo stripe detection": "leaves out a word of it"}  # fmt: skip
    assert whys("Lifelong RL, or lifelong reinforcement learning.",
                ("Lifelong RL", "Task"), ("lifelong reinforcement learning", "Task")) == {
        "Lifelong RL": "is the same once acronyms are written out"
    }  # fmt: skip
    assert whys("On HotpotQA FullWiki.", ("HotpotQA FullWiki", "Dataset")) == {
        "HotpotQA FullWiki": "names a part of it"
    }
    assert whys("AD means safe vehicles in traffic.", ("AD", "Task")) == {
        "AD": "stands for it by the words of the paper"
    }


def test_the_entity_s_own_names_and_those_of_the_vocabulary_need_no_reason() -> None:
    short, long = "CNNs", "convolutional neural networks"
    assert whys(f"{short}, or {long}.", (short, "Method"), (long, "Method")) == {}
    assert whys("Zebra counting, or zebra-counting.", ("Zebra counting", "Task"), ("zebra-counting", "Task")) == {}


@pytest.mark.parametrize("name", ["CIFAR-10/100", "CIFAR-10/CIFAR-100", "CIFAR-10 and 100", "CIFAR10/100"])
def test_a_name_of_two_datasets_is_two(name: str) -> None:
    found = linked(f"On {name}.", (name, "Dataset"))
    assert labels(found) == ["CIFAR-10", "CIFAR-100"]
    assert len({mention for mention, _ in found}) == 1


def test_a_name_is_not_two_datasets_if_the_vocabulary_lacks_one() -> None:
    assert labels(linked("On CIFAR-10/77.", ("CIFAR-10/77", "Dataset"))) == ["CIFAR-10/77"]


@pytest.mark.parametrize(
    ("long", "short", "label"),
    [
        ("Striped sheep detector", "SSD", "striped sheep detector"),
        ("Probably approximately correct", "PAC", "PAC"),
        ("Provably approximately correct", "PAC", "PAC"),
        ("Patch affinity consistency", "PAC", "patch affinity consistency"),
        ("Convolutional lossy stripe memory", "ConvLSTM", "convolutional lossy stripe memory"),
        ("Convolutional LSTM", "ConvLSTM", "ConvLSTM"),
    ],
)
def test_letters_that_a_paper_defines_are_what_it_says(long: str, short: str, label: str) -> None:
    assert set(labels(_defines(long, short))) == {label}


def test_notes_tell_in_how_many_papers() -> None:
    entity = Entity("iri:1", "Task", "zebra counting")
    joins = {Join("iri:1", "ZC", "has its initials"): 2, Join("iri:1", "Zebra-Counting", "x"): 1}
    found = reasons(joins, {"iri:1": entity})
    assert found == {"iri:1": "'ZC' has its initials (2 papers)"}
    assert reasons(joins, {"iri:1": None}) == {}
    many = {Join("iri:1", f"Z{number}", "has its initials"): 1 for number in range(10)}
    assert reasons(many, {"iri:1": entity})["iri:1"].endswith("; and 2 more")


def test_the_order_of_papers_does_not_decide_which_of_two_with_one_name_is_meant() -> None:
    known = next(
        entity for entity in vocabulary() if entity.kind == "Method" and entity.iri != mint("Method", entity.label)
    )
    minted = Entity(mint("Method", known.label), "Method", known.label)
    metric = Entity(mint("Metric", known.label), "Metric", known.label)
    papers = [([entity], [(entity.kind, known.label, 0)]) for entity in (known, minted, metric)]
    for order in permutations(papers):
        assert evidence(order).final[metric.iri] == known
