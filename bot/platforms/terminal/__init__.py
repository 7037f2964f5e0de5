"""The terminal: a chat, one answer, or a line of JSON for each question."""
