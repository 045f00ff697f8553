import type { SpikeTrains } from '../events/spike-trains.js'
import type { Labels } from './labels.js'
import type { SpikeTimesLoss, VanRossumLoss } from './loss.js'

/** How far spikes are from the times asked of them. */
export interface TimingError {
  /** Mean of |t_k - s_k| in ms over the targets that have a spike, the k-th of a unit against its k-th; null if none has. */
  readonly error: number | null
  /** Share of the targets without a spike. */
  readonly missed: number
}

export interface TimingTally {
  /** The spikes of the loss's group in some trials, and the label of each. */
  add(trains: SpikeTrains, labels: Labels): void
  result(): TimingError
}

/** Creates the tally of the spikes of trials against the targets of their labels; spikes beyond the targets do not count. */
export function createTimingTally({ targets }: SpikeTimesLoss | VanRossumLoss): TimingTally {
  const wantedOf = Array.from({ length: targets.offsets.length - 1 }, (_, label) => timesByUnit(targets, label))
  let sum = 0
  let met = 0
  let asked = 0
  return {
    add(trains, labels) {
      for (const [trial, label] of labels.entries()) {
        const spikes = timesByUnit(trains, trial)
        for (const [unit, wanted] of wantedOf[label] ?? []) {
          const times = spikes.get(unit) ?? []
          asked += wanted.length
          for (const [k, time] of times.slice(0, wanted.length).entries()) {
            sum += Math.abs(time - (wanted[k] as number))
            met++
          }
        }
      }
    },
    result: () => ({ error: met === 0 ? null : sum / met, missed: asked === 0 ? 0 : (asked - met) / asked }),
  }
}

function timesByUnit({ offsets, times, units }: SpikeTrains, trial: number): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>()
  for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
    const unit = units[k] as number
    const list = found.get(unit)
    if (list === undefined) found.set(unit, [times[k] as number])
    else list.push(times[k] as number)
  }
  return found
}
