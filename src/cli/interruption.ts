import { setImmediate } from 'node:timers/promises'
import { aroundSteps } from '../learning/around-steps.js'
import type { Session, SimulateOptions, Trials } from '../learning/session.js'
import { asksForJson } from './asks-for-json.js'
import { EXIT_CODES, Interruption, type StoppingSignal } from './interrupted.js'
import { tellAtOnce } from './standard-streams.js'
import type { UserCodePlace } from './user-code/user-code-frame.js'
import { watchUserCode } from './user-code/watch-user-code.js'
import { warn } from './warn.js'

/** Watches for the signals that stop a command; to be disposed when the work is done. */
export interface InterruptWatch extends Disposable {
  /** Aborted by the first signal, with an `Interruption`; one more, a moment later, ends the process on the spot. */
  readonly signal: AbortSignal
}

/** In ms: who starts a command often passes on the signal that its terminal has sent to both. */
const ECHO = 500

/** In ms: code of the user's own that keeps the event loop for longer lets no signal wait. */
const PATIENCE = 3000

/**
 * @param userCode whether this process runs code of the user's own: while that hangs, nothing here can heed a signal. Then the
 * position of that code is reported, and signals have their default effect, they end the process at once, until it returns
 */
export function watchInterrupt(userCode = false): InterruptWatch {
  const controller = new AbortController()
  let isEcho = true
  const onSignal = (name: NodeJS.Signals) => {
    const stopping = name as StoppingSignal
    if (controller.signal.aborted) {
      if (!isEcho) process.exit(EXIT_CODES[stopping])
      return
    }
    controller.abort(new Interruption('interrupted.', stopping))
    setTimeout(() => {
      isEcho = false
    }, ECHO).unref()
  }
  const signals = Object.keys(EXIT_CODES) as StoppingSignal[]
  const listen = () => {
    for (const name of signals) process.on(name, onSignal)
  }
  const letGo = () => {
    for (const name of signals) process.off(name, onSignal)
  }
  const onHang = (place: UserCodePlace) => {
    letGo()
    tellHang(place)
  }
  const watch = userCode ? watchUserCode({ limit: PATIENCE, onHang, onBack: listen }) : null
  listen()
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      watch?.[Symbol.dispose]()
      letGo()
    },
  }
}

function tellHang({ what, at }: UserCodePlace): void {
  const message =
    `${what} (${at}) has not come back for ${PATIENCE} ms. ` +
    'A signal, such as that of Ctrl-C, ends the process on the spot until it does.'
  warn({ err: tellAtOnce }, asksForJson(process.argv.slice(2)), { code: 'MODULE_HANGS', message })
}

/** A signal while something is being opened; afterwards, the holder of what was opened handles the signal. */
export interface OpeningSignal {
  readonly signal: AbortSignal
  opened(): void
}

export function untilOpened(signal: AbortSignal): OpeningSignal {
  const controller = new AbortController()
  const abort = () => controller.abort(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  return { signal: controller.signal, opened: () => signal.removeEventListener('abort', abort) }
}

/**
 * Does something that a signal stops: rejects with an `Interruption`, whatever the work made of its end.
 *
 * A signal may reach everything that runs for a command, and then the ends of cores come before what ended them.
 *
 * @param left says what has been left behind, once the work has ended; work within that says so itself is believed
 * @param userCode see `watchInterrupt`
 */
export async function interruptibly<Result>(
  left: () => string | Promise<string>,
  work: (signal: AbortSignal) => Promise<Result>,
  userCode = false,
): Promise<Result> {
  using watch = watchInterrupt(userCode)
  try {
    return await work(watch.signal)
  } catch (error) {
    const { reason } = watch.signal
    const isToldBelow = error instanceof Interruption && error !== reason
    if (isToldBelow || !(reason instanceof Interruption)) throw error
    throw new Interruption(`interrupted; ${await left()}`, reason.signal)
  }
}

/** What a command leaves that writes no file. */
export const leavesNothing = () => 'nothing was left behind.'

/** A session that ends with the reason of `signal` between two messages. */
export function interruptible<Kind extends Session>(session: Kind, signal: AbortSignal): Kind {
  // A run of mini-batches is one long chain of promises; without a turn of the event loop no signal gets through.
  const breathe = async () => {
    await setImmediate()
    signal.throwIfAborted()
  }
  return {
    ...session,
    async simulate(trials: Trials, options?: SimulateOptions) {
      await breathe()
      return session.simulate(trials, options)
    },
    async evaluate(...request: Parameters<Session['evaluate']>) {
      await breathe()
      return session.evaluate(...request)
    },
    async gradient(...request: Parameters<Session['gradient']>) {
      await breathe()
      return session.gradient(...request)
    },
    ...aroundSteps(session, async (take, trials, step) => {
      await breathe()
      return take(trials, step)
    }),
  }
}

/** What an interrupted run that has a place for checkpoints leaves in it, as a clause. */
export function describeEnd(place: string, keepsAny: boolean): string {
  return keepsAny ? `${place} keeps a checkpoint, from which --resume continues.` : 'no checkpoint was written yet.'
}
