"""Nothing that is read can run: no module of ours reaches for what turns bytes into code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = sorted(path for name in ("crawler", "pipelines", "settings") for path in (ROOT / name).rglob("*.py"))
MODULES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "marshal", "shelve", "jsonpickle", "yaml", "code"}
CALLS = {"eval", "exec", "compile", "__import__"}


def reaches(tree: ast.AST) -> Iterator[str]:
    """Yield what a module uses of these."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            if (node.module or "").partition(".")[0] in MODULES:
                yield str(node.module)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            yield node.func.id
        elif isinstance(node, ast.keyword) and node.arg == "shell" and getattr(node.value, "value", None):
            yield "shell=True"


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_bytes_become_code(path: Path) -> None:
    """No pickle, marshal, shelve, YAML, eval, exec or shell."""
    assert list(reaches(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    ["import pickle", "from marshal import loads", "import yaml as y", "eval('1')", "run('x', shell=True)"],
)
def test_it_would_be_seen(text: str) -> None:
    """The test above can fail."""
    assert list(reaches(ast.parse(text)))
