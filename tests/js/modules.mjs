// The modules of maps/js, for Node. They are plain .js files without a package.json beside them, so
// they are copied to a folder for this run where one says that .js means module.

import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const source = fileURLToPath(new URL("../../maps/js/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "corredor-js-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
cpSync(source, folder, { recursive: true });

// All modules, as "core/data.js".
export const files = readdirSync(source, { recursive: true })
  .filter((name) => name.endsWith(".js"))
  .map((name) => name.replaceAll("\\", "/"));
export const load = (name) => import(pathToFileURL(join(folder, `${name}.js`)).href);
export { source };
