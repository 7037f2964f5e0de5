"""Where the bot is asked: one folder for each platform."""
