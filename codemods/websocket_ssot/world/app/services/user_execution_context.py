"""Who asks, in which thread, in which run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserExecutionContext:
    """One request of one user."""

    user_id: str
    thread_id: str
    run_id: str
    request_id: str
