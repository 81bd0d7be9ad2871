"""Nothing leaves the machine, and nothing installed is known to be unsafe."""
