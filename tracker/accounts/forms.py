"""The forms of signing in, of one's own account, and of people."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Form, HiddenField, PasswordField, SelectField, StringField

from tracker.accounts.rules import PASSWORD_LEAST, Role
from tracker.accounts.words import ROLES_EXPLAINED
from tracker.web.forms import Needed

EMAIL: Any = _l("E-mail address")
NAME: Any = _l("Name")
PASSWORD: Any = _l("Password")
PRESENT: Any = _l("Present password")
NEW: Any = _l("New password")
NEW_HINT: Any = _l("At least %(least)s characters; a few words are good.", least=PASSWORD_LEAST)
AGAIN: Any = _l("New password, once more")
CODE: Any = _l("Code")
CODE_HINT: Any = _l("Six figures from your app, or one of your recovery codes.")
FIRST_CODE_HINT: Any = _l("The six figures that the app shows now.")
ROLE: Any = _l("Role")
CHOICES: Any = list(ROLES_EXPLAINED.items())


class SignInForm(Form):
    """Who comes, and the password."""

    next = HiddenField()
    email = EmailField(EMAIL, [Needed()], render_kw={"autocomplete": "username"})
    password = PasswordField(PASSWORD, [Needed()], render_kw={"autocomplete": "current-password"})


class CodeForm(Form):
    """A code of the second factor, or a recovery code."""

    next = HiddenField()
    code = StringField(
        CODE,
        [Needed()],
        description=CODE_HINT,
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )


class LinkForm(Form):
    """The token of a link."""

    token = HiddenField()


class NameForm(Form):
    """How somebody is called."""

    name = StringField(NAME, [Needed()], render_kw={"autocomplete": "name"})


class PasswordForm(Form):
    """A new password; the present one is asked for unless a link let somebody in."""

    present = PasswordField(PRESENT, [Needed()], render_kw={"autocomplete": "current-password"})
    new = PasswordField(
        NEW, [Needed()], description=NEW_HINT, render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(AGAIN, [Needed()], render_kw={"autocomplete": "new-password"})


class TurnOnForm(Form):
    """A first code, which shows that the app has the secret."""

    secret = HiddenField()
    present = PasswordField(PRESENT, [Needed()], render_kw={"autocomplete": "current-password"})
    code = StringField(
        CODE,
        [Needed()],
        description=FIRST_CODE_HINT,
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class TurnOffForm(Form):
    """The password, before the second factor is turned off."""

    present = PasswordField(PRESENT, [Needed()], render_kw={"autocomplete": "current-password"})


class AccountForm(Form):
    """Somebody who is to come in."""

    email = EmailField(EMAIL, [Needed()], render_kw={"autocomplete": "off"})
    name = StringField(NAME, render_kw={"autocomplete": "off"})
    role = SelectField(ROLE, [Needed()], choices=CHOICES, default=Role.VIEWER.value)


class RoleForm(Form):
    """What somebody is trusted with."""

    role = SelectField(ROLE, [Needed()], choices=CHOICES)
