"""What listens: the server, the pages and the JSON APIs."""
