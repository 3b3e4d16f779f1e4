"""Houlsby adapters for BERT-class encoders on Keras 3 and TensorFlow."""

__version__ = "0.1.0"
