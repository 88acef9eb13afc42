"""A pretrained encoder (BERT's architecture, such as MiniLM) whose upper layers are trained further with the tagger.

Devlin et al., "BERT", NAACL 2019; Wang et al., "MiniLM", NeurIPS 2020. The weights come from an installed package.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from kg.errors import KgError
from kg.extract.wordpieces import pieces
from kg.extras import install

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.extract.features import Unit

__all__ = ["Encoder", "Prepared", "export", "prepared"]

_EPSILON = 1e-12


class _Layer(nn.Module):
    def __init__(self, size: int, heads: int, inner: int, drop: float) -> None:
        super().__init__()
        self.heads, self.drop = heads, drop
        self.query, self.key, self.value, self.output = (nn.Linear(size, size) for _ in range(4))
        self.inner, self.outer = nn.Linear(size, inner), nn.Linear(inner, size)
        self.norm_attention, self.norm_output = (nn.LayerNorm(size, eps=_EPSILON) for _ in range(2))

    def forward(self, x: Tensor, absent: Tensor) -> Tensor:
        """One layer over papers x pieces x size; `absent` is very negative where there is no piece."""
        papers, length, size = x.shape
        query, key, value = (
            layer(x).view(papers, length, self.heads, size // self.heads).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        weights = (query @ key.transpose(2, 3) / (size // self.heads) ** 0.5 + absent).softmax(3)
        mixed = (self._drop(weights) @ value).transpose(1, 2).reshape(papers, length, size)
        x = self.norm_attention(x + self._drop(self.output(mixed)))
        found: Tensor = self.norm_output(x + self._drop(self.outer(functional.gelu(self.inner(x)))))
        return found

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.drop, self.training)


class Encoder(nn.Module):
    """Contextual vectors of pieces: the outputs of some layers side by side."""

    def __init__(self, weights: Mapping[str, Tensor], config: Mapping[str, Any]) -> None:
        super().__init__()
        words = weights["embeddings.word_embeddings.weight"]
        size = words.shape[1]
        self.frozen, self.taken = config["frozen_layers"], config["layers"]
        self.words = nn.Embedding(*words.shape)
        self.places = nn.Embedding(*weights["embeddings.position_embeddings.weight"].shape)
        self.norm = nn.LayerNorm(size, eps=_EPSILON)
        inner = weights["encoder.layer.0.intermediate.dense.bias"].shape[0]
        count = max(self.taken)
        self.layers = nn.ModuleList(_Layer(size, size // 32, inner, config["encoder_drop"]) for _ in range(count))
        self.load_state_dict(_renamed(weights, count))
        for part in (self.words, self.places, self.norm, *self.layers[: self.frozen]):
            part.requires_grad_(requires_grad=False)

    def lower(self, numbers: Tensor, absent: Tensor) -> list[Tensor]:
        """The outputs of the layers that are not trained, of papers x pieces; the first is that before any layer."""
        places = torch.arange(numbers.shape[1], device=numbers.device)
        outputs = [self.norm(self.words(numbers) + self.places(places))]
        for layer in self.layers[: self.frozen]:
            outputs.append(layer(outputs[-1], absent))
        return outputs

    def upper(self, outputs: Sequence[Tensor], absent: Tensor) -> Tensor:
        """The outputs of the layers that are taken, side by side (papers x pieces x vectors), from those of `lower`."""
        every = list(outputs)
        for layer in self.layers[self.frozen :]:
            every.append(layer(every[-1], absent))
        return torch.cat([every[number] for number in self.taken], 2)

    def forward(self, numbers: Tensor) -> Tensor:
        """The vectors of one paper's pieces (1 x pieces x vectors), for the export."""
        absent = torch.zeros(1, 1, 1, 1)
        return self.upper(self.lower(numbers, absent), absent)

    def context(self, lower: Sequence[Prepared]) -> Tensor:
        """The vectors of the units of several papers (papers x units x vectors): the mean of first and last piece."""
        device = self.norm.weight.device
        longest, most = max(len(each.last) for each in lower), max(len(each.outputs[0]) for each in lower)
        outputs = [
            torch.stack([functional.pad(each.outputs[i], (0, 0, 0, most - len(each.outputs[i]))) for each in lower])
            for i in range(len(lower[0].outputs))
        ]
        absent = torch.zeros(len(lower), 1, 1, most)
        ends = [torch.zeros(len(lower), longest, dtype=torch.long) for _ in range(2)]
        for number, each in enumerate(lower):
            absent[number, :, :, len(each.outputs[0]) :] = -1e4
            ends[0][number, : len(each.first)] = each.first
            ends[1][number, : len(each.last)] = each.last
        vectors = self.upper([output.float().to(device) for output in outputs], absent.to(device))
        wide = vectors.shape[2]
        both = [vectors.gather(1, end.to(device)[:, :, None].expand(-1, -1, wide)) for end in ends]
        return (both[0] + both[1]) / 2


class Prepared:
    """What the layers that are not trained make of a paper (each pieces x size), and where its units are."""

    def __init__(self, encoder: Encoder, units: Sequence[Unit]) -> None:
        found = pieces(units)
        device = encoder.norm.weight.device
        with torch.inference_mode():
            lower = encoder.lower(torch.tensor([found.numbers], device=device), torch.zeros(1, 1, 1, 1, device=device))
        taken = [i in encoder.taken or i == len(lower) - 1 for i in range(len(lower))]
        kept = [output[0].half().cpu().clone() for output in lower]
        self.outputs = [output if used else output[:, :0] for output, used in zip(kept, taken, strict=True)]
        self.first, self.last = torch.tensor(found.first), torch.tensor(found.last)


def prepared(config: Mapping[str, Any]) -> Encoder:
    """The encoder of a configuration, with the weights of the package that it names.

    Raises KgError if the package is not installed.
    """
    from safetensors.torch import load_file  # noqa: PLC0415 - of the extra, and only of this configuration

    spec = find_spec(config["encoder"])
    if spec is None or spec.origin is None:
        raise KgError(f"the package {config['encoder']} is not installed: {install('train')}")
    return Encoder(load_file(Path(spec.origin).parent / "model" / "model.safetensors"), config)


def export(encoder: Encoder, path: Path) -> None:
    """Write an encoder for ONNX Runtime, its matrices as bytes (dynamic quantisation, a scale for each column)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - of the extra, as above

    whole = path.with_suffix(".float.onnx")
    axes = {"pieces": {1: "pieces"}, "vectors": {1: "pieces"}}
    numbers = torch.full((1, 8), 100)
    torch.onnx.export(
        encoder.cpu().eval(), (numbers,), whole, dynamo=False, opset_version=17, dynamic_axes=axes,
        input_names=["pieces"], output_names=["vectors"],
    )  # fmt: skip
    quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()


def _renamed(weights: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """The weights under our names. Papers are one segment: its embedding goes into those of the places."""
    found = {
        "words.weight": weights["embeddings.word_embeddings.weight"],
        "places.weight": weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    names = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "output": "attention.output.dense",
        "norm_attention": "attention.output.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "norm_output": "output.LayerNorm",
    }
    for number in range(layers):
        for ours, theirs in names.items():
            for part in ("weight", "bias"):
                found[f"layers.{number}.{ours}.{part}"] = weights[f"encoder.layer.{number}.{theirs}.{part}"]
    return found
