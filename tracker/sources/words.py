"""What pages call the kinds of source and the bases of a fact."""

from flask_babel import lazy_gettext as _l

from tracker.sources.models import Basis, SourceKind

KINDS = {
    SourceKind.OFFICIAL_TEXT: _l("official text"),
    SourceKind.GAZETTE: _l("gazette"),
    SourceKind.PRESS_RELEASE: _l("press release"),
    SourceKind.NEWS_ARTICLE: _l("news article"),
    SourceKind.SOCIAL_MEDIA_POST: _l("social media post"),
    SourceKind.MINUTES: _l("minutes"),
}

BASES = {
    Basis.STATED: _l("stated"),
    Basis.INFERRED: _l("inferred"),
}
