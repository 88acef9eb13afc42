"""Whatever a paper holds becomes one valid term on one line, and comes back as it was."""

from __future__ import annotations

from urllib.parse import unquote

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import GraphError
from kg.terms import decimal, digest, flag, iri, issued, literal, node, slug, typed, whole

XSD = "http://www.w3.org/2001/XMLSchema#"
ODD = st.sampled_from(
    '"\\\n\r\t\b\f\x00\x0b\x0c\x1c\x7f\x85\u2028\u2029\u202e\ufeff\ufdd0\ufffe\uffff\U0001d538\U0001ffff\U0010ffff}'
)
ANY = st.text(st.characters(codec="utf-8") | ODD)


def with_oxigraph(term: str) -> str:
    (quad,) = ox.parse(f"<https://a> <https://b> {term} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    return str(quad.object.value)


def with_rdflib(term: str) -> str:
    (value,) = rdflib.Graph().parse(data=f"<https://a> <https://b> {term} .", format="nt").objects()
    return str(value)


@given(ANY)
def test_a_literal_comes_back_as_it_was(text: str) -> None:
    line = literal(text)
    assert len(line.splitlines()) == 1
    assert with_oxigraph(line) == with_rdflib(line) == text
    assert with_oxigraph(typed(text, XSD + "anyURI")) == text


@given(st.text(st.characters(categories=["Cs", "L"])))
def test_half_a_surrogate_pair_becomes_one_other_character(text: str) -> None:
    expected = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    assert with_oxigraph(literal(text)) == with_rdflib(literal(text)) == expected


@given(ANY | st.text(st.characters(categories=["Cs"])))
def test_every_key_makes_an_iri(key: str) -> None:
    made = node("paper", key)
    assert with_oxigraph(made) == with_rdflib(made)
    assert made.isascii()
    assert unquote(made[1:-1].removeprefix("https://w3id.org/ml-kg/paper/")) == key.encode(errors="replace").decode()


@given(ANY)
def test_every_name_makes_a_slug(name: str) -> None:
    made = slug(name)
    assert 0 < len(made) <= 100
    assert slug(made) == made
    assert with_oxigraph(node("person", made))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ada O'Brien", "ADA  O’Brien"),
        ("J. Smith", "J Smith"),
        ("\ufb01eld", "field"),
        ("Jose\u0301", "José"),
    ],
)
def test_names_that_are_one(left: str, right: str) -> None:
    assert slug(left) == slug(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("J. Smith", "J. Smyth"), ("José", "Jose"), ("राम", "रोम"), ("???", "!!!"), ("a" * 200, "a" * 201)],
)
def test_names_that_are_two(left: str, right: str) -> None:
    assert slug(left) != slug(right)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("93.73", "93.73"),
        ("93.70", "93.7"),
        ("250", "250"),
        ("250.0", "250"),
        ("100", "100"),
        ("1e-3", "0.001"),
        ("4E2", "400"),
        ("+.5", "0.5"),
        ("-0.0", "0"),
        ("-1.50", "-1.5"),
        ("0", "0"),
        ("٣", "3"),
    ],
)
def test_a_decimal_has_one_form(number: str, text: str) -> None:
    made = decimal(number)
    assert made == f'"{text}"^^<{XSD}decimal>'
    (quad,) = ox.parse(f"<https://a> <https://b> {made} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    store = ox.Store()
    store.add(quad)
    assert next(iter(store)).object == quad.object


@pytest.mark.parametrize("number", ["", "abc", "NaN", "-Infinity", "1,5", "1e99", "1e999999999", "9" * 41, "1_0x"])
def test_what_is_no_decimal_stays_text(number: str) -> None:
    assert decimal(number) == literal(number)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_a_decimal_keeps_its_value(number: object) -> None:
    text = with_rdflib(decimal(str(number)))
    assert "e" not in text.lower()
    assert rdflib.Literal(text, datatype=rdflib.XSD.decimal).value == number


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2020-01-01", "date"),
        ("2020-02-29", "date"),
        ("2020-12", "gYearMonth"),
        ("1999", "gYear"),
        ("2021-02-29", None),
        ("2020-13", None),
        ("2020-00", None),
        ("0000", None),
        ("20", None),
        ("2020-1-1", None),
        ("2020-01-01T00:00", None),
        ("٢٠٢٠", None),
        ("2020\n", None),
        ("", None),
        ("in press", None),
    ],
)
def test_a_date_is_typed_by_its_length(text: str, datatype: str | None) -> None:
    assert issued(text) == (f'"{text}"^^<{XSD}{datatype}>' if datatype else literal(text))


@pytest.mark.parametrize(
    "address",
    [
        "https://w3id.org/ml-kg/dataset/cifar-10",
        "https://example.org/a?b=c&d=(e)#f",
        "http://dbpedia.org/resource/Gr%C3%B6bner",
        "http://dbpedia.org/resource/Gröbner",
        "urn:isbn:123",
        "http://example.org:8080/a;b,c",
    ],
)
def test_an_iri_is_taken_as_it_is(address: str) -> None:
    assert with_oxigraph(iri(address)) == with_rdflib(iri(address)) == address


@pytest.mark.parametrize(
    "address",
    ["", "cifar-10", "https://a/b c", "https://a/<b>", "https://a/%zz", "https://a/b\n", "https://a/\u202e", "a:b#c#d"],
)
def test_what_is_no_iri_is_refused(address: str) -> None:
    with pytest.raises(GraphError, match=r"^not an IRI: [^\n]+: write an absolute one"):
        iri(address)


def test_the_small_terms() -> None:
    assert whole(-7) == f'"-7"^^<{XSD}integer>'
    assert flag(on=True) == f'"true"^^<{XSD}boolean>'
    assert flag(on=False) is None


def test_a_digest_stands_for_its_parts_and_their_order() -> None:
    parts = [("a", "b"), ("ab",), ("b", "a"), ("a", "b", ""), ("a", "b", None), ("a\x00b",), ("\ud800",)]
    assert len({digest(*each) for each in parts}) == len(parts)
    assert digest("a", "b") == "3554d2b8a1e34099"
