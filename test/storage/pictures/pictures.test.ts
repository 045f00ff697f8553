import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { insideYinYang, yinYangClass } from '../../../src/data/yin-yang-disc.js'
import { curvesPicture } from '../../../src/storage/pictures/curves-picture.js'
import { decisionMapPicture } from '../../../src/storage/pictures/decision-map-picture.js'
import { rasterPicture } from '../../../src/storage/pictures/raster-picture.js'
import { expectWellFormed } from './well-formed.js'

const accuracy = fc.double({ min: 0, max: 1, noNaN: true })
const epochs = fc.array(
  fc.record({
    loss: fc.oneof(fc.constant(null), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
    trainAccuracy: accuracy,
    validationAccuracy: accuracy,
  }),
  { maxLength: 12 },
)

describe('rasterPicture', () => {
  const group = fc.integer({ min: 1, max: 200 }).chain((size) =>
    fc
      .array(fc.tuple(fc.double({ min: 0, max: 50, noNaN: true }), fc.nat({ max: size - 1 })), { maxLength: 20 })
      .chain((spikes) =>
        fc.record({
          name: fc.string(),
          size: fc.constant(size),
          times: fc.constant(spikes.map(([time]) => time)),
          units: fc.constant(spikes.map(([, unit]) => unit)),
        }),
      ),
  )

  it('is well formed for any groups and names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(group, { maxLength: 4 }), (title, groups) => {
        expectWellFormed(rasterPicture({ title, until: 40, groups }))
      }),
    )
  })

  it('draws one mark per spike before the end', () => {
    const svg = rasterPicture({
      title: 'trial',
      until: 40,
      groups: [
        {
          name: 'hidden',
          size: 4,
          times: Float64Array.of(1, 2.5, 39.9, 40, 41),
          units: [0, 3, 1, 2, 2],
          colour: '#123456',
        },
      ],
    })
    expect(/<path d="([^"]*)" stroke="#123456"/.exec(svg)?.[1]?.match(/M/g)?.length).toBe(3)
    for (const text of ['hidden', '4 units', '3 spikes', 'time (ms)']) expect(svg).toContain(`>${text}</text>`)
  })

  const voltages = fc.record({ size: fc.integer({ min: 1, max: 9 }), samples: fc.nat({ max: 8 }) }).chain((shape) => {
    const { size, samples } = shape
    const voltage = fc.double({ min: -1e6, max: 1e6 })
    return fc.record({
      name: fc.string(),
      size: fc.constant(size),
      times: fc.constant(Array.from({ length: samples }, (_, k) => 5 * k)),
      values: fc.array(voltage, { minLength: size * samples, maxLength: size * samples }),
    })
  })

  it('is well formed for any voltages', () => {
    fc.assert(
      fc.property(fc.array(group, { maxLength: 2 }), fc.array(voltages, { maxLength: 3 }), (groups, readouts) => {
        const svg = rasterPicture({ title: 'trial', until: 40, groups, voltages: readouts })
        expectWellFormed(svg)
        const lines = readouts.reduce((sum, { size }) => sum + size, 0)
        expect(svg.match(/fill="none" stroke-linejoin="round"/g) ?? []).toHaveLength(lines)
      }),
    )
  })

  it('draws the voltages of readouts below the spikes, the highest strongest', () => {
    const hidden = { name: 'hidden', size: 1, times: [10], units: [0] }
    const readout = { name: 'output', size: 2, times: [0, 20, 40], values: [0, 1, 0.5, 0, 3, -1] }
    const svg = rasterPicture({ title: 'trial', until: 40, groups: [hidden], voltages: [readout] })
    const lines = [
      ...svg.matchAll(
        /<path d="([^"]*)" fill="none" stroke-linejoin="round" stroke="([^"]*)" stroke-width="([\d.]+)"/g,
      ),
    ].map(([, d = '', colour, width]) => ({
      points: d.match(/[\d.]+ [\d.]+/g)!.map((point) => point.split(' ').map(Number)),
      colour,
      width: Number(width),
    }))
    expect(lines).toHaveLength(2)
    const [lower, higher] = lines
    expect(higher!.width).toBeGreaterThan(lower!.width)
    expect(higher!.colour).not.toBe(lower!.colour)
    for (const { points } of lines) expect(points.map(([x]) => x)).toEqual([132, 492, 852])
    const [start, top, end] = higher!.points.map(([, y]) => y!)
    // Up is up, 3 above 0 is three times 1 above it, and -1 lies as far below.
    expect(start! - top!).toBeCloseTo(3 * (end! - start!), 0)
    expect(start! - lower!.points[1]![1]!).toBeCloseTo(end! - start!, 0)
    for (const text of ['output', 'voltage', 'unit 1 highest']) expect(svg).toContain(`>${text}</text>`)
    const mark = Number(/<path d="M[\d.]+ ([\d.]+)v[\d.]+" stroke="[^"]+" stroke-width/.exec(svg)?.[1])
    expect(mark).toBeLessThan(top!)
  })

  it('refuses voltages that are not one per unit and sample', () => {
    const readout = { name: 'output', size: 2, times: [0, 20], values: [0, 1, 2] }
    expect(() => rasterPicture({ title: 't', until: 40, groups: [], voltages: [readout] })).toThrow(
      expect.objectContaining({
        code: 'SHAPE_MISMATCH',
        message: 'options.voltages[0].values: found 3 numbers, expected 4: one per unit and time.',
      }),
    )
  })
})

