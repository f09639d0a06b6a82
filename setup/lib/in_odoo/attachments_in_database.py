# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keep attachments in the database, so that its copy needs no copy of files."""
# ruff: noqa: F821  (env is given by Odoo's shell)

env["ir.config_parameter"].set_param("ir_attachment.location", "db")
env["ir.attachment"].force_storage()
env.cr.commit()  # the shell rolls back at its end
