import { asksForJson } from './asks-for-json.js'
import { errorText, exitCodeOf } from './report-error.js'

const argv = process.argv.slice(2)

process.on('uncaughtException', fail)
try {
  // Not above: where few files may be open, loading the rest fails, and whoever is loaded by then has to tell.
  const { runCommand } = await import('./run-command.js')
  const { processTerminal } = await import('./terminal.js')
  // Not process.exit: what has been written must reach a slow reader first.
  process.exitCode = await runCommand(argv, processTerminal())
} catch (error) {
  fail(error)
}

/** Of what nobody else has caught. */
function fail(error: unknown): never {
  process.stderr.write(errorText(error, asksForJson(argv)))
  process.exit(exitCodeOf(error))
}
