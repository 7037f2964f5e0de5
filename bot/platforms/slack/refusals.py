"""What a refusal of Slack's means for a message: never, later, or something for the operator."""

from __future__ import annotations

from bot.chat import DeliveryError
from bot.platforms.slack.calls import LimitedError, LostError, RefusedError

UNSEEN = ("not_in_channel", "channel_not_found", "user_not_in_channel")
MENDABLE = (  # by the operator alone
    "account_inactive",
    "invalid_auth",
    "missing_scope",
    "not_authed",
    "not_installed",
    "token_expired",
    "token_revoked",
)


def delivery(channel: str, error: RefusedError | LostError | LimitedError) -> DeliveryError:
    """A refusal, as the service takes it: no call that Slack understood will go better later."""
    if isinstance(error, LimitedError):
        return DeliveryError(channel, f"limited ({error})", after=error.seconds)
    if isinstance(error, LostError):
        return DeliveryError(channel, f"no answer ({error})")
    mendable = error.code in MENDABLE
    return DeliveryError(channel, error.reason, permanent=True, mendable=mendable)
