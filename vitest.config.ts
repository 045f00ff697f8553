import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.js'
import { ProgressReporter } from './test/support/progress-reporter.js'
import { quickImports } from './test/support/quick-imports.js'

const src = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

/** In ms: ends a test that hangs. No verdict depends on how long a test takes, however busy the machine is. */
const hangsAfter = (mode: string) => (mode === 'long' ? 10_000_000 : 600_000)

/** Tests that a mode leaves out: `npm test` those of `.ci/run`, and both those that only `npm run test:long` has time for. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = { ci: ['test/**/*.long.test.ts'], long: [] }

export default defineConfig(({ mode }) => ({
  plugins: [quickImports()],
  resolve: {
    alias: [
      { find: /^antidrome$/, replacement: src('index.ts') },
      { find: /^antidrome\/(data|data\/files|hardware|storage|testing)$/, replacement: src('$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(LEFT_OUT[mode] ?? ['test/**/*.{ci,long}.test.ts'])],
    setupFiles: ['test/support/set-up.ts'],
    testTimeout: hangsAfter(mode),
    hookTimeout: hangsAfter(mode),
    // For two cores: many files wait, for processes and for limits of time, while others compute.
    maxWorkers: 4,
    sequence: { sequencer: LongFirst },
    // Files of tests follow each other in one process.
    isolate: false,
    // Packages are imported as Node does, without a proxy that every use of them asks.
    deps: { interopDefault: false },
    // Modules are transformed anew only if they have changed, which is most of what a small run takes.
    experimental: { fsModuleCache: true, fsModuleCachePath: '.build/vitest-cache' },
    reporters: process.env.CI ? [new ProgressReporter(), 'json'] : [new ProgressReporter()],
    outputFile: { json: `.build/test-report-${mode}.json` },
  },
}))
