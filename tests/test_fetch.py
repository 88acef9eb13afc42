"""`kg fetch`, against services that play on loopback."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import FetchError
from kg.fetch import SERVICES, Client, Outcome, Query, download
from kg.model import Paper
from kg.sources import detect, read
from tests.services import Answer, Playing, arxiv, as_json, openalex, openreview, playing, semantic_scholar, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.services import Asked


class Clock:
    """Sleeps that are only written down."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("OPENALEX_API_KEY", "S2_API_KEY", "KG_CONTACT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[Client]:
    found = Client(0.0, contact="me@example.org", sleep=clock.sleep)
    yield found
    found.close()


def fetched(service: Playing, query: Query, path: Path, client: Client, *, fresh: bool = False) -> Outcome:
    return download(SERVICES[query.service], query, path, client, url=service.url, fresh=fresh)


def titles(path: Path) -> list[str]:
    return [paper.title for paper in read(path) if isinstance(paper, Paper)]


WORKS = Query("openalex", words="nets")


@pytest.mark.parametrize(
    ("answer", "query", "count"),
    [
        (openalex(7), WORKS, 7),
        (openreview(2003), Query("openreview", venue="ICLR.cc/2024/Conference"), 2003),
        (openreview(1000), Query("openreview", venue="ICLR.cc/2024/Conference"), 1000),
        (arxiv(5), Query("arxiv", words="cat:cs.LG", since="2021-01-01"), 5),
        (semantic_scholar(5), Query("semantic-scholar", words="nets", since="2021-01-01"), 5),
    ],
)
def test_all_pages_come_in_a_form_that_is_read(
    tmp_path: Path, client: Client, answer: Callable[[Asked], Answer], query: Query, count: int
) -> None:
    path = tmp_path / "papers.jsonl"
    with playing(answer) as service:
        assert fetched(service, query, path, client) == Outcome(count)
        asked = len(service.asked)
        assert fetched(service, query, path, client) == Outcome(count, before=True)
        assert len(service.asked) == asked
    assert detect(path) == query.service
    assert len(titles(path)) == len(set(path.read_bytes().split(b"\n"))) - 1 == count
    assert sorted(file.name for file in tmp_path.iterdir()) == ["papers.jsonl", "papers.jsonl.cursor"]


def test_what_arxiv_says_is_kept(tmp_path: Path, client: Client) -> None:
    path = tmp_path / "papers"
    with playing(arxiv(1)) as service:
        fetched(service, Query("arxiv", words="ti:nets", since="2021-01-01", until="2021-01-31"), path, client)
    assert service.asked[0].parameters["search_query"] == ("(ti:nets) AND submittedDate:[202101010000 TO 202101312359]")
    (paper,) = [found for found in read(path) if isinstance(found, Paper)]
    assert (paper.id, paper.title, paper.abstract) == ("arxiv:2101.00000", "The Title of Paper 0", "We count.")
    assert (paper.authors, paper.published) == (("Ada Lovelace",), "2021-01-02")


