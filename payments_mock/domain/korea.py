"""The time zone in which Korean merchants and card companies count their days."""

from datetime import timedelta, timezone

KOREA = timezone(timedelta(hours=9), "KST")
