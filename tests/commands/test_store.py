"""`scrapy store run`, as its user meets it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import redis

from tests.store.test_embedded import is_stopped, wait_until

ROOT = Path(__file__).parents[2]


def test_store_run_keeps_the_store_up_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """It tells where the store is; other programs may connect; on SIGTERM it ends with 0 and the store stops."""
    state_dir = tmp_path / "state"
    with store_run(state_dir) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline() == f"The store is up at {state_dir}/valkey.sock\n"
        with redis.Redis.from_url(f"unix://{state_dir}/valkey.sock") as client:
            assert client.ping()
        command.send_signal(signal.SIGTERM)
        advice, complaint = command.stdout.read(), command.stderr.read()
    assert (command.returncode, complaint) == (0, "")
    assert f"redis-cli -s {state_dir}/valkey.sock XRANGE storywatch:articles" in advice
    wait_until(lambda: is_stopped(state_dir))


def test_store_run_has_nothing_to_run_beside_a_redis(tmp_path: Path) -> None:
    """With REDIS_URL set it says so, starts nothing, and ends with 2: bad configuration."""
    with store_run(tmp_path / "state", REDIS_URL="redis://localhost:1") as command:
        _, complaint = command.communicate()
    assert command.returncode == 2
    assert complaint.startswith("REDIS_URL: names the store, so there is nothing to run.")
    assert not (tmp_path / "state").exists()


def store_run(state_dir: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", "store", "run", "-s", f"STATE_DIR={state_dir}"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
