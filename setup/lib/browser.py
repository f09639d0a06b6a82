# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What browser tests and PDF need besides Python packages."""

import shutil
import subprocess

from . import apt, python_env
from .base import Stop

#: Odoo looks for these names in PATH.
BROWSERS = ["google-chrome", "chromium", "chromium-browser", "google-chrome-stable"]
PDF_LIBRARIES = [
    "libfontconfig1",
    "libfreetype6",
    "libx11-6",
    "libxext6",
    "libxrender1",
]


def ensure():
    """Install or demand Chromium, Chinese fonts, wkhtmltopdf's libraries, pdftotext."""
    _demand(_has_browser, "Browser tests", ["chromium"])
    _demand(
        has_chinese_fonts, "Chinese pages and PDF", ["fontconfig", "fonts-noto-cjk"]
    )
    _demand(has_wkhtmltopdf, "PDF reports (wkhtmltopdf)", PDF_LIBRARIES)
    _demand(_has_pdftotext, "Tests that read PDF reports", ["poppler-utils"])


def _demand(present, what, packages):
    """Stop unless `present()`, after installing `packages` where that is possible."""
    if present() or (apt.install(*packages) and present()):
        return
    raise Stop(f"{what} need this, as root: apt-get install {' '.join(packages)}")


def _has_browser():
    return any(shutil.which(name) for name in BROWSERS)


def _has_pdftotext():
    return bool(shutil.which("pdftotext"))


def has_chinese_fonts():
    """Tell whether a font with Chinese characters is installed."""
    return bool(_output(["fc-list", ":lang=zh", "file"]))


def has_wkhtmltopdf():
    """Tell whether the wkhtmltopdf of the requirements starts."""
    program = python_env.site_packages() / "pydf" / "bin" / "wkhtmltopdf"
    if not program.exists():
        return False
    program.chmod(0o755)
    return "wkhtmltopdf" in _output([program, "--version"])


def _output(command):
    """Return what `command` prints, empty when it fails or does not exist."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout
