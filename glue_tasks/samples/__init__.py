"""Small data sets written for this project, for when no other is there."""
