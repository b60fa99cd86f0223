"""How many small faults in what protects people would the tests find?

    python tests/mutants.py                   every module below, 20 faults of each
    python tests/mutants.py rule ledger --n 60

One fault at a time is put into a copy of the package (a comparison turned, a number moved, a
condition negated, a step left out), and the tests of that module are run against the copy. Faults
that no test notices are printed. No mutation tool is used: those at hand rewrite the sources in
place, which the links of an editable installation would carry into every other run.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("geodata", "routes", "maps")
GOAL = 85
SECONDS = 240
# The tests that speak of a module.
TESTS = {
    "geodata/study/rule.py": ["geodata/test_protection.py", "geodata/test_suppression.py"],
    "geodata/study/protector.py": ["geodata/test_protection.py"],
    "geodata/study/audit.py": ["geodata/test_protection.py"],
    "geodata/study/change.py": ["geodata/test_change.py", "geodata/test_ledger.py"],
    "geodata/study/ledger.py": ["geodata/test_ledger.py", "geodata/test_change.py"],
    "geodata/study/printed.py": ["geodata/test_ledger.py", "geodata/test_change.py"],
    "geodata/study/readback.py": ["front/test_readback.py"],
    "geodata/intake/personal.py": ["geodata/test_personal.py", "geodata/test_exposure.py"],
    "geodata/files.py": ["geodata/test_writing.py"],
    "geodata/text.py": ["geodata/test_text.py"],
}
TURNED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


def faults(tree: ast.Module) -> list[tuple[int, str]]:
    """Return every fault: the number of its node, and what is done to it."""
    told = _for_people(tree)
    return [
        (number, what)
        for number, node in enumerate(ast.walk(tree))
        if number not in told
        for what in _ways(node)
    ]


def with_fault(tree: ast.Module, number: int, what: str) -> tuple[int, str]:
    """Return the line of a fault, and the source with it."""
    faulty = copy.deepcopy(tree)
    target = next(node for n, node in enumerate(ast.walk(faulty)) if n == number)
    _spoil(target, what)
    return getattr(target, "lineno", 0), ast.unparse(ast.fix_missing_locations(faulty))


def _for_people(tree: ast.Module) -> set[int]:
    """Return what a fault in would change nothing that runs, or only words: hints and texts."""
    numbers = {id(node): n for n, node in enumerate(ast.walk(tree))}
    told: set[int] = set()
    for node in ast.walk(tree):
        inside: list[ast.AST] = []
        if isinstance(node, ast.FunctionDef):
            given = [*node.args.args, *node.args.kwonlyargs]
            inside = [a.annotation for a in given if a.annotation] + (
                [node.returns] * bool(node.returns)
            )
        elif isinstance(node, ast.AnnAssign):
            inside = [node.annotation]
        elif _is_words(node):
            inside = [node]
        told |= {numbers[id(one)] for part in inside for one in ast.walk(part)}
    return told


def _is_words(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "") == "Message"
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


def _ways(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
        return ["comparison"]
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in TURNED:
        return ["operator"]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        return ["negation"]
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return ["condition"]
    if isinstance(node, ast.Constant) and type(node.value) in (bool, int, float):
        return ["constant"]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return ["left out"]
    if isinstance(node, ast.Return) and node.value is not None:
        return ["no answer"]
    return []


def _spoil(node: ast.AST, what: str) -> None:
    if what == "comparison":
        node.ops[0] = TURNED[type(node.ops[0])]()
    elif what == "operator":
        node.op = TURNED[type(node.op)]()
    elif what == "negation":
        node.op = ast.UAdd() if isinstance(node.op, ast.Invert) else ast.Not()
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif what == "condition":
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif what == "constant":
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1
    elif what == "left out":
        node.value = ast.Constant(None)
    else:
        node.value = ast.Constant(None)


def is_noticed(source: str, module: str, base: Path) -> bool:
    """Tell whether a test fails with a module in the place of its own."""
    target = base / "corredor" / module
    target.write_text(source, encoding="utf-8")
    tests = [str(ROOT / "tests" / name) for name in TESTS[module]]
    try:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
            cwd=ROOT, capture_output=True, timeout=SECONDS, check=False,
            env={**os.environ, "PYTHONPATH": str(base), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True
    return run.returncode != 0


def copy_package(base: Path) -> None:
    """Put the package into a folder from which it is imported before the installed one."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "corredor", base / "corredor", ignore=skip)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, base / "corredor" / name, ignore=skip)


def main() -> int:
    """Try the faults; end with 1 if fewer are noticed than the goal."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", help="names of files, without .py; all if left out")
    parser.add_argument("--n", type=int, default=20, help="how many faults of each")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chosen = [m for m in TESTS if not asked.modules or Path(m).stem in asked.modules]
    low = []
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        copy_package(base)
        for module in chosen:
            source = (ROOT / module).read_text(encoding="utf-8")
            if is_noticed(source, module, base):
                print(f"{module}: its tests fail without any fault")
                return 1
            tree = ast.parse(source)
            every = faults(tree)
            some = random.Random(asked.seed).sample(every, min(asked.n, len(every)))
            noticed = 0
            for number, what in some:
                line, faulty = with_fault(tree, number, what)
                found = is_noticed(faulty, module, base)
                noticed += found
                if not found:
                    print(f"  {module}:{line}: {what}", flush=True)
            (base / "corredor" / module).write_text(source, encoding="utf-8")
            score = 100 * noticed / len(some)
            low += [module] if score < GOAL else []
            print(f"{module}: {noticed} of {len(some)} noticed ({score:.0f} %)", flush=True)
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
