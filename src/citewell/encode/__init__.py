"""Texts → unit vectors, behind one small protocol."""

from citewell.encode.encoders import (
    DEFAULT,
    DEFAULT_SHA256,
    NONE,
    SentenceEncoder,
    cross_encoder_for,
    hash_weights,
    open_encoder,
    packaged_model,
)
from citewell.encode.protocol import CrossEncoder, Encoder, Vectors

__all__ = [
    "DEFAULT",
    "DEFAULT_SHA256",
    "NONE",
    "CrossEncoder",
    "Encoder",
    "SentenceEncoder",
    "Vectors",
    "cross_encoder_for",
    "hash_weights",
    "open_encoder",
    "packaged_model",
]
