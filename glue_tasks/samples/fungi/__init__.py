"""Bundled sample of sentences that compare fungi, and its generator."""
