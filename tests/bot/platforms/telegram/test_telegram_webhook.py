"""By webhook: `mlinfra serve` as a process, fed by the server over HTTP."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request

from botapi_server import BotApi
from botapi_webhook import SECRET_HEADER

from bot.platforms.telegram.webhook import secret_of


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def posted(url, body, secret=None, **more):
    """The status of a post as Telegram would make it."""
    headers = {"Content-Type": "application/json", **more}
    if secret is not None:
        headers[SECRET_HEADER] = secret
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_updates_come_by_webhook_each_answered_once(serving):
    """A derived secret; redelivered after a restart, nothing is answered twice."""
    with BotApi.in_thread() as server:
        port = free_port()
        url = f"http://127.0.0.1:{port}/hook/telegram"
        environ = {"TELEGRAM_WEBHOOK_URL": url, "HTTP_PORT": str(port)}
        with serving(server, **environ) as process:
            assert server.webhook.secret == secret_of(server.token)
            chats = [server.private(server.user(f"u{number}")) for number in range(20)]
            questions = [(chat, chat.say(f"gpipe {chat.id}")) for chat in chats]
            server.wait(lambda: all(chat.answers_to(asked) for chat, asked in questions), 20)
            assert not server.counts["getUpdates"]
            shape = {"message_id": 900, "date": 1, "text": "gpipe", "chat": {"id": 1001}}
            body = json.dumps({"update_id": 7, "message": shape}).encode()
            assert posted(url, body) == 401
            assert posted(url, body, "wrong") == 401
            assert posted(url, body, "\xff") == 401
            assert posted(url, b"{", server.webhook.secret) == 400
            for odd in (b"[1]", b'{"update_id": 1e999}', b"[" * 100_000):
                assert posted(url, odd, server.webhook.secret) == 400
            packed = {"Content-Encoding": "gzip"}
            assert posted(url, b"no gzip", server.webhook.secret, **packed) == 400
            assert process.stop() == 0
        late = chats[0].say("parameter server")
        with serving(server, **environ) as process:
            server.wait(lambda: chats[0].answers_to(late), 20)
            assert len(server.sent) == 21
            assert process.stop() == 0


def test_the_path_has_a_secret_of_its_own_where_one_is_set(serving):
    """TELEGRAM_WEBHOOK_SECRET goes before the derived one."""
    with BotApi.in_thread() as server:
        port = free_port()
        environ = {
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
            "TELEGRAM_WEBHOOK_SECRET": "own-secret_1",
            "HTTP_PORT": str(port),
        }
        with serving(server, **environ):
            assert server.webhook.secret == "own-secret_1"
            server.private().say("gpipe")
            server.wait(lambda: server.sent, 20)