def test_who_asks_is_said(tmp_path: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENALEX_API_KEY", "hidden")
    with playing(openalex(1)) as service:
        fetched(service, WORKS, tmp_path / "papers", client)
    assert service.asked[0].headers["user-agent"].startswith("kg/")
    assert "mailto:me@example.org" in service.asked[0].headers["user-agent"]
    assert service.asked[0].parameters["api_key"] == "hidden"
    assert "hidden" not in "".join(file.read_text("utf-8") for file in tmp_path.iterdir())


def test_questions_are_apart(tmp_path: Path, clock: Clock) -> None:
    client = Client(3.0, sleep=clock.sleep)
    with playing(openalex(7)) as service:
        fetched(service, WORKS, tmp_path / "papers", client)
    client.close()
    assert len(clock.slept) == 2
    assert clock.slept[0] == pytest.approx(3.0, abs=0.5)
    assert clock.slept[1] == pytest.approx(6.0, abs=0.8)  # the clock of the test stands still


@pytest.mark.parametrize(
    ("failure", "slept"),
    [
        (Answer(status=429, headers={"Retry-After": "17"}), 17.0),
        (Answer(status=503, headers={"Retry-After": "soon"}), 1.0),
        (Answer(status=500), 1.0),
        (Answer(b'{"results": [], "meta', 200), 1.0),
        (Answer(b'{"results": [], "meta": {}}', cut=10), 1.0),
        (Answer(b"[]"), 1.0),
        (Answer(b"\xff\xfe"), 1.0),
    ],
)
def test_a_failure_that_passes_is_waited_for(
    tmp_path: Path, client: Client, clock: Clock, failure: Answer, slept: float
) -> None:
    path = tmp_path / "papers"
    with playing(openalex(4)) as service:
        service.failures = [failure]
        assert fetched(service, WORKS, path, client).count == 4
    assert clock.slept == [slept]


def test_a_day_may_be_named_to_wait_for(tmp_path: Path, client: Client, clock: Clock) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    with playing(openalex(1)) as service:
        service.failures = [Answer(status=429, headers={"Retry-After": then})]
        fetched(service, WORKS, tmp_path / "papers", client)
    assert clock.slept[0] == pytest.approx(30, abs=3)


def test_an_empty_page_of_arxiv_before_the_end_is_asked_for_again(tmp_path: Path, client: Client, clock: Clock) -> None:
    empty = '<feed xmlns="http://www.w3.org/2005/Atom"><o:totalResults xmlns:o="{}">3</o:totalResults></feed>'
    with playing(arxiv(3)) as service:
        service.failures = [Answer(empty.format("http://a9.com/-/spec/opensearch/1.1/").encode())]
        assert fetched(service, Query("arxiv", words="x"), tmp_path / "papers", client).count == 3
    assert clock.slept == [1.0]


def test_failures_that_stay_are_told_and_what_has_come_is_kept(tmp_path: Path, client: Client, clock: Clock) -> None:
    path = tmp_path / "papers"
    down = False

    def answer(asked: Asked) -> Answer:
        return Answer(status=500) if down and asked.parameters["cursor"] == "6" else openalex(10)(asked)

    with playing(answer) as service:
        down = True
        with pytest.raises(FetchError, match="failed 6 times, at last because it says 500: run again, and it goes on"):
            fetched(service, WORKS, path, client)
        assert clock.slept == [1.0, 2.0, 4.0, 8.0, 16.0]
        assert not path.exists()
        part = tmp_path / "papers.part"
        part.write_bytes(part.read_bytes() + b'{"half a rec')
        down = False
        service.asked.clear()
        assert fetched(service, WORKS, path, client) == Outcome(10)
        assert [asked.parameters["cursor"] for asked in service.asked] == ["6", "9"]
    assert titles(path) == [f"The Title of Work {n}" for n in range(10)]


def test_a_wait_that_is_too_long_is_told(tmp_path: Path, client: Client) -> None:
    with playing(openalex(1)) as service:
        service.failures = [Answer(status=429, headers={"Retry-After": "7200"})]
        with pytest.raises(FetchError, match="asks to wait for 7200 seconds: run again then, and it goes on"):
            fetched(service, WORKS, tmp_path / "papers", client)


def test_a_refusal_is_told_at_once(tmp_path: Path, client: Client, clock: Clock) -> None:
    with playing(lambda _: Answer(b"no such\nfilter", 403)) as service:
        with pytest.raises(FetchError, match=r"refuses with 403 \(no such filter\): check the query"):
            fetched(service, WORKS, tmp_path / "papers", client)
        assert len(service.asked) == 1
    assert clock.slept == []


def test_an_answer_without_records_is_told(tmp_path: Path, client: Client) -> None:
    with (
        playing(lambda _: as_json({"error": "in words"})) as service,
        pytest.raises(FetchError, match="the answer has no results"),
    ):
        fetched(service, WORKS, tmp_path / "papers", client)
    with playing(openalex(0)) as service, pytest.raises(FetchError, match="has no papers that answer this"):
        fetched(service, WORKS, tmp_path / "papers", client)
    assert list(tmp_path.iterdir()) == []


def test_a_limit_ends_it(tmp_path: Path, client: Client) -> None:
    path = tmp_path / "papers"
    with playing(openalex(100)) as service:
        assert fetched(service, Query("openalex", words="nets", limit=4), path, client) == Outcome(4)
        assert len(service.asked) == 2
    assert len(titles(path)) == 4


def test_a_file_is_of_one_query(tmp_path: Path, client: Client) -> None:
    path = tmp_path / "papers"
    with playing(openalex(2)) as service:
        fetched(service, WORKS, path, client)
        with pytest.raises(FetchError, match=r"is of another query \(service=openalex words=nets\)"):
            fetched(service, Query("openalex", words="trees"), path, client)
        assert fetched(service, Query("openalex", words="trees"), path, client, fresh=True) == Outcome(2)
        path.unlink()
        assert fetched(service, Query("openalex", words="trees"), path, client) == Outcome(2)
        foreign = tmp_path / "foreign"
        foreign.write_text("mine", "utf-8")
        with pytest.raises(FetchError, match="exists, and was not downloaded by kg"):
            fetched(service, WORKS, foreign, client)
        (tmp_path / "papers.cursor").write_text("[", "utf-8")
        with pytest.raises(FetchError, match="is damaged: use --fresh"):
            fetched(service, WORKS, path, client)
    assert foreign.read_text("utf-8") == "mine"


def test_a_fresh_start_that_fails_can_be_tried_again_and_leaves_the_file(tmp_path: Path, client: Client) -> None:
    path = tmp_path / "papers"
    with playing(openalex(2)) as service:
        fetched(service, WORKS, path, client)
        service.failures = [Answer(status=403)]
        with pytest.raises(FetchError, match="refuses with 403"):
            fetched(service, WORKS, path, client, fresh=True)
        assert len(titles(path)) == 2
        assert fetched(service, WORKS, path, client) == Outcome(2)


COLLECTION = Query("acl", venue="2020.acl")


def test_a_whole_file_that_was_cut_goes_on_where_it_was_cut(tmp_path: Path, client: Client, clock: Clock) -> None:
    path, content = tmp_path / "acl.xml", bytes(range(256)) * 500
    with playing(whole_file(content)) as service:
        service.failures = [Answer(content, headers={"ETag": '"one"'}, cut=70_000)]
        assert fetched(service, COLLECTION, path, client) == Outcome(len(content))
        first, second = service.asked
        assert fetched(service, COLLECTION, path, client) == Outcome(len(content), before=True)
    assert first.path == "/2020.acl.xml"
    assert second.headers["range"] == "bytes=70000-"
    assert path.read_bytes() == content
    assert clock.slept == [1.0]


def test_a_whole_file_goes_on_in_another_run(tmp_path: Path, client: Client) -> None:
    path, content = tmp_path / "acl.xml", b"0123456789" * 1000
    with (
        playing(lambda _: Answer(content, headers={"ETag": '"one"'}, cut=4000)) as service,
        pytest.raises(FetchError, match="failed 6 times"),
    ):
        fetched(service, COLLECTION, path, client)
    with playing(whole_file(content)) as service:
        assert fetched(service, COLLECTION, path, client) == Outcome(len(content))
        assert service.asked[0].headers["range"] == "bytes=4000-"
    assert path.read_bytes() == content


def test_a_whole_file_that_has_changed_begins_anew(tmp_path: Path, client: Client) -> None:
    path, content = tmp_path / "acl.xml", b"new" * 5000
    with playing(whole_file(content, tag='"two"')) as service:
        service.failures = [Answer(b"old" * 5000, headers={"ETag": '"one"'}, cut=6000)]
        fetched(service, COLLECTION, path, client)
    assert path.read_bytes() == content


def test_nobody_there(tmp_path: Path, client: Client) -> None:
    with playing(openalex(1)) as service:
        pass
    with pytest.raises(FetchError, match="failed 6 times"):
        fetched(service, WORKS, tmp_path / "papers", client)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (Query("arxiv", venue="ICLR"), "arxiv cannot be asked by --venue: use --from, --query, --until"),
        (Query("acl"), "nothing is asked of acl: say what with --venue"),
        (Query("acl", venue="P18", limit=3), "acl gives whole files: leave out --limit"),
    ],
)
def test_what_a_service_cannot_be_asked(tmp_path: Path, client: Client, query: Query, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        download(SERVICES[query.service], query, tmp_path / "papers", client)


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    with playing(openalex(2)) as service:
        words = ["fetch", "openalex", "--query", "nets", "--url", service.url, "-o", str(path)]
        first, second = (CliRunner().invoke(cli, words) for _ in range(2))
    assert (first.exit_code, first.stderr) == (0, f"{path} has come: 2 papers\n")
    assert (second.exit_code, second.stderr) == (0, f"{path} is complete: 2 papers\n")
    assert json.loads(path.read_text("utf-8").splitlines()[0])["id"] == "https://openalex.org/W0"
    wrong = CliRunner().invoke(cli, [*words, "--from", "2020-02-30"])
    assert (wrong.exit_code, "is not a day as YYYY-MM-DD" in wrong.stderr) == (2, True)
    wrong = CliRunner().invoke(cli, ["fetch", "acl", "--venue", "../../etc", "-o", str(path)])
    assert (wrong.exit_code, "is not the name of a venue" in wrong.stderr) == (2, True)
