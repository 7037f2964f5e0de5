"""The agent pane: questions to begin with, where the workspace has one."""

from __future__ import annotations

from bot import phrases
from bot.logs import log
from bot.phrases import tell
from bot.platforms.slack import payloads, views
from bot.platforms.slack.calls import Calls, LostError, RefusedError
from bot.platforms.slack.payloads import Json
from bot.platforms.slack.people import People


async def suggest(calls: Calls, people: People, body: Json) -> None:
    """Suggest questions in the pane that was opened."""
    pane = body["event"]["assistant_thread"]
    team = payloads.team_of(body)
    script = (await people.of(team, pane["user_id"])).script or "en"
    method = "assistant.threads.setSuggestedPrompts"
    try:  # with thread_ts it does nothing, in the panes of today's apps
        await calls.call(
            team,
            method,
            channel_id=pane["channel_id"],
            title=tell(phrases.ASK_ME, script),
            prompts=list(views.prompts(script)),
        )
    except (RefusedError, LostError) as error:
        log.info("slack pane", refused=str(error))
