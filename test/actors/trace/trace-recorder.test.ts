import { expect, test } from 'vitest'
import { createTraceRecorder } from '../../../src/actors/trace/trace-recorder.js'

test('a recorder keeps as many events as it has room for, and counts the others', () => {
  let time = 0
  const recorder = createTraceRecorder(() => time++, 2)
  const track = recorder.track('core 0 - core 1', 1)
  const label = recorder.label({ name: 'advance hidden', category: 'kernel', amount: 'spikes' })
  const spans = recorder.spans(track, label)
  recorder.run = 7
  for (const spikes of [3, 4, 5])
    expect(
      spans(
        () => spikes,
        (count) => count,
      ),
    ).toBe(spikes)
  expect(recorder.take()).toEqual({
    tracks: [{ name: 'core 0 - core 1', peer: 1 }],
    labels: [{ name: 'advance hidden', category: 'kernel', shape: 'span', flow: null, amount: 'spikes' }],
    events: {
      track: Uint32Array.of(0, 0),
      label: Uint32Array.of(0, 0),
      start: Float64Array.of(0, 2),
      end: Float64Array.of(1, 3),
      run: Uint32Array.of(7, 7),
      flow: Uint32Array.of(0, 0),
      amount: Float64Array.of(3, 4),
    },
    lost: 1,
    until: 6,
  })
  recorder.add({ track, label, start: 8 })
  const next = recorder.take()
  expect([next.events.start.length, next.lost]).toEqual([1, 0])
})

test('work that fails is recorded, too, and fails as it would', () => {
  let time = 0
  const recorder = createTraceRecorder(() => time++)
  const spans = recorder.spans(recorder.track('a'), recorder.label({ name: 'b', category: 'kernel' }))
  const failure = new Error('no')
  expect(() =>
    spans(() => {
      throw failure
    }),
  ).toThrow(failure)
  expect(recorder.take().events.end).toEqual(Float64Array.of(1))
})

test('the same label has one place', () => {
  const recorder = createTraceRecorder(() => 0)
  const place = () => recorder.label({ name: 'run', category: 'session' })
  expect([place(), recorder.label({ name: 'run', category: 'session', shape: 'async' }), place()]).toEqual([0, 1, 0])
})
