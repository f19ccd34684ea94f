"""The one error that ingestion raises for people to read."""


class IngestError(Exception):
    """The lake or the server is not as it must be; the message says what is wrong, where, and what to do."""
