# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is refused on public routes before a controller sees it."""

from werkzeug.exceptions import BadRequest, MethodNotAllowed

from odoo.http import request


def check(rule, path):
    """Refuse OPTIONS, files where none belong, and tokens of forms that are none.

    Core hands OPTIONS to the controller and asks it for no token; tokens it compares
    as plain words, and breaks: a stranger could fill the log.

    :param path: the beginning of the routes this is for, without the last slash
    :raises MethodNotAllowed: for OPTIONS
    :raises BadRequest: for files outside the field for them, and for odd tokens
    """
    if not f"{rule.rule}/".startswith(f"{path}/"):
        return
    routing = rule.endpoint.routing
    if request.httprequest.method == "OPTIONS":
        raise MethodNotAllowed(valid_methods=(routing.get("methods") or ["GET"])[:1])
    if not routing.get("csrf"):
        return
    sent = request.httprequest
    # where files belong, they stand in the one field for them
    taken = {"files"} if routing.get("takes_files") else set()
    if not sent.form.get("csrf_token", "").isascii() or set(sent.files) - taken:
        raise BadRequest()
