"""The paper of the week: when it is due, what is picked, how it is told, and that it arrives."""
