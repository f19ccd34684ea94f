"""The errors that the search raises for people to read."""


class SemanticError(Exception):
    """The lake, the index or a model is not as it must be; the message says what is wrong and what to do."""


class TenancyError(SemanticError):
    """Something asked for more than its organization's own; nothing was read or written."""
