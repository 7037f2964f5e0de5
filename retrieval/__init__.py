"""How we find it: text to terms, terms to passages, passages to hits. Pure; no network, no clock."""
