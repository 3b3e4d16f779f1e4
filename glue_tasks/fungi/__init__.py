"""Japanese sentences on what tells one fungus from another: 25 characters."""
