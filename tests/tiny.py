"""A network and rows of a size that tests can afford."""

import numpy as np

from adapter_bert.adapter_config import AdapterConfig
from adapter_bert.config import EncoderConfig
from adapter_bert.data.token_rows import TokenRows

ENCODER = EncoderConfig(
    vocab_size=50,
    hidden_size=16,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=24,
    max_position_embeddings=32,
)
ADAPTER = AdapterConfig(size=4)


def make_rows(lengths, seed=0, max_seq_length=32):
    """Returns rows of random tokens, none of them 0, of these lengths."""
    random = np.random.default_rng(seed)
    row_splits = np.cumsum([0, *lengths])
    total = row_splits[-1]
    return TokenRows(
        input_ids=random.integers(1, 50, total).astype("int32"),
        segment_ids=random.integers(0, 2, total).astype("int8"),
        row_splits=row_splits,
        max_seq_length=max_seq_length,
    )


def make_lengths(count, seed=0):
    """Returns row lengths from 3 to 32."""
    return np.random.default_rng(seed).integers(3, 33, count)
