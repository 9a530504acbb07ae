"""Part of the standard library compiled to byte code, into a folder of its own."""
import compileall
import os
import shutil
import sys
import tempfile

library = os.path.dirname(os.__file__)
folder = tempfile.mkdtemp(prefix="reheap-compile-")
try:
    for name in ("json", "logging", "email"):
        shutil.copytree(os.path.join(library, name), os.path.join(folder, name), ignore=shutil.ignore_patterns("__pycache__"))
    print(bool(compileall.compile_dir(folder, quiet=2)))
finally:
    shutil.rmtree(folder)
sys.stdout.flush()
