"""The floor: a bot as python-telegram-bot's own examples have it, that says what it hears."""

from __future__ import annotations

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it back."""
    await update.message.reply_text(update.message.text)


def main() -> None:
    """Run until ended."""
    token, api = os.environ["TELEGRAM_BOT_TOKEN"], os.environ["API"]
    application = Application.builder().token(token).base_url(api).build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
