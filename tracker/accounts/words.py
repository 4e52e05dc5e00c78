"""What roles are called on pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.accounts.rules import Role

ROLES: dict[Role, Any] = {
    Role.VIEWER: _l("viewer"),
    Role.EDITOR: _l("editor"),
    Role.ADMINISTRATOR: _l("administrator"),
}
ROLES_EXPLAINED: dict[Role, Any] = {
    Role.VIEWER: _l("viewer: reads everything"),
    Role.EDITOR: _l("editor: reads, records, changes and deletes"),
    Role.ADMINISTRATOR: _l("administrator: also adds people and gives roles"),
}
