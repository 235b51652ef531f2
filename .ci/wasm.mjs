// Runs tests on a CPython in WebAssembly: `node .ci/wasm.mjs TREE PACKAGES TEST…`.
// There are no processes, threads, NumPy or Graphviz in it.
import { loadPyodide } from "pyodide";

const [tree, packages, ...tests] = process.argv.slice(2);
const python = await loadPyodide();
for (const [folder, root] of Object.entries({ "/tree": tree, "/packages": packages })) {
  python.FS.mkdir(folder);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, folder);
}
python.globals.set("tests", python.toPy(tests));
process.exitCode = await python.runPythonAsync(`
import os, sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/tree", "/packages"]
os.chdir("/tree")
import pytest
print("CPython", sys.version)
int(pytest.main(["-q", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib", *tests]))
`);
