import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// The same stand-ins as in the bundle: tests read what the page will run.
export default defineConfig({
  resolve: { alias: { pmtiles: here("node_modules/pmtiles/src/index.ts"), fflate: here("src/no_fflate.js") } },
  test: { include: ["tests/*.test.js"] },
});
