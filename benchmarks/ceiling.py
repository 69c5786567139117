"""The ceiling: a bare Flask app with one JSON route, the fastest a Flask application can hope to be."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def answer() -> dict[str, str]:
    """Answer a constant, so that all the time spent is the framework's and the server's."""
    return {"status": "DONE"}
