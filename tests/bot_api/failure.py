"""How the Bot API says no: an error code, Telegram's own words, sometimes parameters. Decides nothing."""

from typing import Any

Json = dict[str, Any]


class ApiFailure(Exception):
    """One refusal, as it goes over the line."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The JSON form."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(what: str) -> ApiFailure:
    """A 400 in Telegram's words."""
    return ApiFailure(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiFailure:
    """A 403 in Telegram's words."""
    return ApiFailure(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiFailure:
    """A 409 in Telegram's words."""
    return ApiFailure(409, f"Conflict: {what}")


def too_many(retry_after: int) -> ApiFailure:
    """A 429: come back after so many whole seconds."""
    return ApiFailure(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
