# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""QR codes as inline SVG: no picture route, nothing that a printer must fetch."""

import qrcode
from markupsafe import Markup

QUIET = 4  # modules of white around it, as the standard asks


def svg(text, size="32mm"):
    """Return the QR code of a text as an `<svg>` element, black on white.

    :param str text: an address; at most some hundred characters
    :param str size: width and height, a CSS length
    """
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET
    )
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    count = len(rows)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" style="width: %(size)s; height:'
        ' %(size)s" viewBox="0 0 %(count)s %(count)s"><path fill="#fff"'
        ' d="M0 0h%(count)sv%(count)sh-%(count)sz"/><path fill="#000"'
        ' d="%(path)s"/></svg>'
    ) % {"size": size, "count": count, "path": path}
