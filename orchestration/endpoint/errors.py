"""What stops the endpoint. Kept apart from the server, whose imports are heavy, for those who only catch it."""


class EndpointError(RuntimeError):
    """The endpoint cannot run; the message says why and what to do."""
