"""The administrator's pages: who can sign in, with which role."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from wtforms import Form

from tracker.accounts.answers import unkept
from tracker.accounts.forms import AccountForm, RoleForm
from tracker.accounts.models import Account
from tracker.accounts.operations import (
    add_account,
    change_role,
    deactivate,
    make_link,
    reactivate,
)
from tracker.accounts.queries import all_accounts
from tracker.accounts.rules import Role
from tracker.accounts.words import ROLES
from tracker.clock import now
from tracker.text import N_, Refusal
from tracker.web.database import db
from tracker.web.rights import Right, needs
from tracker.web.site import problem_text

users = Blueprint("users", __name__, url_prefix="/users", template_folder="templates")


@users.get("")
@needs(Right.ADMINISTER)
def index() -> ResponseReturnValue:
    """Everybody who can sign in, or could."""
    people = db().scalars(all_accounts()).all()
    return render_template("accounts/users.html", people=people, roles=ROLES)


@users.route("/new", methods=["GET", "POST"])
@needs(Right.ADMINISTER)
def new() -> ResponseReturnValue:
    """Add somebody."""
    form = AccountForm(request.form)
    if request.method == "GET" or not form.validate():
        return _new_page(form), 200 if request.method == "GET" else 422
    try:
        made = add_account(db(), form.email.data or "", form.name.data or "", Role(form.role.data))
        number = made.id
        db().commit()
    except (Refusal, IntegrityError) as problem:
        db().rollback()
        form.email.errors = [_why_not(problem)]
        return _new_page(form), 422
    flash(_("Added. Now make a sign-in link and give it to them."))
    return redirect(url_for("users.show", number=number), 303)


def _why_not(problem: Exception) -> str:
    if isinstance(problem, Refusal):
        return problem_text(problem)
    return _("There is an account with this e-mail address already.")


def _new_page(form: Form) -> str:
    return render_template(
        "accounts/new_user.html", form=form, cancel_url=url_for("users.index"), another=False
    )


@users.get("/<int:number>")
@needs(Right.ADMINISTER)
def show(number: int) -> ResponseReturnValue:
    """One account, and what can be done with it."""
    return _page(_load(number))


def _load(number: int) -> Account:
    """The account of this number, locked until the end of the transaction, or 404."""
    found = db().get(Account, number, with_for_update=request.method == "POST")
    if found is None:
        abort(404)
    return found


def _page(account: Account, form: RoleForm | None = None) -> str:
    return render_template(
        "accounts/user.html",
        account=account,
        role=ROLES[account.role],
        form=form or RoleForm(data={"role": account.role.value}),
    )


@users.post("/<int:number>/role")
@needs(Right.ADMINISTER)
def role(number: int) -> ResponseReturnValue:
    """Give another role, which ends all of the account's sessions."""
    account = _load(number)
    form = RoleForm(request.form)
    try:
        if not form.validate():
            raise Refusal(N_("Choose one of the roles."))
        change_role(db(), account, Role(form.role.data))
        db().commit()
    except Refusal as refusal:
        db().rollback()
        form.role.errors = [problem_text(refusal)]
        return _page(_load(number), form), 422
    flash(_("The role is changed. All sessions of this account are ended."))
    return redirect(url_for("users.show", number=number), 303)


@users.post("/<int:number>/deactivate")
@needs(Right.ADMINISTER)
def leave(number: int) -> ResponseReturnValue:
    """Let somebody in no more."""
    account = _load(number)
    try:
        deactivate(db(), account)
        db().commit()
    except Refusal as refusal:
        db().rollback()
        flash(problem_text(refusal), "error")
        return _page(_load(number)), 422
    flash(_("The account is deactivated, and all of its sessions are ended."))
    return redirect(url_for("users.show", number=number), 303)


@users.post("/<int:number>/reactivate")
@needs(Right.ADMINISTER)
def come_back(number: int) -> ResponseReturnValue:
    """Let somebody in again."""
    reactivate(_load(number))
    db().commit()
    flash(_("The account is active again."))
    return redirect(url_for("users.show", number=number), 303)


@users.post("/<int:number>/link")
@needs(Right.ADMINISTER)
def link(number: int) -> ResponseReturnValue:
    """Make a sign-in link and show it this once."""
    account = _load(number)
    try:
        token = make_link(db(), account, now())
        db().commit()
    except Refusal as refusal:
        db().rollback()
        flash(problem_text(refusal), "error")
        return _page(_load(number)), 422
    address = url_for("accounts.link", token=token, _external=True)
    return unkept(render_template("accounts/link_made.html", account=account, address=address))
