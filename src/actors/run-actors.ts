import { InternalError } from '../events/errors.js'
import type { Mailbox } from '../streams/mailbox.js'
import type { Run } from './run.js'
import type { WiredNetwork } from './wire-network.js'

/**
 * Starts a run in every actor and resolves when all of them are idle again; rejects with the first failure.
 *
 * Listeners begin before talkers, so no message finds a closed door.
 *
 * @param mailbox the messages to drain; null when somebody else delivers them
 */
export function runActors(wired: WiredNetwork, run: Run, mailbox: Mailbox | null): Promise<void> {
  const actors = [wired.loss, ...wired.groups, ...wired.sources]
  return new Promise((resolve, reject) => {
    let busy = actors.length
    const subscriptions = actors.flatMap(({ life }) => [
      life.on('settled', () => {
        busy--
        if (busy === 0) finish(resolve)
      }),
      life.on('failed', ({ error }) => finish(() => reject(error))),
    ])
    const finish = (settle: () => void) => {
      for (const subscription of subscriptions) subscription.unsubscribe()
      settle()
    }
    for (const actor of actors) actor.begin(run)
    if (mailbox === null) return
    mailbox.drain()
    if (busy > 0) finish(() => reject(stalled(actors.map(({ life }) => life))))
  })
}

function stalled(lives: readonly { readonly id: string; getSnapshot(): { readonly value: unknown } }[]): InternalError {
  const waiting = lives.filter((life) => life.getSnapshot().value !== 'idle')
  const states = waiting.map((life) => `${life.id} (${String(life.getSnapshot().value)})`).join(', ')
  return new InternalError(`No message is left, yet these actors wait: ${states}.`)
}
