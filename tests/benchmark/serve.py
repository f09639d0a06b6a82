# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's command line as a file: with workers, it starts itself once more."""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
