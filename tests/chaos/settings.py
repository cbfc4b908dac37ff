"""The settings of an installation whose every transition is told to a receiver that counts."""

import os

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, PASSWORD_HASHERS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.chaos.sinking.SinkingConfig"]
OUTBOUND_ALLOW = ["127.0.0.1"]
ALLOWED_HOSTS = ["127.0.0.1"]
CHAOS_SINK = os.environ.get("CHAOS_SINK", "")
# Whoever signs gives a password; the slow hash is for those who guess.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
