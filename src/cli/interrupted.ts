/** The signals that stop a command, with its exit code: 128 and the number of the signal, as in every shell. */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

export type StoppingSignal = keyof typeof EXIT_CODES

/** The user, the system or a terminal that is gone stopped the command. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  readonly exitCode: number
  readonly signal: StoppingSignal

  constructor(message: string, signal: StoppingSignal = 'SIGINT') {
    super(message)
    this.signal = signal
    this.exitCode = EXIT_CODES[signal]
  }
}
