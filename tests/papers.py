"""Papers made by hand, for the tests of the rooms that read texts."""

from kg.model import Declared, Paper, Source

SOURCE = Source(sha256="0" * 64, format="jsonl", line=1)


def paper(title: str = "A Study", abstract: str = "", *, id: str = "key:1", tasks: tuple[str, ...] = ()) -> Paper:  # noqa: A002 - as in Paper
    """A paper with this text."""
    return Paper(id=id, title=title, abstract=abstract, source=SOURCE, declared=Declared(tasks=tasks))
