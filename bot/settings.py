"""What the operator set: the only reader of the environment.

All faults are told at once, each with its mend. A value of a secret is never told. What each
variable means stands in bot/variables.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

from bot import environ
from bot.environ import Reader
from bot.errors import SettingsError
from corpus.record import record

TAKEN = ALIVE, READY, METRICS = "/healthz", "/readyz", "/metrics"  # by the HTTP surface itself


def _veiled(self: object) -> str:
    """What a value of settings shows of itself: nothing, for tokens are in it."""
    return f"{type(self).__qualname__}(…)"


@record
class Telegram:
    """How Telegram is served."""

    __repr__ = _veiled
    token: str
    api: str = "https://api.telegram.org"  # without a slash at its end
    webhook: str | None = None
    webhook_secret: str | None = None
    allowed: frozenset[int] = frozenset()  # empty: everybody


@record
class Slack:
    """How Slack is served: one workspace by its bot token, or many by OAuth."""

    __repr__ = _veiled
    bot_token: str | None = None
    app_token: str | None = None
    signing_secret: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    api: str = "https://slack.com/api/"
    token_key: str | None = None


@record
class Settings:
    """Where things are, how long they are kept, and which platforms are served."""

    __repr__ = _veiled
    catalog: Path | None
    cache: Path
    data: Path = Path()
    database: str = ""  # the URL as SQLAlchemy takes it; empty: SQLite in `data`
    conversation_life: timedelta = timedelta(days=7)
    pending_life: timedelta = timedelta(hours=24)
    ask_per_minute: int = 20
    http_host: str = "127.0.0.1"
    http_port: int | None = None
    public_url: str | None = None
    metrics_token: str | None = None
    telegram: Telegram | None = None
    slack: Slack | None = None
    operator_channel: str | None = None
    curator_channel: str | None = None
    curators: frozenset[str] = frozenset()
    digest_grace: timedelta = timedelta(days=3)
    fetch_allow: frozenset[str] = frozenset()  # HOST:PORT, or HOST
    fetch_contact: str = ""
    feeds: tuple[str, ...] = ()
    refresh_pause: timedelta = timedelta(hours=1)  # none: `serve` reads no pages
    log_format: str | None = None
    secrets: tuple[str, ...] = ()  # values that no log may show

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; unset ones take their defaults. SettingsError tells all faults."""
        found, problems = cls.attempted(environ)
        if problems:
            raise SettingsError(problems)
        return found

    @classmethod
    def attempted(cls, environ: Mapping[str, str]) -> tuple[Settings, Sequence[str]]:
        """The settings, with defaults in place of what is wrong, and all that is wrong."""
        reader = Reader(environ)
        return _read(reader), reader.problems

    @property
    def database_url(self) -> str:
        """The database's address for SQLAlchemy, with the driver that we use."""
        return self.database or f"sqlite:///{quote(str(self.data / 'mlinfra.db'))}"


def _read(reader: Reader) -> Settings:
    return Settings(
        catalog=reader.read("MLINFRA_CATALOG_DIR", environ.folder, None),
        cache=_place(reader, "MLINFRA_CACHE_DIR", "XDG_CACHE_HOME", ".cache"),
        data=_place(reader, "MLINFRA_DATA_DIR", "XDG_DATA_HOME", ".local/share"),
        database=reader.read("DATABASE_URL", environ.database_url, ""),
        conversation_life=timedelta(
            days=reader.read("CONVERSATION_DAYS", environ.number(0, 3650), 7)
        ),
        pending_life=timedelta(hours=reader.read("PENDING_HOURS", environ.number(1, 24 * 365), 24)),
        ask_per_minute=reader.read("ASK_PER_MINUTE", environ.number(1, 100_000), 20),
        http_host=reader.read("HTTP_HOST", environ.host, "127.0.0.1"),
        http_port=reader.read("HTTP_PORT", environ.number(0, 65535), None),
        public_url=reader.read("PUBLIC_URL", environ.web, None),
        metrics_token=reader.read("METRICS_TOKEN", environ.word, None),
        telegram=_telegram(reader),
        slack=_slack(reader),
        operator_channel=reader.read("OPERATOR_CHANNEL", environ.channel, None),
        curator_channel=reader.read("CURATOR_CHANNEL", environ.channel, None),
        digest_grace=timedelta(days=reader.read("DIGEST_GRACE_DAYS", environ.number(0, 365), 3))
        or timedelta(hours=1),  # none at all would send nothing: each waits for its turn
        curators=reader.read("CURATORS", environ.channels, frozenset()),
        fetch_allow=reader.read("FETCH_ALLOW_HOSTS", environ.places, frozenset()),
        fetch_contact=reader.read("FETCH_CONTACT", environ.contact, ""),
        feeds=reader.read("FEEDS", environ.feeds, ()),
        refresh_pause=timedelta(hours=reader.read("REFRESH_HOURS", environ.amount(0.0003, 720), 1)),
        log_format=reader.read("LOG_FORMAT", environ.choice("json", "console"), None),
        secrets=tuple(reader.secrets),
    )


