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

/** What is told where partitions are sent samples that they could make themselves. */
export function warnOfSamples(terminal: { err(text: string): void }, json: boolean): (message: string) => void {
  return (message) => warn(terminal, json, { code: 'SAMPLES_SENT', message })
}

/** What is told where a recording is read that ends earlier in some groups than in others. */
export function warnOfRecording(terminal: { err(text: string): void }, json: boolean): (message: string) => void {
  return (message) => warn(terminal, json, { code: 'RECORDING_SHORT', message })
}