describe('curvesPicture', () => {
  it('is well formed for any course, gaps and no epoch included', () => {
    fc.assert(
      fc.property(epochs, (course) => {
        expectWellFormed(
          curvesPicture({ title: 'course', epochs: course.map((values, index) => ({ epoch: index + 1, ...values })) }),
        )
      }),
    )
  })

  it.each([1, 0.999, 0.998999999, 0.99])('has room for accuracies that are all %d', (accuracy) => {
    const epoch = { epoch: 1, loss: 0.1, trainAccuracy: accuracy, validationAccuracy: accuracy }
    expectWellFormed(curvesPicture({ title: 'course', epochs: [epoch] }))
  })

  it('says what its axes measure, with units and scale', () => {
    const course = (losses: readonly number[]) =>
      curvesPicture({
        title: 'course',
        epochs: losses.map((loss, k) => ({ epoch: k + 1, loss, trainAccuracy: 0.9, validationAccuracy: 0.8 })),
      })
    const texts = (svg: string) => [...svg.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text)
    expect(texts(course([1, 0.9])).filter((text) => text === 'epoch')).toHaveLength(2)
    expect(texts(course([1, 0.9]))).toContain('mean loss of a trial')
    expect(texts(course([1, 0.1]))).toContain('mean loss of a trial (log scale)')
    expect(texts(course([1, 0.1]))).toContain('accuracy (%), log scale of the error')
  })

  it('breaks the line of the loss where there is none, and names the last values', () => {
    const svg = curvesPicture({
      title: 'course',
      epochs: [0.9, 0.5, null, 0.2, 0.125].map((loss, index) => ({
        epoch: index + 1,
        loss,
        trainAccuracy: 0.5 + index / 10,
        validationAccuracy: 0.4 + index / 10,
      })),
    })
    expect(/d="([^"]*)" fill="none" stroke="#aa4f86"/.exec(svg)?.[1]?.match(/M/g)?.length).toBe(2)
    for (const text of ['training 0.125', 'training 90.0 %', 'validation 80.0 %'])
      expect(svg).toContain(`>${text}</text>`)
  })
})

describe('decisionMapPicture', () => {
  const resolution = 40
  const centre = (index: number) => (index + 0.5) / resolution
  const truth = Int8Array.from({ length: resolution ** 2 }, (_, cell) => {
    const x = centre(cell % resolution)
    const y = centre(Math.floor(cell / resolution))
    return insideYinYang(x, y) ? yinYangClass(x, y) : -1
  })
  const map = { title: 'map', resolution, inside: insideYinYang }

  it('counts and crosses out the points it gets wrong', () => {
    const points = [
      { x: 0.5, y: 0.9, label: 1 },
      { x: 0.5, y: 0.1, label: 1 },
      { x: 0.25, y: 0.5, label: 2 },
      { x: 0.25, y: 0.5, label: 2, prediction: -1 },
    ]
    const svg = decisionMapPicture({ ...map, classOf: truth, points })
    expectWellFormed(svg)
    expect(svg).toContain('>4 test points, 2 misclassified</text>')
    expect(svg.match(/l7 7m0 -7l-7 7/g)?.length).toBe(2 * 2 + 2)
  })

  it('shows undecided cells of the disc, but not those outside', () => {
    expect(decisionMapPicture({ ...map, classOf: truth, points: [] })).not.toContain('undecided')
    const holed = Int8Array.from(truth)
    holed[20 * resolution + 20] = -1
    expect(decisionMapPicture({ ...map, classOf: holed, points: [] })).toContain('undecided')
  })

  it('has the point of the largest y at the top', () => {
    const svg = decisionMapPicture({ ...map, classOf: truth, points: [{ x: 0.5, y: 1, label: 1, prediction: 1 }] })
    expect(svg).toContain('d="M318 84h0"')
  })
})
