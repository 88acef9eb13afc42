"""Files of papers: each format has a reader, and the content of a file tells which one it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from kg.errors import SourceError
from kg.model import Paper, Rejected
from kg.sources import (
    acl,
    annotated,
    arxiv,
    arxiv_atom,
    bibtex,
    bibtex_entries,
    files,
    jsonl,
    listing_html,
    listing_markdown,
    listing_text,
    mlanthology,
    openalex,
    openreview,
    openreview_tsv,
    paperlists,
    papers_with_code,
    papers_with_code_links,
    papers_with_code_names,
    papers_with_code_tables,
    parquet,
    pmlr,
    ris,
    semantic_scholar,
    table,
    zotero,
)
from kg.sources.tree import Found, expand

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FORMATS", "Found", "Reader", "detect", "expand", "read"]

Reader = Callable[["Path", str, Mapping[str, str]], Iterator[Paper | Rejected]]
"""A file, its SHA-256 and the names of its columns become papers, and records that are none."""

FORMATS: Final[Mapping[str, Reader]] = {
    "listing-text": listing_text.read,
    "listing-html": listing_html.read,
    "listing-markdown": listing_markdown.read,
    "annotated": annotated.read,
    "jsonl": jsonl.read,
    "csv": table.read,
    "acl": acl.read,
    "bibtex": bibtex.read,
    "mlanthology": mlanthology.read,
    "pmlr": pmlr.read,
    "ris": ris.read,
    "arxiv": arxiv.read,
    "arxiv-atom": arxiv_atom.read,
    "openalex": openalex.read,
    "openreview": openreview.read,
    "openreview-tsv": openreview_tsv.read,
    "paperlists": paperlists.read,
    "parquet": parquet.read,
    "pwc-papers": papers_with_code.read,
    "pwc-links": papers_with_code_links.read,
    "pwc-tables": papers_with_code_tables.read,
    "pwc-datasets": papers_with_code_names.read_datasets,
    "pwc-methods": papers_with_code_names.read_methods,
    "semantic-scholar": semantic_scholar.read,
    "zotero": zotero.read,
}

_CLAIMS: Final[Mapping[str, Callable[[str], bool]]] = {
    "annotated": annotated.is_annotated,
    "mlanthology": mlanthology.is_volume,
    "arxiv": arxiv.is_snapshot,
    "openalex": openalex.is_works,
    "openreview": openreview.is_notes,
    "paperlists": paperlists.is_paperlist,
    "pwc-papers": papers_with_code.is_papers,
    "pwc-links": papers_with_code_links.is_links,
    "pwc-tables": papers_with_code_tables.is_tables,
    "pwc-datasets": papers_with_code_names.is_datasets,
    "pwc-methods": papers_with_code_names.is_methods,
    "semantic-scholar": semantic_scholar.is_papers,
    "arxiv-atom": arxiv_atom.is_feed,
    "openreview-tsv": openreview_tsv.is_list,
    "zotero": zotero.is_library,
    "jsonl": jsonl.is_records,
    "acl": acl.is_collection,
    "listing-html": listing_html.is_page,
    "pmlr": pmlr.is_post,
    "listing-markdown": listing_markdown.is_page,
    "listing-text": listing_text.is_page,
    "ris": ris.is_records,
    "bibtex": bibtex_entries.is_entry,
    "csv": table.is_table,
}
"""Asked in this order: a page may hold commas, a table seldom holds a page."""

_MAPPED: Final = frozenset({"jsonl", "csv"})
"""What a file can be of which somebody says what its columns are called."""


def read(
    path: Path,
    *,
    format: str = "auto",  # noqa: A002 the word of the command line
    columns: Mapping[str, str] | None = None,
) -> Iterator[Paper | Rejected]:
    """The papers of a file in its order, and in their places the records that could not be read.

    `columns` says what JSON Lines and CSV call our names, such as {"title": "Paper Title"}. The file
    is read twice, first for its digest; all but pages are then read record by record. Packed files are unpacked
    on the way; one that is damaged raises after the papers that stand before.
    Raises `SourceError` where the file as a whole is at fault: missing, empty, not UTF-8 (a page),
    of no known format, without papers, or without a column that `columns` names. That no record has
    such a column is known for JSON Lines only at the end.
    """
    if format != "auto" and format not in FORMATS:
        raise SourceError(f"{path}: no format {format!r}: use one of {', '.join(FORMATS)}, or auto")
    sha256 = files.digest(path)
    if parquet.is_parquet(path):
        chosen = "parquet" if format == "auto" else format
    else:
        start = files.head(path)
        chosen = _detect(path, start, mapped=bool(columns)) if format == "auto" else format
    return FORMATS[chosen](path, sha256, columns or {})


def detect(path: Path) -> str:
    """The format of a file by its content; its name has no say.

    Raises `SourceError` where it is none of `FORMATS`, or cannot be read.
    """
    files.digest(path)
    return "parquet" if parquet.is_parquet(path) else _detect(path, files.head(path))


def _detect(path: Path, start: str, *, mapped: bool = False) -> str:
    names = [name for name in _CLAIMS if name in _MAPPED] if mapped else _CLAIMS
    for name in names:
        if _CLAIMS[name](start):
            return name
    if start.lstrip().startswith(("[", "{")):
        raise SourceError(f"{path}: is JSON but not JSON Lines: write one object a line (jq -c '.[]')")
    raise SourceError(f"{path}: its format is not recognised: name it with --format ({', '.join(FORMATS)})")
