"""The network of the claims: what it sees of a paper, and what its answers mean."""

import numpy as np
import pytest

from kg.claims.network import CLAIMS, Network, load
from kg.claims.scene import FLAGS, Scene, scene
from kg.claims.sights import sights
from kg.extract.texts import text_of
from kg.ground.entities import ground
from kg.model import FIELDS, Kind, Mention
from tests.papers import paper


def seen(title: str, abstract: str, *names: tuple[str, Kind]) -> Scene:
    a = paper(title, abstract)
    texts = [text_of(a, field) for field in FIELDS]
    found = [
        Mention(text, at, at + len(name), name, kind, 0.9, "tagger")
        for name, kind in names
        for text in texts
        if (at := text.text.find(name)) >= 0
    ]
    return scene(texts, sights(texts, ground(found)))


TITLE, ABSTRACT = "Zebra Nets for Stripe Counting", "Much is open. We propose Zebra Nets. We use batch normalization."
NAMES: tuple[tuple[str, Kind], ...] = (("Zebra Nets", "Method"), ("batch normalization", "Method"))


def test_a_name_is_one_node_and_its_places_share_their_entity() -> None:
    nodes = seen(TITLE, ABSTRACT, *NAMES)
    words = len(f"{TITLE} {ABSTRACT}".replace(".", " .").split())
    assert len(nodes.owners) == len(nodes.vectors) == len(nodes.flags) == words - 3
    assert [nodes.entities[owner].label for owner in nodes.owners[nodes.owners >= 0]] == [
        "zebra net",
        "zebra net",
        "batch normalization",
    ]


def test_nodes_know_title_turn_and_place() -> None:
    nodes = seen(TITLE, ABSTRACT, *NAMES)
    title, before, at, after = nodes.flags[:, 0], nodes.flags[:, 1], nodes.flags[:, 2], nodes.flags[:, 3]
    assert title.sum() == 4
    assert (title + before + at + after).tolist() == [1] * len(title)
    assert before.sum() == 4
    assert at.sum() == 4


def test_what_the_network_says_has_a_shape_and_stays_the_same() -> None:
    nodes = seen(TITLE, ABSTRACT, *NAMES)
    likely, there = load().probabilities(nodes)
    assert likely.shape == (2, len(CLAIMS))
    assert there.shape == (3, len(CLAIMS))
    assert ((likely > 0) & (likely < 1)).all()
    assert np.array_equal(likely, load().probabilities(nodes)[0])
    made, used = likely[:, CLAIMS.index(("Method", "proposes"))]
    assert made > used


def test_nothing_is_said_of_a_paper_without_names() -> None:
    nodes = seen(TITLE, ABSTRACT)
    assert nodes.flags.shape[1] == FLAGS
    assert load().probabilities(nodes)[0].shape == (0, len(CLAIMS))
    assert load().probabilities(seen("", ""))[1].shape == (0, len(CLAIMS))


@pytest.mark.parametrize("claim", range(len(CLAIMS)))
def test_a_claim_is_no_surer_than_its_name_and_grows_with_its_probability(claim: int) -> None:
    sure = [load().calibrated(claim, probability, 0.7) for probability in (0.01, 0.3, 0.6, 0.99)]
    assert sure == sorted(sure)
    assert sure[-1] <= 0.7
    assert 0 <= sure[0] < sure[-1]


def test_the_trained_network_and_the_one_that_runs_say_the_same() -> None:
    torch = pytest.importorskip("torch", reason="torch is of the extra train")
    from kg.learn import cases, claims_network  # noqa: PLC0415 - needs torch
    from kg.learn import claims as learn  # noqa: PLC0415 - needs torch

    row = {
        "title": TITLE,
        "abstract": ABSTRACT,
        "mentions": [{"field": "title", "start": 0, "end": 10, "type": "Method"}],
        "entities": [{"canonical": "Zebra Nets", "type": "Method", "aliases": [], "relations": ["proposes"]}],
    }
    (case,) = cases.cases([row], found=False)
    assert case.truth[0].tolist() == [1.0] + [0.0] * (len(CLAIMS) - 1)
    config = {**learn.CONFIG, "width": 8}
    torch.manual_seed(0)
    spellings = {each: number for number, each in enumerate(dict.fromkeys(case.scene.spellings), start=1)}
    cues = {cue: number for number, cue in enumerate(sorted(set().union(*case.scene.cues)))}
    model = claims_network.ClaimsNetwork(config, case.scene.vectors.shape[1], len(spellings), len(cues)).eval()
    expected = torch.sigmoid(model(claims_network.side_by_side([case], spellings, cues)))[0].detach().numpy()
    network = Network(model.exported(), spellings, cues, config)
    assert np.allclose(network.probabilities(case.scene)[0], expected, atol=1e-5)


def test_training_learns_what_the_papers_say_and_is_the_same_each_time() -> None:
    pytest.importorskip("torch", reason="torch is of the extra train")
    from kg.learn import cases  # noqa: PLC0415 - needs torch
    from kg.learn import claims as learn  # noqa: PLC0415 - needs torch

    rows = [
        {
            "title": "A Study",
            "abstract": f"We propose {name}. We use gradient descent.",
            "mentions": [
                {"field": "abstract", "start": 11, "end": 11 + len(name), "type": "Method"},
                {"field": "abstract", "start": 20 + len(name), "end": 36 + len(name), "type": "Method"},
            ],
            "entities": [
                {"canonical": name, "type": "Method", "aliases": [], "relations": ["proposes"]},
                {"canonical": "gradient descent", "type": "Method", "aliases": [], "relations": ["uses"]},
            ],
        }
        for name in (f"Zebra{letter}Net" for letter in "ABCDEFGH")
    ]
    config = {**learn.CONFIG, "width": 16, "epochs": 60, "rare": 1, "batch": 4, "warm_up": 2, "average": 0.9}
    papers = list(cases.cases(rows, found=False))
    network, again = learn.train(papers, config), learn.train(papers, config)
    (case,) = cases.cases([{**rows[0], "abstract": "We propose Zebra9Net. We use gradient descent."}], found=False)
    proposes, uses = (
        network.probabilities(case.scene)[0][:, CLAIMS.index(("Method", name))] for name in ("proposes", "uses")
    )
    assert proposes[0] > 0.5 > proposes[1]
    assert uses[1] > 0.5 > uses[0]
    assert all(np.array_equal(network.weights[name], again.weights[name]) for name in network.weights)
