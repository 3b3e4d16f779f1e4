"""Bundled paraphrase sample in MRPC's file layout, and its generator."""
