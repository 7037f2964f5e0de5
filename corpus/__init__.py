"""What we know: the curated catalog and what was read behind its links. Imports nothing of ours."""
