"""A reply given where it belongs: in the thread, in place of a message, to one person alone, in the
menu or in the home tab.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot import notices, phrases
from bot.lanes import question_of
from bot.logs import log
from bot.model import Event, Form, Manner, Notice, Press, Question, Reply
from bot.phrases import tell
from bot.platforms.slack import looking, names, views
from bot.platforms.slack.calls import Calls, LimitedError, LostError, RefusedError
from bot.platforms.slack.refusals import MENDABLE, UNSEEN, delivery
from bot.platforms.slack.render import Message, drawn, render
from bot.rendered import Rendered

QUIET = {"unfurl_links": False, "unfurl_media": False}
ALONE = "alone:"  # before the id of what one person saw, and Slack does not let us find again
SENDS = 3  # of a message whose fate is not known, each after a look whether it is there
LOOK = 0.5  # seconds until such a look


class Giver:
    """Gives replies in the workspaces that we are in."""

    def __init__(self, calls: Calls, forget: Callable[[Question], None]) -> None:
        self._calls = calls
        self._forget = forget  # that we are busy with a question, where a process left its sign
        self._drawn = Rendered(drawn)
        self._told_thread = False  # Slack said in which thread a reply stands: it always does
        self.ours: set[str] = set()  # keys of what this process took, and has not answered yet

    async def give(self, event: Event, reply: Reply, manner: Manner, answer: str) -> str:
        """The message's id. DeliveryError where Slack refuses."""
        said = question_of(event) or event
        ways = names.ways(getattr(said, "via", ""))
        try:
            if isinstance(event, Question) and event.message and event.key not in self.ours:
                found = await self._left(event, reply)
                if found:
                    return found
            if "home" in ways:
                return await self._at_home(event, reply, ways)
            if "view" in ways:
                return await self._from_menu(event, reply, manner, answer, ways)
            return await self._place(event, reply, manner, answer, ways)
        except (RefusedError, LostError, LimitedError) as error:
            if await self._aside(event, reply, ways, error):
                return ""
            raise delivery(event.channel.id, error) from None

    async def post(
        self,
        channel: str,
        message: Message,
        thread: str = "",
        since: str = "",
        patient: bool = False,
    ) -> str:
        """A message to a place; its id, empty where the thread was gone."""
        team, place = names.parts(channel)
        body: dict[str, Any] = {"channel": place, **QUIET, **message.body()}
        if thread:
            body["thread_ts"] = thread
        for send in range(SENDS):
            try:
                told = await self._calls.call(team, "chat.postMessage", place, patient, **body)
            except LostError:
                await asyncio.sleep(LOOK)
                # Waited for: told to come later, we would post once more without a look.
                found = ""
                if since:
                    said = await looking.read(self._calls, team, place, thread, since, patient=True)
                    found = looking.among(said, message.text, since)
                if found:
                    return found
                if send == SENDS - 1 and since:
                    raise  # it waits, and is looked for before it is given again
                continue
            ts = str(told["ts"])
            if thread and await self._is_loose(team, place, thread, told):
                await self.remove(channel, ts)  # its question is gone, and Slack set it loose
                return ""
            return ts
        return ""

    async def _is_loose(self, team: str, place: str, thread: str, told: Mapping[str, Any]) -> bool:
        """Whether a reply stands outside its thread, for that is gone. What speaks as Slack may not
        say in which one it stands: until it has said so once, we look.
        """
        shown = told.get("message") or {}
        if shown.get("thread_ts"):
            self._told_thread = True
            return False
        if self._told_thread:
            return True
        if not shown.get("ts"):  # it tells nothing of what was posted
            return False
        try:
            said = await looking.read(self._calls, team, place, thread, thread)
        except (RefusedError, LostError, LimitedError):
            return True
        return all(one.get("ts") != told["ts"] for one in said)

    async def remove(self, channel: str, message: str) -> None:
        """Take a message away; one that is gone already is."""
        team, place = names.parts(channel)
        try:
            await self._calls.call(team, "chat.delete", place, channel=place, ts=message)
        except RefusedError as error:
            if error.code not in ("message_not_found", *UNSEEN, "cant_delete_message"):
                raise delivery(channel, error) from None
        except LostError as error:
            raise delivery(channel, error) from None

    async def show(self, channel: str, view: str, body: Mapping[str, Any]) -> None:
        """Put something in the place of a modal, if it is still open."""
        team, _ = names.parts(channel)
        try:
            await self._calls.call(team, "views.update", view_id=view, view=dict(body))
        except (RefusedError, LostError) as error:
            log.info("slack view", refused=str(error))

    async def open(self, team: str, trigger: str, body: Mapping[str, Any]) -> None:
        """Open a modal, within three seconds of what triggers it."""
        try:
            await self._calls.call(team, "views.open", trigger_id=trigger, view=dict(body))
        except (RefusedError, LostError) as error:
            log.warning("slack view", refused=str(error))

    async def _aside(
        self, event: Event, reply: Reply, ways: Mapping[str, str], error: Exception
    ) -> bool:
        """What was pressed where nothing may be said, as in an archived channel, in a modal."""
        if not isinstance(error, RefusedError) or error.code in MENDABLE or "home" in ways:
            return False
        shown, team = views.outcome(render(reply), reply.script), names.parts(event.channel.id)[0]
        if "view" in ways:
            await self.show(event.channel.id, ways["view"], shown)
        elif "trigger" in ways:
            await self.open(team, ways["trigger"], shown)
        return "view" in ways or "trigger" in ways

    async def _at_home(self, event: Event, reply: Reply, ways: Mapping[str, str]) -> str:
        team, place = names.parts(event.channel.id)
        said = question_of(event) or event
        _, user = names.parts(str(getattr(said, "asker", "")))
        if isinstance(reply, Notice) and getattr(event, "line", "") == "forget":
            await self.open(team, ways["trigger"], views.outcome(render(reply), reply.script))
            # What was set is shown no more.
            reply = notices.form(event.channel, {}, {}, reply.script)
        if isinstance(reply, Form):
            view = views.home(reply, place)
            await self._calls.call(team, "views.publish", user, user_id=user, view=view)
        elif "trigger" in ways:
            await self.open(team, ways["trigger"], views.outcome(render(reply), reply.script))
        return ""

    async def _from_menu(
        self, event: Event, reply: Reply, manner: Manner, answer: str, ways: Mapping[str, str]
    ) -> str:
        """What was pressed in the menu: told there, or done and said so there."""
        view = ways["view"]
        if manner == "private":
            shown = views.outcome(render(reply), reply.script)
            await self.show(event.channel.id, view, shown)
            return ""
        given = await self._place(event, reply, manner, answer, ways)
        done = views.sentence(tell(phrases.DONE, reply.script), reply.script)
        await self.show(event.channel.id, view, done)
        return given

    async def _place(
        self, event: Event, reply: Reply, manner: Manner, answer: str, ways: Mapping[str, str]
    ) -> str:
        question = question_of(event)
        if question is None:
            return await self._pressed(event, reply, manner, answer, ways)
        if "share" in ways and not isinstance(reply, Notice):  # a refusal is for one alone
            return await self._shared(question, render(reply, asker=question.asker), ways["hook"])
        if "hook" in ways:
            message = render(reply, True, question.asker)  # in a chat of two, for the other one
            await self._whisper(question, message, ways["hook"])
            return f"{ALONE}{question.key}"  # so that the next command may go on from it
        message = self._drawn.of(reply).to(question.asker)
        if manner == "edit" and answer:
            try:
                return await self._change(event.channel.id, message, answer)
            except RefusedError as error:
                if error.code != "message_not_found":
                    raise
        # Its turn is waited for here: to begin anew would take each turn for the edit that failed.
        anew = manner == "edit"
        return await self.post(event.channel.id, message, question.thread, question.message, anew)

    async def _pressed(
        self, event: Event, reply: Reply, manner: Manner, answer: str, ways: Mapping[str, str]
    ) -> str:
        """What was pressed under an answer that all can see, or one alone; or a bot's own event."""
        hook = ways.get("hook", "")
        if not isinstance(event, Press):
            return await self.post(event.channel.id, render(reply))
        if "ephemeral" in ways:
            message = render(reply, True, event.asker)
            replace = manner == "edit"
            await self._whisper(event, message, hook, replace)
            return answer if replace else ""
        asker = event.asked_by if manner == "edit" and event.asked_by else event.asker
        message = render(reply, asker=asker)
        if manner == "private":
            return await self._alone(event, message, hook)
        try:
            if manner == "edit" and answer:
                return await self._change(event.channel.id, message, answer)
            under = event.message if event.channel.shared else ""
            return await self.post(event.channel.id, message, event.thread or under, event.message)
        except RefusedError as error:
            if error.code not in UNSEEN or not hook:
                raise
        replace = manner == "edit"
        await self._whisper(event, message, hook, replace)
        return answer if replace else ""

    async def _alone(self, event: Press, message: Message, hook: str) -> str:
        """To who pressed alone: as one of the channel, else by the way that the press gave."""
        team, place = names.parts(event.channel.id)
        _, user = names.parts(event.asker)
        body: dict[str, Any] = {"channel": place, "user": user, **message.body()}
        if event.thread:
            body["thread_ts"] = event.thread
        try:
            told = await self._calls.call(team, "chat.postEphemeral", place, False, **body)
        except RefusedError as error:
            if error.code not in UNSEEN or not hook:
                raise
            await self._whisper(event, message, hook)
            return ""
        return str(told.get("message_ts", ""))

    async def _whisper(
        self, event: Question | Press, message: Message, hook: str, replace: bool = False
    ) -> None:
        """By a response_url; where it is too old, as one of the channel."""
        try:
            await self._calls.respond(
                hook, response_type="ephemeral", replace_original=replace, **QUIET, **message.body()
            )
        except RefusedError:
            press = Press("", "", event.channel, event.asker, "")
            await self._alone(press, message, "")

    async def _shared(self, question: Question, message: Message, hook: str) -> str:
        """To all, and what one alone could see goes away."""
        try:
            given = await self.post(question.channel.id, message)
        except RefusedError as error:
            if error.code not in UNSEEN:
                raise
            given = ""
            await self._calls.respond(
                hook,
                response_type="in_channel",
                replace_original=False,
                **QUIET,
                **message.body(),
            )
        try:
            await self._calls.respond(hook, delete_original=True)
        except (RefusedError, LostError) as error:
            log.info("slack hook", refused=str(error))
        return given

    async def _change(self, channel: str, message: Message, answer: str) -> str:
        team, place = names.parts(channel)
        body = {"channel": place, "ts": answer, **message.body()}
        await self._calls.call(team, "chat.update", place, False, **body)
        return answer

    async def _left(self, question: Question, reply: Reply) -> str:
        """The answer that a process before us posted, and died before it could say so."""
        team, place = names.parts(question.channel.id)
        try:
            told = await looking.read(self._calls, team, place, question.thread, question.message)
        except (RefusedError, LostError, LimitedError):  # may not be read now
            return ""
        if looking.is_signed(told, question.message):
            self._forget(question)
        return looking.among(told, render(reply).text, question.message)
