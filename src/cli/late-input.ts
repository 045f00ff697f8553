import type { Trials } from '../learning/session.js'
import type { Terminal } from './terminal.js'
import { warn } from './warn.js'

/** What may be said of the input of a trial, in a sentence; null unless all of it comes too late to count. */
function describeLateInput({ until, inputs }: Pick<Trials, 'until' | 'inputs'>): string | null {
  const trains = Object.values(inputs)
  const spikes = trains.reduce((sum, { times }) => sum + times.length, 0)
  const first = trains.reduce((least, { times }) => times.reduce((a, b) => Math.min(a, b), least), Infinity)
  if (spikes === 0 || first < until) return null
  const [who, does] = spikes === 1 ? ['the only input spike', 'comes'] : [`all ${spikes} input spikes`, 'come']
  const when = spikes === 1 ? `at ${first} ms` : `from ${first} ms on`
  return `${who} ${does} ${when}, when the trial is over: it ends at ${until} ms. Give a larger --until.`
}

/** Says so on stderr. */
export function warnOfLateInput(
  trials: Pick<Trials, 'until' | 'inputs'>,
  { json }: { readonly json: boolean },
  terminal: Pick<Terminal, 'err'>,
): void {
  const message = describeLateInput(trials)
  if (message !== null) warn(terminal, json, { code: 'INPUT_LATE', message })
}
