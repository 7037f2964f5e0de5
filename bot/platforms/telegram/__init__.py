"""Telegram, by the Bot API: polling or a webhook, private chats, groups, topics, inline mode."""
