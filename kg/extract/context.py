"""Contextual vectors of units, by a pretrained encoder that was trained further; for the accurate model only.

Needs the extra `accurate` (ONNX Runtime). One paper is read at a time by one thread, so that a paper's vectors do not
depend on its company.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from kg.errors import KgError
from kg.extract.wordpieces import pieces
from kg.extras import install

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    from kg.extract.features import Unit

__all__ = ["context"]


def context(units: Sequence[Unit], model: str) -> NDArray[np.float32]:
    """The vectors of units (units x dimensions): the mean of those of their first and last pieces.

    Raises KgError if ONNX Runtime is not installed.
    """
    found = pieces(units)
    (vectors,) = _session(model).run(None, {"pieces": np.array([found.numbers])})
    both: NDArray[np.float32] = (vectors[0][found.first] + vectors[0][found.last]) / 2
    return both


@cache
def _session(model: str) -> InferenceSession:
    try:
        import onnxruntime as ort  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise KgError(f"the model {model} needs ONNX Runtime: {install(model)}") from error
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(resources.files("kg.models").joinpath(f"{model}.onnx").read_bytes(), options)
