"""Signing in through a provider, and what an administrator sees of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tracker.accounts.answers import engine
from tracker.accounts.guard import COOKIE, identity, remember, visitor
from tracker.accounts.models import Account
from tracker.accounts.sessions import close_session, open_session
from tracker.authorship import AUTHOR
from tracker.clock import now
from tracker.oidc.operations import forget_identities, let_in
from tracker.oidc.queries import identities_of
from tracker.oidc.rules import attempt_that_returns, code_of, heed_error
from tracker.oidc.terms import Claimant, NotLetIn, new_attempt
from tracker.web.database import db, release
from tracker.web.links import local_target
from tracker.web.rights import Right, needs

if TYPE_CHECKING:
    from tracker.oidc.client import Client

oidc = Blueprint("oidc", __name__, template_folder="templates")

# Where the signed cookie keeps the attempt.
KEPT = "to-provider"


def _client() -> Client:
    found: Client | None = current_app.extensions["provider"]
    if found is None:
        abort(404, _("This site has no provider to sign in through."))
    return found


@oidc.get("/sign-in/provider")
@needs(Right.OPEN)
def begin() -> ResponseReturnValue:
    """Send the browser to the provider. Only its own cookie changes."""
    client = _client()
    target = local_target(request.args.get("next", ""))
    if identity() is not None:
        return redirect(target, 302)
    release()
    attempt = new_attempt(int(now().timestamp()), target)
    address = client.address(attempt)
    session[KEPT] = asdict(attempt)
    return redirect(address, 302)


@oidc.get("/sign-in/provider/return")
@needs(Right.OPEN)
def come_back() -> ResponseReturnValue:
    """Sign in whom the provider sends back, if this browser was sent there by us."""
    client = _client()
    kept = session.pop(KEPT, None)
    release()
    heed_error(request.args)
    moment = now()
    attempt = attempt_that_returns(kept, request.args.get("state", ""), int(moment.timestamp()))
    code = code_of(request.args, client.provider.issuer)
    claimant = client.claimant(code, attempt, moment)
    token = _open_session(claimant)
    answer = redirect(local_target(attempt.target), 303)
    remember(answer, token)
    return answer


def _open_session(claimant: Claimant) -> str:
    """A new session with a new token; the one that was here before ends.

    The provider sends browsers back by GET, whose own database session would not write.
    """
    with Session(engine().execution_options(writing=True)) as writing, writing.begin():
        writing.info[AUTHOR] = g.author
        account = let_in(writing, claimant, now())
        close_session(writing, request.cookies.get(COOKIE))
        return open_session(writing, account, visitor(), now())


@oidc.errorhandler(NotLetIn)
def refused(problem: NotLetIn) -> ResponseReturnValue:
    """Say in plain words why nobody is signed in, and to the log what was wrong."""
    client = _client()
    if problem.reason:
        current_app.logger.warning("Not signed in through the provider: %s", problem.reason)
    said = _(problem.message) % {"provider": client.provider.name, **problem.values}
    page = render_template("oidc/refused.html", code=problem.status, explanation=said)
    return page, problem.status


@oidc.route("/users/<int:number>/provider", methods=["GET", "POST"])
@needs(Right.ADMINISTER)
def tied(number: int) -> ResponseReturnValue:
    """Whom an account is tied to at the provider; the button forgets it."""
    account = db().get(Account, number, with_for_update=request.method == "POST")
    if account is None:
        abort(404)
    if request.method == "POST":
        forget_identities(db(), account)
        db().commit()
        flash(_("Forgotten. All sessions of this account are ended."))
        return redirect(url_for("users.show", number=number), 303)
    found = db().scalars(identities_of(number)).all()
    return render_template("oidc/tied.html", account=account, identities=found)
