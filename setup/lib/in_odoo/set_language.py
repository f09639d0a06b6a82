# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Give every user who can log in the language that LANGUAGE names."""
# ruff: noqa: F821  (env is given by Odoo's shell)

import os

users = env["res.users"].search([("share", "=", False)])
users.write({"lang": os.environ["LANGUAGE"]})
env.cr.commit()  # the shell rolls back at its end
