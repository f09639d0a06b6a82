# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the commands in setup/ share; standard library only, as it runs first."""
