"""Who asks and who is told: questions in, answers out, on every platform alike."""
