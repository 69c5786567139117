"""Speed, start-up and memory of the shipped server, measured against a bare Flask app."""
