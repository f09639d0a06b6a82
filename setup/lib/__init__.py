# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the commands in setup/ share. Standard library only: it runs before any install."""
