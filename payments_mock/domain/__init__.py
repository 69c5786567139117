"""What is true of payments anywhere: no HTTP, no database, no wire format."""
