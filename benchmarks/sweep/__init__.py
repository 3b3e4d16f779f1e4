"""A sweep: one run for each combination of settings, and their comparison.

python -m benchmarks.sweep --help
"""
