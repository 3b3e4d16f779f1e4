"""Optimizer, schedule and training loop."""
