"""Programs that run and compare many runs; they are not installed."""
