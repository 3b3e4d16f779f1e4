"""Text-classification tasks: what the data means and where it comes from."""
