# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""./setup/upgrade: what counts as lost, and what it says without a history."""

import subprocess

import pytest
from lib import base, upgrading


def git(folder, *arguments):
    """Run git in `folder` as an invented person."""
    person = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", *person, *arguments], cwd=folder, check=True)


@pytest.fixture
def clones(tmp_path):
    """Give {kind: folder}: a clone, one without history, one without git."""
    origin = tmp_path / "origin"
    (origin / "addon").mkdir(parents=True)
    git(origin, "init", "-q")
    for text in ("old", "new"):
        (origin / "addon" / "__manifest__.py").write_text(f"{{'summary': {text!r}}}")
        git(origin, "add", ".")
        git(origin, "commit", "-q", "-m", text)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), shallow)
    (tmp_path / "plain").mkdir()
    return {"whole": origin, "shallow": shallow, "plain": tmp_path / "plain"}


def test_a_revision_is_unpacked(clones, monkeypatch, tmp_path):
    monkeypatch.setattr(upgrading, "ROOT", clones["whole"])
    monkeypatch.setattr(upgrading, "STATE", tmp_path / "state")
    folder = upgrading.unpack("HEAD~1")
    assert base.manifest(folder / "addon") == {"summary": "old"}


@pytest.mark.parametrize(
    ("kind", "revision", "words"),
    [
        ("shallow", "HEAD~1", "shallow"),
        ("whole", "nowhere", "no commit"),
        ("plain", "HEAD", "no history"),
    ],
)
def test_a_missing_history_is_said_plainly(
    clones, monkeypatch, tmp_path, kind, revision, words
):
    monkeypatch.setattr(upgrading, "ROOT", clones[kind])
    monkeypatch.setattr(upgrading, "STATE", tmp_path / "state")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(base.Stop, match=words):
        upgrading.unpack(revision)


def test_rows_and_values_that_went_are_lost():
    before = {"case": 3, "case.name": 3, "case.old": 2, "case.empty": 0, "gone": 1}
    after = {"case": 4, "case.name": 2, "case.empty": 0}
    assert upgrading.lost(before, after) == [
        "case.name: 3 before, 2 now",
        "case.old: 2 before, gone now",
        "gone: 1 before, gone now",
    ]
