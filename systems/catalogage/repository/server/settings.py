"""The settings of the real server, by the same names."""

import os

MODE = os.environ.get("APP_SERVER_MODE", "local")
HOST = os.environ.get("APP_HOST", "localhost")
PORT = int(os.environ.get("APP_PORT", "3579"))
DATABASE_URL = os.environ.get("APP_DATABASE_URL", "postgresql+asyncpg://localhost:5432/catalogage")
# For asyncpg itself, which calls sslmode what SQLAlchemy calls ssl
ASYNCPG_URL = DATABASE_URL.replace("+asyncpg", "").replace("?ssl=", "?sslmode=")
