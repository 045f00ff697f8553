import { describe, expect, it } from 'vitest'
import { SPIKE_TIMES_DEFAULTS, spikeTimes } from '../../../src/data/patterns/spike-times.js'
import { timedPatternTargets, timedPatternTrains } from '../../../src/data/patterns/timed-patterns.js'

const settings = SPIKE_TIMES_DEFAULTS

/** Times of a trial by unit. */
function timesByUnit({ offsets, times, units }: ReturnType<typeof timedPatternTargets>, trial: number): number[] {
  const found: number[] = []
  for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) found[units[k]!] = times[k]!
  return found
}

describe('timedPatternTrains', () => {
  it('shows every pattern in turn: one spike per unit within the span, the same in all splits', () => {
    const { trains, labels } = timedPatternTrains(settings, 'train', 25)
    expect([...labels]).toEqual(Array.from({ length: 25 }, (_, sample) => sample % 10))
    for (const [sample, label] of labels.entries()) {
      const times = timesByUnit(trains, sample)
      expect(times).toHaveLength(20)
      expect(times.every((time) => time >= 0 && time < 20)).toBe(true)
      expect(times).toEqual(timesByUnit(trains, label))
    }
    expect(timesByUnit(trains, 0)).not.toEqual(timesByUnit(trains, 1))
    expect(timedPatternTrains(settings, 'test', 25)).toEqual({ ...timedPatternTrains(settings, 'train', 25) })
    expect(timedPatternTrains({ ...settings, dataSeed: 2 }, 'train', 25).trains).not.toEqual(trains)
  })

  it('moves every spike of every sample by the jitter, never below 0', () => {
    const size = 500
    const clean = timedPatternTrains(settings, 'train', size).trains
    const jittered = timedPatternTrains({ ...settings, jitter: 0.5 }, 'train', size).trains
    const off = Array.from({ length: size }, (_, sample) => {
      const times = timesByUnit(clean, sample)
      return timesByUnit(jittered, sample).map((time, unit) => time - times[unit]!)
    }).flat()
    expect(Math.sqrt(off.reduce((sum, by) => sum + by * by, 0) / off.length)).toBeCloseTo(0.5, 1)
    expect(Math.min(...jittered.times)).toBe(0)
    expect(timedPatternTrains({ ...settings, jitter: 0.5 }, 'test', size).trains).not.toEqual(jittered)
  })
})

describe('timedPatternTargets', () => {
  it('asks every output for one spike within the window, at times that differ from pattern to pattern', () => {
    const targets = timedPatternTargets(settings)
    expect([...targets.offsets]).toEqual(Array.from({ length: 11 }, (_, pattern) => 5 * pattern))
    expect(targets.times.every((time) => time >= 15 && time < 35)).toBe(true)
    expect(new Set(targets.times).size).toBe(50)
    expect(timesByUnit(targets, 9)).toHaveLength(5)
    expect(timedPatternTargets({ ...settings, dataSeed: 2 })).not.toEqual(targets)
  })
})

describe('spikeTimes', () => {
  it('has its splits, its network and its loss', () => {
    const sizes = { train: 7, validation: 2, test: 4 }
    const task = spikeTimes({ patterns: 3, inputs: 5, outputs: 2, hidden: 6, sizes, lossKind: 'vanRossum', lossTau: 4 })
    expect([task.train.size, task.validation.size, task.test.size]).toEqual([7, 2, 4])
    expect(task.network.groups.map(({ size }) => size)).toEqual([5, 6, 2])
    expect(task.loss).toMatchObject({ kind: 'vanRossum', tau: 4, targets: { offsets: Uint32Array.of(0, 2, 4, 6) } })
    expect(task.settings).toMatchObject({
      patterns: 3,
      sizes,
      targetWindow: { from: 15, to: 35 },
      lossKind: 'vanRossum',
    })
  })

  it.each([
    [{ readout: 'li' }, 'options.readout: found "li", expected "lif"'],
    [{ targetWindow: { from: 20, to: 20 } }, 'options.targetWindow: found {"from":20,"to":20}'],
    [{ until: 30 }, '"to" no later than 30 ms'],
    [{ targetWindow: { from: 20 } }, 'options.targetWindow.to: found nothing'],
    [{ patterns: 65_537 }, 'options.patterns: found 65537, expected an integer from 1 to 65536'],
    [{ lossKind: 'vMax' }, 'options.lossKind: found "vMax", expected "spikeTimes" or "vanRossum"'],
  ])('refuses %j', (options, message) => {
    expect(() => spikeTimes(options as object)).toThrow(message)
  })
})
