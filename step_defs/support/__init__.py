"""What the step definitions share: server processes, clients, ids, races."""
