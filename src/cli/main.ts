// One after the other: all at once would take more files that are open at a time than some processes may have, and that
// could not be reported yet.
await import('../events/errors.js')
await import('../events/exhaustion.js')
const { errorText, exitCodeOf } = await import('./report-error.js')
const { tellLast } = await import('./standard-streams.js')
const { asksForJson } = await import('./asks-for-json.js')
const { watchUserExit } = await import('./user-code/watch-user-exit.js')

const argv = process.argv.slice(2)

process.on('uncaughtException', fail)
watchUserExit(asksForJson(argv))
try {
  // Imported here, not above: if loading fails, for want of open files say, the handler above must already be in place.
  const { runCommand } = await import('./run-command.js')
  const { processTerminal } = await import('./terminal.js')
  // Not process.exit: what has been written must reach a slow reader first.
  process.exitCode = await runCommand(argv, processTerminal())
} catch (error) {
  fail(error)
}

/** Reports an error that was not caught elsewhere, and ends the process. */
function fail(error: unknown): never {
  tellLast(errorText(error, asksForJson(argv)))
  process.exit(exitCodeOf(error))
}
