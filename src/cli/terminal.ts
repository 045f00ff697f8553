/** Where a command writes: results to `out`, logs, progress and errors to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** The stream of `err` if a person watches it, for progress bars; else null. */
  readonly screen: NodeJS.WriteStream | null
}

/**
 * The terminal of this process. A reader that closes its end of the pipe ends the command without a word, and so does a
 * terminal that is gone.
 */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      if (error.code === 'EIO') process.exit(129)
      throw error
    })
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    screen: process.stderr.isTTY ? process.stderr : null,
  }
}
