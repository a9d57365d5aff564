#!/bin/sh
# Answers with what it is asked.
read -r query
printf '{"query": "%s"}' "$(printf '%s' "$query" | tr -d '{}"')"
