import { runCommand } from './run-command.js'
import { processTerminal } from './terminal.js'

// Not process.exit: what has been written must reach a slow reader first.
process.exitCode = await runCommand(process.argv.slice(2), processTerminal())
