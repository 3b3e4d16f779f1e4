"""Reading and writing of the weights files that exist for BERT."""
