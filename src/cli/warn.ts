import type { ClusterOptions } from '../actors/cluster-options.js'
import { bounded } from '../events/printable.js'
import { jsonLine, type Shown, shown } from './shown.js'

/** Where warnings and lines about the course of a command go. */
export interface Listener {
  err(text: Shown): void
}

/** Something that does not end a command, but that its user should know. */
export interface Warning {
  /** Stable, in capitals, as those of errors. */
  readonly code: string
  /** A sentence. */
  readonly message: string
}

/** Tells a warning on stderr: as a line for people or, beside JSON, as `{"warning": {"code", "message"}}`. */
export function warn(terminal: Listener, json: boolean, { code, message }: Warning): void {
  if (json) terminal.err(jsonLine({ warning: { code, message: bounded(message) } }))
  else say(terminal, message)
}

/** Tells people on stderr how a command goes, in one line. */
export function say(terminal: Listener, line: string): void {
  terminal.err(shown`antidrome: ${line}\n`)
}

/** Tells what a cluster notes, such as that partitions are sent samples that they could make themselves. */
export function tellNotes(terminal: Listener, json: boolean): NonNullable<ClusterOptions['onNote']> {
  return (message, code) => warn(terminal, json, { code, message })
}

/** The warning for a recording that ends earlier in some groups than in others. */
export function warnOfRecording(terminal: Listener, json: boolean): (message: string) => void {
  return (message) => warn(terminal, json, { code: 'RECORDING_SHORT', message })
}
