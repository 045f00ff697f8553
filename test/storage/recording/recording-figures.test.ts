import { expect, test } from 'vitest'
import { recordingPicture } from '../../../src/storage/pictures/recording-picture.js'
import { binStart, INTERVAL_BINS, intervalBin } from '../../../src/storage/recording/interval-bins.js'
import { openRecording } from '../../../src/storage/recording/read-recording.js'
import { startRecording } from '../../../src/storage/recording/record.js'
import { recordingFigures } from '../../../src/storage/recording/recording-figures.js'
import { trainsOf } from '../../learning/trains.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const WHOLE = { start: 0, end: Infinity }

/** Unit u of 100 fires every 10 ms, u / 10 ms late; "quiet" does not fire. */
async function recordClocks(path: string) {
  const groups = [
    { name: 'clocks', size: 100 },
    { name: 'quiet', size: 3 },
  ]
  await using recorder = await startRecording(path, { identity: {}, groups })
  for (let start = 0; start < 400; start += 8) {
    const spikes = Array.from({ length: 80 }, (_, k) => ({ time: start + k / 10, unit: (10 * start + k) % 100 }))
    const window = { start, end: start + 8 }
    await recorder.append({ window, spikes: { clocks: trainsOf([spikes]), quiet: trainsOf([[]]) } })
  }
}

test('rate, bins, regularity and intervals of neurons that fire like clocks', async () => {
  await using folder = await temporaryFolder()
  await recordClocks(folder.path)
  await using recording = await openRecording(folder.path)
  const { span, bin, raster, groups } = await recordingFigures(recording, WHOLE)
  expect({ span, bin, raster }).toEqual({ span: { start: 0, end: 400 }, bin: 2, raster: { start: 0, end: 400 } })
  const [clocks, quiet] = groups
  expect(clocks).toMatchObject({ name: 'clocks', size: 100, spikes: 4000, rate: 100 })
  expect(clocks!.cv).toBeCloseTo(0, 12)
  expect([...clocks!.rates]).toEqual(new Array(200).fill(100))
  // All of them last 10 ms, but for what rounding does to a difference.
  const nearTen = clocks!.intervals.reduce(
    (sum, count, at) => sum + (binStart(at) > 8 && binStart(at) < 11 ? count : 0),
    0,
  )
  expect(nearTen).toBe(3900)
  expect(clocks!.shown.length).toBe(40)
  expect(new Set(clocks!.units)).toEqual(new Set(clocks!.shown))
  expect(clocks!.times.length).toBe(40 * 40)
  expect(quiet).toMatchObject({ spikes: 0, rate: 0, cv: null, shown: [0, 1, 2], times: [] })
})

test('a last bin that the span does not fill has the rate of its part', async () => {
  await using folder = await temporaryFolder()
  await recordClocks(folder.path)
  await using recording = await openRecording(folder.path)
  // Half of the last bin lies within the span.
  const { bin, groups } = await recordingFigures(recording, { start: 0, end: 399 })
  expect(bin).toBe(2)
  expect([...groups[0]!.rates]).toEqual(new Array(200).fill(100))
})

test('what lies outside the wanted span does not count', async () => {
  await using folder = await temporaryFolder()
  await recordClocks(folder.path)
  await using recording = await openRecording(folder.path)
  const { span, groups } = await recordingFigures(recording, { start: 100, end: 150 })
  expect(span).toEqual({ start: 100, end: 150 })
  expect(groups[0]).toMatchObject({ spikes: 500, rate: 100 })
  await expect(recordingFigures(recording, { start: 400, end: 500 })).rejects.toMatchObject({ code: 'RECORDING_EMPTY' })
})

test('a recording that begins later is shown from its beginning', async () => {
  await using folder = await temporaryFolder()
  const groups = [{ name: 'late', size: 2 }]
  {
    await using recorder = await startRecording(folder.path, { identity: {}, groups })
    const spikes = Array.from({ length: 20 }, (_, k) => ({ time: 1000 + 5 * k, unit: k % 2 }))
    await recorder.append({ window: { start: 1000, end: 1100 }, spikes: { late: trainsOf([spikes]) } })
  }
  await using recording = await openRecording(folder.path)
  const figures = await recordingFigures(recording, WHOLE)
  expect(figures).toMatchObject({ span: { start: 1000, end: 1100 }, bin: 0.5, raster: { start: 1000, end: 1100 } })
  const [late] = figures.groups
  expect(late).toMatchObject({ spikes: 20, rate: 100 })
  // One spike every 5 ms, in bins of 0.5 ms.
  expect([...late!.rates]).toEqual(Array.from({ length: 200 }, (_, bin) => (bin % 10 === 0 ? 1000 : 0)))
  expect(late!.times.length).toBe(20)
})

test.each([0, 1000])('the raster is short enough for its marks, from %d ms on', async (start) => {
  await using folder = await temporaryFolder()
  const groups = [{ name: 'dense', size: 40 }]
  {
    await using recorder = await startRecording(folder.path, { identity: {}, groups })
    const spikes = Array.from({ length: 12_000 }, (_, k) => ({ time: start + k / 100, unit: k % 40 }))
    await recorder.append({ window: { start, end: start + 120 }, spikes: { dense: trainsOf([spikes]) } })
  }
  await using recording = await openRecording(folder.path)
  const figures = await recordingFigures(recording, WHOLE)
  expect(figures.raster).toEqual({ start: start + 60, end: start + 120 })
  expect(figures.groups[0]!.times.length).toBe(6000)
})

test('bins of intervals follow one another, the outer ones open', () => {
  for (let bin = 0; bin < INTERVAL_BINS; bin++) expect(intervalBin(binStart(bin + 0.5))).toBe(bin)
  expect(intervalBin(0)).toBe(0)
  expect(intervalBin(1e9)).toBe(INTERVAL_BINS - 1)
})

test('the picture has a mark per spike of the raster and tells what it shows', async () => {
  await using folder = await temporaryFolder()
  await recordClocks(folder.path)
  await using recording = await openRecording(folder.path)
  const svg = recordingPicture({ title: 'Clocks & more', figures: await recordingFigures(recording, WHOLE) })
  expect(svg).toContain('Clocks &amp; more')
  expect(svg).toContain('0 to 400 ms; raster of the last 400 ms')
  for (const words of ['40 of 100', 'clocks 100 Hz', 'clocks CV 0.00', 'quiet CV –']) expect(svg).toContain(words)
  const marks = [...svg.matchAll(/<path d="(M[^"]*v4[^"]*)"/g)].map(([, d]) => d!.match(/M/g)!.length)
  expect(marks).toEqual([1600])
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
})
