"""Parts of JSON Schema 2020-12 that the tools are described with."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["FLAG", "NUMBER", "WHOLE", "choice", "listed", "maybe", "number_of", "optional", "record", "text"]

Schema = dict[str, Any]

FLAG: Final[Schema] = {"type": "boolean"}
NUMBER: Final[Schema] = {"type": "number"}
WHOLE: Final[Schema] = {"type": "integer"}


def text(says: str = "", *, most: int = 0, example: str = "") -> Schema:
    """A string, of at most so many characters."""
    found: Schema = {"type": "string"}
    if says:
        found["description"] = says
    if most:
        found |= {"minLength": 1, "maxLength": most}
    return found | ({"examples": [example]} if example else {})


def choice(says: str, names: tuple[str, ...], default: str | None = None) -> Schema:
    """One of some words."""
    return {"type": "string", "enum": list(names), "description": says} | ({"default": default} if default else {})


def number_of(says: str, default: int | None, least: int, most: int) -> Schema:
    """A whole number within bounds."""
    found: Schema = {"type": "integer", "minimum": least, "maximum": most, "description": says}
    return found if default is None else found | {"default": default}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return schema | {"type": [schema["type"], "null"]}


def listed(items: Schema, says: str = "") -> Schema:
    """A list of such."""
    return {"type": "array", "items": items} | ({"description": says} if says else {})


def record(*needed: str, **properties: Schema) -> Schema:
    """An object with these properties and no other; without names all are there."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(needed or properties),
        "additionalProperties": False,
    }


def optional(**properties: Schema) -> Schema:
    """An object with some of these properties and no other."""
    return record(**properties) | {"required": []}
