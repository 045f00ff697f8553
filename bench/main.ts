// Benchmarks: every figure beside its floors and rivals, measured in the same run. See README.md.
import { fileURLToPath } from 'node:url'
import { Argument, Command, Option } from 'commander'
import { type OtherVersion, VERSION_010, versionOf } from './measure/other-version.js'
import { jsonLines } from './report/json-lines.js'
import { keepFindings } from './report/kept-figures.js'
import { textLines } from './report/text-lines.js'
import type { Finding, Settings } from './suite.js'
import { SUITES } from './suites/index.js'

const MISTAKE = 2
const DOCS = fileURLToPath(new URL('../docs', import.meta.url))

interface Flags {
  readonly json?: boolean
  readonly quick?: boolean
  readonly large?: boolean
  readonly keep?: boolean
  readonly against?: OtherVersion
}

async function run(chosen: readonly string[], flags: Flags): Promise<void> {
  const { json = false, quick = false, large = false, keep = false, against = VERSION_010 } = flags
  const settings: Settings = { against, quick, large, pictures: quick ? null : DOCS }
  for (const [suite, load] of Object.entries(SUITES)) {
    if (chosen.length > 0 && !chosen.includes(suite)) continue
    if (!json) console.log(`\n${suite}`)
    const findings: Finding[] = []
    const measure = await load()
    for await (const finding of measure(settings)) {
      report(suite, finding, json)
      findings.push(finding)
    }
    if (keep) await keepFindings(suite, findings)
  }
  process.exitCode = 0
}

/** With JSON, stdout holds figures alone. */
function report(suite: string, finding: Finding, json: boolean): void {
  if (!json) console.log(textLines(finding))
  else if ('note' in finding) console.error(`${suite}: ${finding.note}`)
  else console.log(jsonLines(suite, finding))
}

// Should the process run out of work before the last suite is done, that is no success.
process.exitCode = 1

new Command('npm run bench --')
  .description('Measures antidrome; every figure stands beside its floors and rivals, measured in the same run.')
  .addArgument(new Argument('[suites...]', 'what to measure; default: everything').choices(Object.keys(SUITES)))
  .option('--json', 'one JSON object a line')
  .option('--quick', 'so short that the figures mean little: to see that the suites work; draws no pictures')
  .addOption(
    new Option('--keep', 'keep the figures in results/bench and write their tables in docs/measured.md').conflicts(
      'quick',
    ),
  )
  .addOption(
    new Option(
      '--against <commit>',
      'another version to stand beside this one, where a figure has one; default: version 0.1.0',
    )
      .argParser(versionOf)
      .conflicts('keep'),
  )
  .option('--large', 'with sizes that take minutes and gigabytes: sparse networks of 100,000 neurons')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : MISTAKE))
  .action(run)
  .parseAsync()
  .catch((error: unknown) => console.error(error))
