import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { createLossActor, type LossInput } from '../../../src/actors/group/loss-actor.js'
import type { Run } from '../../../src/actors/group/run.js'
import type { GradientBatch } from '../../../src/events/gradient-batch.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { microBatches, spikesOfTrials } from '../../../src/events/trial-range.js'
import { firstSpike, liIntegral, vMax } from '../../../src/learning/define-loss.js'
import type { Loss } from '../../../src/learning/loss.js'
import { trainsOf } from '../../learning/trains.js'

/** Two micro-batches of 8 trials and one of 3. */
const COUNT = 19
const TOTAL = 3
const UNTIL = 30
const RANGES = microBatches(COUNT, 8)
/** No two micro-batches have the same. */
const LABELS = Uint8Array.from({ length: COUNT }, (_, trial) => (trial + 2 * Math.floor(trial / 8)) % TOTAL)

const runOf = (loss: Loss, microBatch?: number): Run => ({
  trials: { count: COUNT, until: UNTIL, inputs: {} },
  ...(microBatch === undefined ? {} : { microBatch }),
  loss: { loss, labels: LABELS, silentLabelHinge: 0, silentHinge: {} },
  gradients: true,
  inputTimes: false,
  biasGradient: false,
  stopAfterFirst: false,
  undefinedSlope: 'refuse',
})

const WHOLE = { start: 0, end: TOTAL }

/** A readout on one core, and what the loss returns to it. */
function readout(loss: Loss, microBatch?: number) {
  const values$ = new Subject<Float64Array>()
  const returned: Float64Array[] = []
  const receiver = { values$, sendReturned: (values: Float64Array) => void returned.push(values) }
  const input: LossInput = { kind: 'li', group: 'out', total: TOTAL, slices: [{ ...WHOLE, receiver }] }
  const actor = createLossActor([input])
  actor.begin(runOf(loss, microBatch))
  const { life } = actor
  return {
    actor,
    send: (values: Float64Array) => values$.next(values),
    returned,
    state: () => life.getSnapshot().value,
  }
}

/** One number per trial and unit of a readout, of some trials. */
const tableOf = ({ start, end }: { readonly start: number; readonly end: number }) =>
  Float64Array.from({ length: (end - start) * TOTAL }, (_, k) => ((start * TOTAL + k) * 7) % 11)

const joined = (parts: readonly Float64Array[]) => parts.flatMap((part) => [...part])

describe('a loss that sees micro-batches', () => {
  test.each([vMax('out'), liIntegral('out')])('evaluates a readout as if it saw all trials at once: $kind', (loss) => {
    const packed = (table: Float64Array) => (loss.kind === 'vMax' ? Float64Array.of(...table, ...table) : table)
    const whole = readout(loss)
    whole.send(packed(tableOf({ start: 0, end: COUNT })))
    const parts = readout(loss, 8)
    for (const [number, range] of RANGES.entries()) {
      expect(parts.state()).toBe('forwardThenBackward')
      expect(parts.returned).toHaveLength(number)
      parts.send(packed(tableOf(range)))
    }
    expect([whole.state(), parts.state()]).toEqual(['idle', 'idle'])
    expect(parts.returned.map(({ length }) => length)).toEqual([8, 8, 3].map((trials) => trials * TOTAL))
    expect(joined(parts.returned)).toEqual(joined(whole.returned))
    expect(parts.actor.outcome()).toEqual(whole.actor.outcome())
  })

  test('names the trial of the mini-batch that it cannot evaluate', () => {
    const life = readout(liIntegral('out'), 8)
    const failures: unknown[] = []
    life.actor.life.on('failed', ({ error }) => failures.push(error))
    life.send(tableOf(RANGES[0]!))
    life.send(tableOf(RANGES[1]!).with(3 * TOTAL, Number.POSITIVE_INFINITY))
    expect(failures).toEqual([expect.objectContaining({ code: 'LOSS_OVERFLOW', details: { group: 'out', trial: 11 } })])
  })

  test('evaluates spikes of several slices as if it saw all trials at once, whichever slice is ahead', () => {
    const loss = firstSpike('out')
    const slices = [
      { start: 0, end: 2 },
      { start: 2, end: TOTAL },
    ]
    const trains = slices.map(({ start, end }) =>
      trainsOf(
        Array.from({ length: COUNT }, (_, trial) =>
          Array.from({ length: end - start }, (_, k) => ({
            time: ((trial * 5 + start + k) * 7) % 23,
            unit: start + k,
          })),
        ),
      ),
    )
    const watched = (microBatch?: number) => {
      const ends = slices.map((slice) => ({
        ...slice,
        spikes$: new Subject<SpikeBatch>(),
        returned: [] as GradientBatch[],
      }))
      const receivers = ends.map(({ start, end, spikes$, returned }) => {
        return { start, end, receiver: { spikes$, sendGradients: (batch: GradientBatch) => void returned.push(batch) } }
      })
      const actor = createLossActor([{ kind: 'lif', group: 'out', total: TOTAL, slices: receivers }])
      actor.begin(runOf(loss, microBatch))
      const send = (slice: number, sequence: number, range = RANGES[sequence]!) =>
        ends[slice]!.spikes$.next({
          ...{ stream: 'out', sequence, window: { start: 0, end: UNTIL } },
          ...spikesOfTrials(trains[slice]!, range),
        })
      return {
        actor,
        send,
        returned: ends.map(({ returned }) => returned),
        state: () => actor.life.getSnapshot().value,
      }
    }
    const whole = watched()
    for (const slice of [0, 1]) whole.send(slice, 0, { start: 0, end: COUNT })
    const parts = watched(8)
    const steps = [0, 0, 1, 0, 1, 1]
    const next = [0, 0]
    for (const slice of steps) {
      expect(parts.state()).toBe('forwardThenBackward')
      parts.send(slice, next[slice]!++)
      const evaluated = Math.min(...next)
      for (const returned of parts.returned)
        expect(returned.map(({ sequence }) => sequence)).toEqual([0, 1, 2].slice(0, evaluated))
    }
    expect([whole.state(), parts.state()]).toEqual(['idle', 'idle'])
    for (const slice of [0, 1])
      expect(joined(parts.returned[slice]!.map(({ values }) => values))).toEqual([...whole.returned[slice]![0]!.values])
    expect(parts.actor.outcome()).toEqual(whole.actor.outcome())
  })
})
