"""What `mlinfra` does: one verb, one file, imported when it is called."""
