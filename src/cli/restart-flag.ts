import type { Command } from 'commander'
import { wholeNumber } from '../network/reading/flag-values.js'

/** Of a run with checkpoints, which is meant to last, and of one on many machines, of which one is seldom all there. */
export const DEFAULT_RESTARTS = 3

export interface RestartFlag {
  /** Infinity: without a limit. */
  readonly restarts?: number
}

const UNLIMITED = 'unlimited'

export function addRestartFlag(command: Command): Command {
  const count = wholeNumber('--restarts', 0)
  return command.option(
    '--restarts <n>',
    `how often cores that die or fall silent are started anew, or ${UNLIMITED} (default: ${DEFAULT_RESTARTS} on workers of --join and with --checkpoint, else 0)`,
    (text: string) => (text === UNLIMITED ? Number.POSITIVE_INFINITY : count(text)),
  )
}
