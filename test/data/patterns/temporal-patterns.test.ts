import { describe, expect, it } from 'vitest'
import { temporalPatternTrains } from '../../../src/data/patterns/temporal-pattern-trains.js'
import { TEMPORAL_PATTERNS_DEFAULTS, temporalPatterns } from '../../../src/data/patterns/temporal-patterns.js'

const settings = TEMPORAL_PATTERNS_DEFAULTS
const SIZE = 2000
const CLEAN = { ...settings, jitter: 0, deletion: 0, addition: 0 }

/** The spikes of a trial by channel. */
function byChannel({ trains }: ReturnType<typeof temporalPatternTrains>, sample: number): Map<number, number[]> {
  const found = new Map<number, number[]>()
  for (let k = trains.offsets[sample]!; k < trains.offsets[sample + 1]!; k++)
    found.set(trains.units[k]!, [...(found.get(trains.units[k]!) ?? []), trains.times[k]!])
  return found
}

describe('temporalPatternTrains', () => {
  it('without noise a sample is the template of its class, moved as a whole', () => {
    const clean = temporalPatternTrains({ ...CLEAN, startSpan: 0 }, 'train', 200)
    const moved = temporalPatternTrains(CLEAN, 'train', 200)
    const template = new Map<number, Map<number, number[]>>()
    for (const [sample, label] of clean.labels.entries()) {
      const spikes = byChannel(clean, sample)
      expect(spikes.size).toBe(settings.channels)
      expect(template.get(label) ?? spikes).toEqual(spikes)
      template.set(label, spikes)
      const starts = [...byChannel(moved, sample)].map(([unit, [time = 0]]) => time - spikes.get(unit)![0]!)
      for (const start of starts) expect(start).toBeCloseTo(starts[0]!, 9)
      expect(starts[0]).toBeGreaterThanOrEqual(0)
      expect(starts[0]).toBeLessThan(settings.startSpan)
    }
    expect(template.size).toBe(settings.classes)
    for (const times of template.values())
      for (const [time = -1] of times.values()) expect(time >= 0 && time < settings.patternSpan).toBe(true)
  })

  it('leaves out and adds the share of spikes that is asked for, and moves the others by the jitter', () => {
    const count = ({ trains }: ReturnType<typeof temporalPatternTrains>) => trains.times.length
    const all = SIZE * settings.channels
    const deleted = temporalPatternTrains({ ...CLEAN, deletion: 0.25 }, 'train', SIZE)
    expect(count(deleted) / all).toBeCloseTo(0.75, 1.5)
    const added = temporalPatternTrains({ ...CLEAN, addition: 0.25 }, 'train', SIZE)
    expect(count(added) / all).toBeCloseTo(1.25, 1.5)
    const [exact, off] = [CLEAN, { ...CLEAN, jitter: 4 }].map((made) =>
      temporalPatternTrains({ ...made, startSpan: 100 }, 'train', SIZE),
    )
    const deviations = Array.from({ length: SIZE }, (_, sample) => {
      const clean = byChannel(exact!, sample)
      return [...byChannel(off!, sample)].map(([unit, [time = 0]]) => time - clean.get(unit)![0]!)
    }).flat()
    const variance = deviations.reduce((sum, by) => sum + by * by, 0) / deviations.length
    // Less only where a time would have been negative.
    expect(Math.sqrt(variance)).toBeGreaterThan(3.9)
    expect(Math.sqrt(variance)).toBeLessThan(4.05)
  })

  it('draws every class and every split anew from one seed', () => {
    const train = temporalPatternTrains(settings, 'train', SIZE)
    for (let label = 0; label < settings.classes; label++)
      expect(Math.abs(train.labels.filter((of) => of === label).length - SIZE / settings.classes)).toBeLessThan(60)
    expect(temporalPatternTrains(settings, 'train', SIZE)).toEqual(train)
    expect(temporalPatternTrains(settings, 'test', SIZE)).not.toEqual(train)
    expect(temporalPatternTrains({ ...settings, dataSeed: 2 }, 'train', SIZE)).not.toEqual(train)
    // The beginning of a larger split.
    expect([...temporalPatternTrains(settings, 'train', 5).trains.times]).toEqual([
      ...train.trains.times.subarray(0, train.trains.offsets[5]),
    ])
  })
})

describe('temporalPatterns', () => {
  it('has its splits and the network that suits them', () => {
    const task = temporalPatterns({ classes: 3, channels: 5, sizes: { train: 7, validation: 2, test: 4 }, hidden: 6 })
    expect([task.train.size, task.validation.size, task.test.size]).toEqual([7, 2, 4])
    expect(task.network.groups.map(({ size }) => size)).toEqual([5, 6, 3])
    expect(task.test.classes).toBe(3)
  })

  it.each([
    [{ deletion: 1.5 }, 'options.deletion: found 1.5, expected a share from 0 to 1'],
    [{ classes: 65_537 }, 'options.classes: found 65537, expected an integer from 2 to 65536'],
    [{ sizes: { train: 5, validation: 5 } }, 'options.sizes.test: found nothing'],
    [{ jitter: -1 }, 'options.jitter: found -1'],
  ])('refuses %j', (options, message) => {
    expect(() => temporalPatterns(options as object)).toThrow(message)
  })
})
