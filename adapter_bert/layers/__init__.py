"""Layers of a BERT encoder with adapters, in `keras.ops` alone."""
