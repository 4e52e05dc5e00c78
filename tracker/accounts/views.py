"""Signing in with a password and a code or by a link, and signing out."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Gone
from wtforms import Form

from tracker.accounts.answers import engine, too_many, unkept
from tracker.accounts.credentials import digest
from tracker.accounts.forms import CodeForm, LinkForm, SignInForm
from tracker.accounts.guard import (
    COOKIE,
    author_of,
    forget,
    half_signed_in,
    identity,
    remember,
    visitor,
)
from tracker.accounts.guessing import (
    Proven,
    TooManyGuesses,
    code_guesser,
    count_guess,
    forget_guesses,
    password_guesser,
    prove,
)
from tracker.accounts.models import Account
from tracker.accounts.operations import take_code, use_link
from tracker.accounts.queries import link_of
from tracker.accounts.rules import EMAIL_LENGTH, PASSWORD_MOST
from tracker.accounts.sessions import close_session, open_session
from tracker.clock import now
from tracker.web.database import db, release, write_as
from tracker.web.links import local_target
from tracker.web.rights import Right, needs

accounts = Blueprint("accounts", __name__, template_folder="templates")


@accounts.route("/sign-in", methods=["GET", "POST"])
@needs(Right.OPEN)
def sign_in() -> ResponseReturnValue:
    """Ask for the e-mail address and the password, then for the code where there is one."""
    form = SignInForm(request.form)
    if request.method == "GET":
        form.next.data = local_target(request.args.get("next", ""))
        if identity() is not None:
            return redirect(form.next.data, 302)
        return _sign_in_page(form)
    # PostgreSQL takes no NUL, and no address has one.
    email = (form.email.data or "").replace("\0", "").strip().casefold()[:EMAIL_LENGTH]
    password = (form.password.data or "")[: PASSWORD_MOST + 1]
    release()
    try:
        proven = prove(engine(), email, password, visitor().address, now())
    except TooManyGuesses as many:
        return too_many(many)
    account = _proven_account(proven) if proven else None
    if account is None:
        form.password.errors = [_("This e-mail address and this password do not go together.")]
        return _sign_in_page(form), 422
    forget_guesses(db(), password_guesser(email, visitor().address))
    return _let_in(account, form.next.data or "", half=account.totp_secret is not None)


def _proven_account(proven: Proven) -> Account | None:
    """The account, unless its password was changed or it was deactivated just now."""
    account = db().get(Account, proven.account_id, with_for_update=True)
    if account is None or not account.active or account.password_hash != proven.password_hash:
        return None
    return account


def _let_in(
    account: Account, target: str, *, half: bool = False, by_link: bool = False
) -> ResponseReturnValue:
    """A new session with a new token; the one that was here before ends."""
    write_as(author_of(account.email, account.id))
    close_session(db(), request.cookies.get(COOKIE))
    token = open_session(db(), account, visitor(), now(), by_link=by_link, complete=not half)
    db().commit()
    target = local_target(target)
    answer = redirect(url_for("accounts.code", next=target) if half else target, 303)
    remember(answer, token)
    return answer


def _sign_in_page(form: Form) -> str:
    return render_template("accounts/sign_in.html", form=form)


@accounts.route("/sign-in/code", methods=["GET", "POST"])
@needs(Right.OPEN)
def code() -> ResponseReturnValue:
    """Ask for the code of the second factor, after the password."""
    number = half_signed_in()
    form = CodeForm(request.form)
    if number is None:
        flash(_("Begin with your e-mail address and your password."))
        return redirect(url_for("accounts.sign_in"), 303)
    if request.method == "GET":
        form.next.data = local_target(request.args.get("next", ""))
        return render_template("accounts/code.html", form=form)
    guesser = code_guesser(number, visitor().address)
    release()
    try:
        count_guess(engine(), guesser, now())
    except TooManyGuesses as many:
        return too_many(many)
    account = db().get(Account, number, with_for_update=True)
    if account is None or not take_code(db(), account, (form.code.data or "")[:100], now()):
        db().rollback()
        form.code.errors = [_("This code is not right, is too old, or was used before.")]
        return render_template("accounts/code.html", form=form), 422
    forget_guesses(db(), guesser)
    return _let_in(account, form.next.data or "")


@accounts.route("/sign-in/link", methods=["GET", "POST"])
@needs(Right.OPEN)
def link() -> ResponseReturnValue:
    """Show what a link is for; sign in when the button is pressed. It works once."""
    form = LinkForm(request.form)
    if request.method == "POST":
        account = use_link(db(), form.token.data or "", now())
        if account is None:
            raise _void_link()
        return _let_in(account, url_for("account.index"), by_link=True)
    form.token.data = request.args.get("token", "")
    found = db().scalar(link_of(digest(form.token.data), now()))
    if found is None:
        raise _void_link()
    return unkept(render_template("accounts/link.html", form=form, account=found.account))


def _void_link() -> Gone:
    return Gone(
        _(
            "This link was used already, is too old, or a newer one was made. "
            "Ask an administrator for a new one, or make one with: tracker user link"
        )
    )


@accounts.post("/sign-out")
@needs(Right.OPEN)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    close_session(db(), request.cookies.get(COOKIE))
    db().commit()
    answer = redirect(url_for("overview.home") if _public() else url_for("accounts.sign_in"), 303)
    forget(answer)
    flash(_("You are signed out."))
    return answer


def _public() -> bool:
    public: bool = current_app.extensions["public_read"]
    return public
