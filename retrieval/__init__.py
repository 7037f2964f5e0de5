"""How we find it: text to terms, terms to passages, passages to hits. No network, no clock."""
