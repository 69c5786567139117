"""What the server does on another database, and with more workers."""