def _telegram(reader: Reader) -> Telegram | None:
    token = reader.read("TELEGRAM_BOT_TOKEN", environ.token, None)
    found = Telegram(
        token=token or "",
        api=reader.read("TELEGRAM_API_BASE_URL", environ.bot_api, "https://api.telegram.org"),
        webhook=reader.read("TELEGRAM_WEBHOOK_URL", environ.web, None),
        webhook_secret=reader.read("TELEGRAM_WEBHOOK_SECRET", environ.webhook_secret, None),
        allowed=reader.read("TELEGRAM_ALLOWED_IDS", environ.ids, frozenset()),
    )
    if found.webhook and not reader.gave("TELEGRAM_BOT_TOKEN"):
        reader.complain("TELEGRAM_WEBHOOK_URL", "needs TELEGRAM_BOT_TOKEN beside it")
    if (found.webhook or "").startswith("http:") and not reader.gave("TELEGRAM_API_BASE_URL"):
        reader.complain("TELEGRAM_WEBHOOK_URL", "must begin with https://, as Telegram asks for")
    path = urlsplit(found.webhook or "").path
    if path in TAKEN or path.startswith("/slack/") or "{" in path or "}" in path:
        reader.complain(
            "TELEGRAM_WEBHOOK_URL",
            f"must have a path of its own, without braces: not {', '.join(TAKEN)} or /slack/…",
        )
    if found.webhook_secret and not reader.gave("TELEGRAM_WEBHOOK_URL"):
        reader.complain("TELEGRAM_WEBHOOK_SECRET", "needs TELEGRAM_WEBHOOK_URL beside it")
    return None if token is None else found


def _slack(reader: Reader) -> Slack | None:
    found = Slack(
        bot_token=reader.read("SLACK_BOT_TOKEN", environ.token, None),
        app_token=reader.read("SLACK_APP_TOKEN", environ.token, None),
        signing_secret=reader.read("SLACK_SIGNING_SECRET", environ.word, None),
        client_id=reader.read("SLACK_CLIENT_ID", environ.word, None),
        client_secret=reader.read("SLACK_CLIENT_SECRET", environ.word, None),
        api=reader.read("SLACK_API_BASE_URL", environ.slack_api, "https://slack.com/api/"),
        token_key=reader.read("SLACK_TOKEN_KEY", environ.key, None),
    )
    bot, client = reader.gave("SLACK_BOT_TOKEN"), reader.gave("SLACK_CLIENT_ID")
    app, signing = reader.gave("SLACK_APP_TOKEN"), reader.gave("SLACK_SIGNING_SECRET")
    if client and bot:
        reader.complain(
            "SLACK_CLIENT_ID", "is for many workspaces, SLACK_BOT_TOKEN for one: unset one"
        )
    if client != reader.gave("SLACK_CLIENT_SECRET"):
        reader.complain("SLACK_CLIENT_ID", "and SLACK_CLIENT_SECRET need each other")
    if not (bot or client):
        if app or signing:
            reader.complain(
                "SLACK_APP_TOKEN" if app else "SLACK_SIGNING_SECRET",
                "needs SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, beside it",
            )
        return None
    if not (app or signing):
        reader.complain(
            "SLACK_BOT_TOKEN" if bot else "SLACK_CLIENT_ID",
            "needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside it",
        )
    return found


def _place(reader: Reader, name: str, base: str, usual: str) -> Path:
    """A folder that we make ourselves: named, or where such things usually lie."""
    named = reader.read(name, environ.own_folder, None)
    if named is not None:
        return named
    above = reader.environ.get(base, "")
    home = reader.environ.get("HOME") or _home()
    if not (above or home):
        reader.complain(name, "must be set: without a HOME there is no place where it usually lies")
    return Path(above or Path(home) / usual) / "mlinfra"


def _home() -> str:
    """The home of our account, as a shell finds it where HOME is not set; empty without one."""
    import os
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""
