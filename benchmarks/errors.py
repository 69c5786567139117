"""Why a bench could not be run to its end."""


class BenchError(Exception):
    """A bench can't go on; the message says why."""


class LoadError(BenchError):
    """A request was not answered with 200, or was not answered at all."""


class ServerError(BenchError):
    """A server did not start, or ended on its own."""


class FillError(BenchError):
    """The schema has something that a clone cannot vary."""


class PageError(BenchError):
    """The page has no place for a report."""


class PostgresqlMissingError(BenchError):
    """There is no PostgreSQL here that could be started; the message says why."""
