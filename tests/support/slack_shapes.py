"""The shapes of Block Kit: what each block and element may hold, and how long. Pure tables.

The words of the problems come from public reports of Slack's answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Problems = list[str]
Check = Callable[[Any, str, Problems], None]

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z")


def problem(found: Problems, words: str, at: str) -> None:
    """Note a problem as Slack writes it."""
    found.append(f"{words} [json-pointer:{at}]")


def string(most: int, least: int = 1) -> Check:
    """A string of a length."""

    def check(value: Any, at: str, found: Problems) -> None:
        if not isinstance(value, str):
            problem(found, "must provide a string", at)
        elif len(value) > most:
            problem(found, f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            problem(found, f"must be more than {least - 1} characters", at)

    return check


def flag(value: Any, at: str, found: Problems) -> None:
    """True or false."""
    if not isinstance(value, bool):
        problem(found, "must provide a boolean", at)


def anything(_value: Any, _at: str, _found: Problems) -> None:
    """What is not looked at."""


def address(most: int = 3000) -> Check:
    """An address that begins with a scheme."""

    def check(value: Any, at: str, found: Problems) -> None:
        string(most)(value, at, found)
        if isinstance(value, str) and not ADDRESS.match(value):
            problem(found, "must be a valid URL", at)

    return check


def shape(**fields: Check) -> Check:
    """An object with these fields and no other; a field whose name ends in _ must be there."""
    needed = [name[:-1] for name in fields if name.endswith("_")]
    checks = {name.rstrip("_"): check for name, check in fields.items()} | {"type": anything}

    def check(value: Any, at: str, found: Problems) -> None:
        if not isinstance(value, dict):
            problem(found, "must provide an object", at)
            return
        for name in needed:
            if name not in value:
                problem(found, f"missing required field: {name}", at)
        for name, part in value.items():
            if name not in checks:
                problem(found, f"invalid additional property: {name}", at)
            elif part is None:
                problem(found, "must provide a value", f"{at}/{name}")
            else:
                checks[name](part, f"{at}/{name}", found)

    return check


def array(of: Check, most: int, least: int = 1) -> Check:
    """A list of a length."""

    def check(value: Any, at: str, found: Problems) -> None:
        if not isinstance(value, list):
            problem(found, "must provide an array", at)
            return
        if len(value) > most:
            problem(found, f"no more than {most} items allowed", at)
        if len(value) < least:
            problem(found, f"no less than {least} items allowed", at)
        for number, part in enumerate(value):
            of(part, f"{at}/{number}", found)

    return check


def text(most: int, kinds: tuple[str, ...] = ("plain_text",)) -> Check:
    """A text object; what is wrong inside makes Slack name the object too."""
    inside = shape(type_=anything, text_=string(most), emoji=flag, verbatim=flag)

    def check(value: Any, at: str, found: Problems) -> None:
        mine: Problems = []
        inside(value, at, mine)
        if isinstance(value, dict):
            if value.get("type") not in kinds:
                problem(mine, f"must be a valid enum value ({', '.join(kinds)})", f"{at}/type")
            for name, kind in (("emoji", "mrkdwn"), ("verbatim", "plain_text")):
                if name in value and value.get("type") == kind:
                    problem(mine, f"invalid additional property: {name}", at)
        if mine:
            problem(found, "failed to match all allowed schemas", at)
            found += mine

    return check


def any_text(most: int) -> Check:
    """A text object of either kind."""
    return text(most, ("mrkdwn", "plain_text"))


def one_of(names: str, table: dict[str, Check]) -> Check:
    """An object of one of these types."""
    allowed = names.split()

    def check(value: Any, at: str, found: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in allowed or kind not in table:
            problem(found, f"unsupported type: {kind}", f"{at}/type")
        else:
            table[str(kind)](value, at, found)

    return check


def one_word(words: str) -> Check:
    """One of these words."""

    def check(value: Any, at: str, found: Problems) -> None:
        if value not in words.split():
            problem(found, f"must be a valid enum value ({', '.join(words.split())})", at)

    return check


CONFIRM = shape(
    title_=text(100),
    text_=any_text(300),
    confirm_=text(30),
    deny_=text(30),
    style=one_word("primary danger"),
)
NAME = {"action_id": string(255), "confirm": CONFIRM, "focus_on_load": flag}
SIDE = shape(text_=text(75), value_=string(2000), accessibility_label=string(75))


PLAIN_OPTION = shape(text_=text(75), value_=string(150), description=text(75), url=address())
OPTION = shape(text_=any_text(75), value_=string(150), description=any_text(75))
GROUP = shape(label_=text(75), options_=array(PLAIN_OPTION, 100))
MENU = NAME | {"placeholder": text(150), "max_selected_items": anything}
CHOICES = {"options_": array(OPTION, 10), "initial_option": anything, "initial_options": anything}
PICKED = {f"initial_{what}": anything for what in "user users channel channels".split()} | {
    f"initial_{what}": anything for what in "conversation conversations date time".split()
}
FREE = {"min_query_length": anything, "filter": anything, "timezone": anything} | PICKED
FREE |= {"default_to_current_conversation": flag, "response_url_enabled": flag}
STATIC = {"options": array(PLAIN_OPTION, 100), "option_groups": array(GROUP, 100)}
STATIC |= {"initial_option": anything, "initial_options": anything}
TYPED = NAME | {
    "initial_value": anything,
    "placeholder": text(150),
    "dispatch_action_config": anything,
}

ELEMENTS: dict[str, Check] = {
    "button": shape(
        **NAME,
        text_=text(75),
        value=string(2000),
        url=address(),
        style=one_word("primary danger"),
        accessibility_label=string(75),
    ),
    "overflow": shape(**NAME, options_=array(PLAIN_OPTION, 5, 2)),
    "checkboxes": shape(**NAME, **CHOICES),
    "radio_buttons": shape(**NAME, **CHOICES),
    "static_select": shape(**MENU, **STATIC),
    "multi_static_select": shape(**MENU, **STATIC),
    "feedback_buttons": shape(action_id=string(255), positive_button_=SIDE, negative_button_=SIDE),
    "icon_button": shape(
        **NAME,
        icon_=string(255),
        text_=text(75),
        value=string(2000),
        accessibility_label=string(75),
        visible_to_user_ids=anything,
    ),
    "image": shape(alt_text_=string(2000), image_url=address(), slack_file=anything),
    "plain_text_input": shape(**TYPED, multiline=flag, min_length=anything, max_length=anything),
    "email_text_input": shape(**TYPED),
    "url_text_input": shape(**TYPED),
    "rich_text_input": shape(**TYPED),
    "number_input": shape(
        **TYPED, is_decimal_allowed_=flag, min_value=anything, max_value=anything
    ),
    "file_input": shape(action_id=string(255), filetypes=anything, max_files=anything),
    "workflow_button": shape(
        text_=text(75),
        workflow_=anything,
        action_id=string(255),
        style=one_word("primary danger"),
        accessibility_label=string(75),
    ),
    "mrkdwn": any_text(3000),
    "plain_text": any_text(3000),
}
PICKERS = "datepicker timepicker datetimepicker users_select conversations_select channels_select"
PICKERS += " multi_users_select multi_conversations_select multi_channels_select"
PICKERS += " external_select multi_external_select"
ELEMENTS |= {name: shape(**MENU, **FREE) for name in PICKERS.split()}
PRESSED = "button overflow checkboxes radio_buttons static_select workflow_button " + PICKERS
INPUTS = "checkboxes radio_buttons static_select multi_static_select plain_text_input "
INPUTS += "email_text_input url_text_input rich_text_input number_input file_input " + PICKERS
RICH = "rich_text_section rich_text_list rich_text_preformatted rich_text_quote"
RICH_PARTS = dict.fromkeys(RICH.split(), anything)

ID = {"block_id": string(255)}
BLOCKS: dict[str, Check] = {
    "section": shape(
        **ID,
        text=any_text(3000),
        fields=array(any_text(2000), 10),
        accessory=one_of(f"image multi_static_select {PRESSED}", ELEMENTS),
        expand=flag,
    ),
    "divider": shape(**ID),
    "header": shape(**ID, text_=text(150), level=anything),
    "context": shape(**ID, elements_=array(one_of("image mrkdwn plain_text", ELEMENTS), 10)),
    "context_actions": shape(
        **ID, elements_=array(one_of("feedback_buttons icon_button", ELEMENTS), 5)
    ),
    "actions": shape(**ID, elements_=array(one_of(PRESSED, ELEMENTS), 25)),
    "image": shape(
        **ID, alt_text_=string(2000), image_url=address(), slack_file=anything, title=text(2000)
    ),
    "input": shape(
        **ID,
        label_=text(2000),
        element_=one_of(INPUTS, ELEMENTS),
        hint=text(2000),
        optional=flag,
        dispatch_action=flag,
    ),
    "rich_text": shape(**ID, elements_=array(one_of(RICH, RICH_PARTS), 1000)),
    "markdown": shape(**ID, text_=string(12_000)),
    "table": shape(
        **ID, rows_=array(array(anything, 20), 100), column_settings=array(anything, 20)
    ),
}
NAMED_ONLY = "video file call task_card plan alert card container carousel"
BLOCKS |= dict.fromkeys(NAMED_ONLY.split(), anything)
NOT_IN_VIEWS = {"context_actions", "table", "markdown", "file", "task_card", "plan", "carousel"}
VIEW = {"private_metadata": string(3000, 0), "callback_id": string(255, 0)}
VIEW |= {"external_id": string(255, 0), "blocks_": anything, "type_": anything}
MODAL = shape(
    **VIEW,
    title_=text(24),
    submit=text(24),
    close=text(24),
    clear_on_close=flag,
    notify_on_close=flag,
    submit_disabled=flag,
)
HOME = shape(**VIEW)
