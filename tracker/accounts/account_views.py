"""One's own account: name, password, second factor, and where one is signed in."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Form, PasswordField

from tracker.accounts.answers import engine, too_many, unkept
from tracker.accounts.credentials import (
    hash_password,
    new_totp_secret,
    picture_of,
    step_of,
    totp_address,
)
from tracker.accounts.forms import NameForm, PasswordForm, TurnOffForm, TurnOnForm
from tracker.accounts.guard import forget, remember, signed_in, visitor
from tracker.accounts.guessing import TooManyGuesses, forget_guesses, password_guesser, prove
from tracker.accounts.models import Account
from tracker.accounts.operations import (
    end_session,
    rename,
    set_password,
    turn_off_second_factor,
    turn_on_second_factor,
)
from tracker.accounts.queries import codes_left, sessions_of
from tracker.accounts.rules import PASSWORD_MOST, browser_of, check_password
from tracker.accounts.sessions import end_sessions, open_session
from tracker.accounts.words import ROLES
from tracker.clock import now
from tracker.text import Refusal
from tracker.web.database import db, release
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text

account = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")


def _own() -> Account:
    """The account of whoever is signed in, locked until the end of the transaction."""
    return db().get_one(Account, signed_in().account_id, with_for_update=True)


@account.get("")
@needs(Right.ACCOUNT)
def index() -> ResponseReturnValue:
    """Everything about one's own account."""
    return _page(NameForm(data={"name": signed_in().name}))


def _page(form: Form) -> str:
    who = signed_in()
    own = db().get_one(Account, who.account_id)
    return render_template(
        "accounts/account.html",
        form=form,
        account=own,
        role=ROLES[own.role],
        codes=db().scalar(codes_left(own.id)),
        sessions=db().scalars(sessions_of(own.id, now())).all(),
        this=who.session_id,
        browser_of=browser_of,
    )


def _form_page() -> dict[str, Any]:
    """What the template of all forms needs beside the form."""
    return {"cancel_url": url_for("account.index"), "another": False}


@account.post("/name")
@needs(Right.ACCOUNT)
def name() -> ResponseReturnValue:
    """Change how one is called."""
    form = NameForm(request.form)
    try:
        rename(_own(), form.name.data or "")
    except Refusal as refusal:
        db().rollback()
        form.name.errors = [problem_text(refusal)]
        return _page(form), 422
    db().commit()
    flash(_("Saved."))
    return redirect(url_for("account.index"), 303)


@account.route("/password", methods=["GET", "POST"])
@needs(Right.ACCOUNT)
def password() -> ResponseReturnValue:
    """Set a new password, which signs out everywhere else."""
    form = PasswordForm(request.form)
    if signed_in().by_link:
        del form.present
    if request.method == "GET":
        return _password_page(form)
    release()
    if not (_new_password_fits(form) and _is_oneself(form)):
        return _password_page(form), 422
    kept = hash_password(form.new.data or "")
    own = _own()
    set_password(db(), own, kept)
    token = open_session(db(), own, visitor(), now())
    db().commit()
    answer = redirect(url_for("account.index"), 303)
    remember(answer, token)
    flash(_("Your new password is set. Everywhere else you are signed out."))
    return answer


def _password_page(form: Form) -> str:
    return render_template("accounts/password.html", form=form, **_form_page())


def _new_password_fits(form: PasswordForm) -> bool:
    new = form.new.data or ""
    try:
        check_password(new, signed_in().email)
    except Refusal as refusal:
        form.new.errors = [problem_text(refusal)]
        return False
    if form.again.data != new:
        form.again.errors = [_("The two new passwords differ. Type them again.")]
        return False
    return True


def _is_oneself(form: Form) -> bool:
    """Whether the present password is right, where it is asked for: a link stands for it."""
    field = form._fields.get("present")
    if not isinstance(field, PasswordField):
        return signed_in().by_link
    email, address = signed_in().email, visitor().address
    typed = (field.data or "")[: PASSWORD_MOST + 1]
    try:
        proven = prove(engine(), email, typed, address, now())
    except TooManyGuesses as many:
        too_many(many)
    if proven is None:
        field.errors = [_("This is not your present password.")]
        return False
    forget_guesses(db(), password_guesser(email, address))
    db().commit()
    return True


@account.route("/second-factor", methods=["GET", "POST"])
@needs(Right.ACCOUNT)
def second_factor() -> ResponseReturnValue:
    """Show a secret for an authenticator app; a first code of it turns the second factor on."""
    form = TurnOnForm(request.form)
    if signed_in().by_link:
        del form.present
    if request.method == "GET":
        form.secret.data = new_totp_secret()
        return unkept(_second_factor_page(form))
    release()
    secret = form.secret.data or ""
    if not re.fullmatch(r"[A-Z2-7]{32}", secret):
        return redirect(url_for("account.second_factor"), 303)
    step = step_of(form.code.data or "", secret, now())
    if step is None:
        form.code.errors = [
            _("This is not what the app should show now. Look whether the phone's clock is right.")
        ]
    if step is None or not _is_oneself(form):
        return unkept(_second_factor_page(form)), 422
    codes = turn_on_second_factor(db(), _own(), secret, step)
    db().commit()
    return unkept(render_template("accounts/recovery_codes.html", codes=codes))


def _second_factor_page(form: TurnOnForm) -> str:
    secret = form.secret.data or ""
    address = totp_address(secret, signed_in().email)
    return render_template(
        "accounts/second_factor.html",
        form=form,
        groups=[secret[i : i + 4] for i in range(0, len(secret), 4)],
        address=address,
        picture=Markup(picture_of(address)),  # noqa: S704 (made of our own figures)
        **_form_page(),
    )


@account.route("/second-factor/off", methods=["GET", "POST"])
@needs(Right.ACCOUNT)
def second_factor_off() -> ResponseReturnValue:
    """Ask for the password only, from now on."""
    form = TurnOffForm(request.form)
    if signed_in().by_link:
        del form.present
    if request.method == "POST":
        release()
        if _is_oneself(form):
            turn_off_second_factor(db(), _own())
            db().commit()
            flash(_("The second factor is turned off."))
            return redirect(url_for("account.index"), 303)
    status = 422 if form.errors else 200
    return render_template("accounts/second_factor_off.html", form=form, **_form_page()), status


@account.post("/sessions/<int:number>/end")
@needs(Right.ACCOUNT)
def end(number: int) -> ResponseReturnValue:
    """Sign out in one other browser."""
    end_session(db(), signed_in().account_id, number)
    db().commit()
    flash(_("That session is ended."))
    return redirect(url_for("account.index"), 303)


@account.post("/sign-out-everywhere")
@needs(Right.ACCOUNT)
def everywhere() -> ResponseReturnValue:
    """Sign out in all browsers, this one too."""
    end_sessions(db(), signed_in().account_id)
    db().commit()
    answer = redirect(url_for("accounts.sign_in"), 303)
    forget(answer)
    flash(_("You are signed out everywhere."))
    return answer
