#!/bin/sh
# For every project of this user; the absolute path keeps working where PATH differs.
claude mcp add --scope user aries -- "$(command -v aries-mcp)"
