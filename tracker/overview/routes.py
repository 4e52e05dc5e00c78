"""All pages of the overview, on one blueprint."""

from tracker.overview import calendar_page, feed, relations, views

overview = views.overview

__all__ = ["calendar_page", "feed", "overview", "relations", "views"]
