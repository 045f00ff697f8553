import type { ClusterOptions } from '../actors/cluster-options.js'

/** Something that does not end a command, but that its user should know. */
export interface Warning {
  /** Stable, in capitals, as those of errors. */
  readonly code: string
  /** A sentence. */
  readonly message: string
}

/** Tells a warning on stderr: as a line for people or, beside JSON, as `{"warning": {"code", "message"}}`. */
export function warn(terminal: { err(text: string): void }, json: boolean, { code, message }: Warning): void {
  terminal.err(json ? `${JSON.stringify({ warning: { code, message } })}\n` : `antidrome: ${message}\n`)
}

/** Tells what a cluster notes, such as that partitions are sent samples that they could make themselves. */
export function tellNotes(terminal: { err(text: string): void }, json: boolean): NonNullable<ClusterOptions['onNote']> {
  return (message, code) => warn(terminal, json, { code, message })
}

/** What is told where a recording is read that ends earlier in some groups than in others. */
export function warnOfRecording(terminal: { err(text: string): void }, json: boolean): (message: string) => void {
  return (message) => warn(terminal, json, { code: 'RECORDING_SHORT', message })
}
