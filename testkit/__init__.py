"""What tests and step definitions share: servers to run, clients to call them, and what an answer must be."""
