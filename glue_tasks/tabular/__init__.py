"""The user's own data: tables of texts and labels in files of many kinds."""
