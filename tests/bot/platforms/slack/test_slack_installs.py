"""Many workspaces by OAuth: installed, answered by their own token, forgotten when they leave."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_house import PUBLIC, housed
from sqlalchemy import text

from bot.platforms.slack.secret import Keeper
from bot.platforms.slack.workspaces import OF_APP, SCOPES

KEY = "a key of sixteen characters or more"
# slack_sdk builds a BasicAuth, which aiohttp 3.14 would rather not have.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def house(current, tmp_path, url):
    async with housed(current, tmp_path, http=True, many=True, key=KEY, url=url) as found:
        yield found


async def begun(house, session):
    """The first step: where it leads, and the cookie that comes with it."""
    async with session.get(f"{house.door}/slack/install") as page:
        assert page.status == 200
        (link,) = re.findall(r'href="(http[^"]+)"', await page.text())
        cookie = page.headers["Set-Cookie"].partition(";")[0]
    return link.replace("&amp;", "&"), cookie


async def install(house, team, person, cookie=None):
    """Install us in a workspace, as a person does in a browser; the page at the end."""
    house.slack.installer = (person, team)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        link, own = await begun(house, session)
        async with session.get(link, allow_redirects=False) as allowed:
            back = allowed.headers["Location"]
        assert back.startswith(f"{PUBLIC}/slack/oauth_redirect?")
        headers = {"Cookie": own if cookie is None else cookie}
        address = back.replace(PUBLIC, house.door)
        async with session.get(address, headers=headers) as page:
            return page.status, await page.text()


async def rows(house):
    """All that is kept of workspaces, as text."""

    def ask(connection):
        tables = ("slack_bots", "slack_installations")
        return [
            str(tuple(row))
            for t in tables
            for row in connection.execute(text(f"SELECT * FROM {t}"))
        ]

    return await house.database.read(ask)


async def test_a_workspace_installs_and_is_answered_by_its_own_token(house):
    team = house.slack.add_team("beta", installed=False)
    ann = house.slack.add_user("ann", team=team)
    status, _ = await install(house, team, ann)
    assert status == 200
    place = house.slack.add_channel("place", ann)
    answer = await house.answer(house.slack.say(ann, place, "@mlinfra gpipe pipeline"))
    assert answer.text.startswith("GPipe")
    (call,) = house.slack.calls_of("chat.postMessage")
    assert call.token.text == team.token.text


async def test_it_asks_for_the_least_scopes(house):
    async with aiohttp.ClientSession() as session:
        link, _ = await begun(house, session)
    asked = parse_qs(urlsplit(link).query)
    assert set(asked["scope"][0].split(",")) == SCOPES - OF_APP
    assert link.startswith(house.slack.base)


async def test_tokens_are_hidden_at_rest(house):
    ann = house.slack.add_user("ann")
    await install(house, house.slack.team, ann)
    kept = await rows(house)
    assert len(kept) == 2
    for row in kept:
        assert house.slack.bot_token not in row
        assert "xoxb" not in row


async def test_a_forged_return_is_refused(house):
    """Another browser, or a state that was never begun."""
    ann = house.slack.add_user("ann")
    status, _ = await install(house, house.slack.team, ann, cookie="slack-app-oauth-state=other")
    assert status == 400
    async with aiohttp.ClientSession() as session:
        for query in ("", "?code=1", "?code=1&state=2", "?error=access_denied"):
            async with session.get(f"{house.door}/slack/oauth_redirect{query}") as page:
                assert page.status in (200, 400, 401)
    assert not await rows(house)


@pytest.mark.parametrize("end", ["uninstall", "revoke"])
async def test_a_workspace_that_leaves_is_forgotten(house, end):
    ann = house.slack.add_user("ann")
    await install(house, house.slack.team, ann)
    getattr(house.slack, end)(house.slack.team)
    await house.slack.settled()
    assert not await rows(house)
    assert await house.platform._workspaces.token(house.slack.team.id) is None


async def test_a_workspace_that_comes_again_has_a_new_token(house):
    ann = house.slack.add_user("ann")
    place = house.slack.add_channel("place", ann)
    await install(house, house.slack.team, ann)
    house.slack.uninstall(house.slack.team)
    await house.slack.settled()
    await install(house, house.slack.team, ann)
    answer = await house.answer(house.slack.say(ann, place, "@mlinfra gpipe pipeline"))
    assert answer.text.startswith("GPipe")


async def test_an_organisation_installs_for_all_its_workspaces(house):
    """Its token serves each; the ids of both are kept."""
    team = house.slack.add_team("grid", enterprise="E0001", org_wide=True, installed=False)
    ann = house.slack.add_user("ann", team=team)
    status, _ = await install(house, team, ann)
    assert status == 200
    assert all("E0001" in row for row in await rows(house))
    place = house.slack.add_channel("place", ann)
    answer = await house.answer(house.slack.say(ann, place, "@mlinfra gpipe pipeline"))
    house.slack.press(ann, answer, "中文")
    await house.slack.until(lambda: house.slack.ephemerals(ann))
    assert (await house.platform.find(f"slack:{team.id}:#place")).id.endswith(place.id)
    workspaces = house.platform._workspaces
    workspaces._homes.clear()
    assert await workspaces.token(team.id) == team.token.text


async def test_a_workspace_that_leaves_takes_no_organisation_along(house):
    """Where both had installed us."""
    grid = house.slack.add_team("grid", enterprise="E0001", org_wide=True, installed=False)
    own = house.slack.add_team("own", enterprise="E0001", installed=False)
    for team in (grid, own):
        await install(house, team, house.slack.add_user(f"of-{team.name}", team=team))
    house.slack.uninstall(own)
    await house.slack.settled()
    ann = house.slack.add_user("ann", team=grid)
    place = house.slack.add_channel("place", ann)
    assert await house.answer(house.slack.say(ann, place, "@mlinfra gpipe pipeline"))
    house.slack.uninstall(grid)
    await house.slack.settled()
    assert not await rows(house)


async def test_who_joins_from_a_workspace_without_us_is_answered_by_ours(house):
    """Slack Connect: what they say names their workspace, and is delivered for ours."""
    ann = house.slack.add_user("ann")
    await install(house, house.slack.team, ann)
    other = house.slack.add_team("other", enterprise="E0009", installed=False)
    eve = house.slack.add_user("eve", team=other, stranger=True)
    place = house.slack.add_channel("place", ann, eve, shared=True)
    sent = house.slack.say(eve, place, "@mlinfra parameter server")
    answer = await house.answer(sent)
    followed = await house.answer(house.slack.say(eve, place, "only papers", thread=sent), 2)
    assert followed.text
    house.slack.press(eve, answer, "中文")
    await house.slack.until(lambda: house.slack.ephemerals(eve))
    assert not house.slack.errors()


async def test_where_we_are_not_installed_nothing_is_said(house):
    ann = house.slack.add_user("ann")
    place = house.slack.add_channel("place", ann)
    house.slack.say(ann, place, "@mlinfra gpipe pipeline")
    await house.slack.quiet()
    assert not house.slack.said()


def test_a_token_is_shown_by_its_own_key_only():
    hidden = Keeper(KEY).hide("xoxb-1")
    assert "xoxb" not in hidden
    assert Keeper(KEY).show(hidden) == "xoxb-1"
    assert Keeper("another key of sixteen").show(hidden) is None
    assert Keeper(None).show(hidden) is None
    assert Keeper(KEY).show("xoxb-1") == "xoxb-1"
    assert Keeper(None).hide("xoxb-1") == "xoxb-1"
    assert len(Keeper(KEY).hide("x" * 110)) <= 200  # as much as a column of slack_sdk's holds
