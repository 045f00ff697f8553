import { setImmediate } from 'node:timers/promises'
import type { Loss } from '../learning/loss.js'
import type { LabelledTrials, Session, SimulateOptions, StepOptions, Trials } from '../learning/session.js'

/** The user stopped the command; it exits with 130. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
}

/** Watches for the interrupt key; to be disposed when the work is done. */
export interface InterruptWatch extends Disposable {
  /** Aborted by the first interrupt; the second one ends the process on the spot. */
  readonly signal: AbortSignal
}

export function watchInterrupt(message: string): InterruptWatch {
  const controller = new AbortController()
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new Interruption(message))
  }
  process.on('SIGINT', onInterrupt)
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => void process.off('SIGINT', onInterrupt),
  }
}

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
    async evaluate(trials: LabelledTrials, loss: Loss) {
      await breathe()
      return session.evaluate(trials, loss)
    },
    async gradient(trials: Trials, loss: Loss, labels?: Uint8Array) {
      await breathe()
      return session.gradient(trials, loss, labels)
    },
    async train(trials: LabelledTrials, step: StepOptions) {
      await breathe()
      return session.train(trials, step)
    },
  }
}
