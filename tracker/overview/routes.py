"""All pages of the overview, on one blueprint."""

from tracker.overview import feed, relations, views

overview = views.overview

__all__ = ["feed", "overview", "relations", "views"]
