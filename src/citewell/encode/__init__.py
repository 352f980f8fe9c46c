"""Texts → unit vectors, behind one small protocol."""

from citewell.encode.encoders import (
    DEFAULT,
    DEFAULT_SHA256,
    NONE,
    SentenceEncoder,
    hash_weights,
    open_encoder,
    packaged_model,
)
from citewell.encode.protocol import Encoder, Vectors

__all__ = [
    "DEFAULT",
    "DEFAULT_SHA256",
    "NONE",
    "Encoder",
    "SentenceEncoder",
    "Vectors",
    "hash_weights",
    "open_encoder",
    "packaged_model",
]
