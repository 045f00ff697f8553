import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLifeCycle, type LifeEvent, type LifeSignal } from '../../../src/actors/group/life-cycle.js'

type State = 'idle' | 'forward' | 'forwardThenBackward' | 'backward' | 'failed' | 'closed'

const ERROR = new Error('broken')
const EVENTS = {
  run: { type: 'begin', gradients: false },
  runWithGradients: { type: 'begin', gradients: true },
  forwardDone: { type: 'forwardDone' },
  backwardDone: { type: 'backwardDone' },
  fail: { type: 'fail', error: ERROR },
  close: { type: 'close' },
} as const satisfies Record<string, LifeEvent>
type EventName = keyof typeof EVENTS

const SETTLED: LifeSignal = { type: 'settled' }
const FAILED: LifeSignal = { type: 'failed', error: ERROR }

/** Where an event leads and what the outside hears of it; what a state does not list changes nothing. */
const EVERYWHERE = { run: 'forward', runWithGradients: 'forwardThenBackward', fail: 'failed', close: 'closed' } as const
const TABLE: Readonly<Record<State, Readonly<Partial<Record<EventName, State>>>>> = {
  idle: EVERYWHERE,
  forward: { ...EVERYWHERE, forwardDone: 'idle' },
  forwardThenBackward: { ...EVERYWHERE, forwardDone: 'backward' },
  backward: { ...EVERYWHERE, backwardDone: 'idle' },
  failed: EVERYWHERE,
  closed: {},
}

/** The shortest way to each state. */
const WAYS: Readonly<Record<State, readonly EventName[]>> = {
  idle: [],
  forward: ['run'],
  forwardThenBackward: ['runWithGradients'],
  backward: ['runWithGradients', 'forwardDone'],
  failed: ['fail'],
  closed: ['close'],
}

/** The signals of the table along a way. */
function signalsAlong(events: readonly EventName[]): { state: State; signals: readonly LifeSignal[] } {
  let state: State = 'idle'
  const signals: LifeSignal[] = []
  for (const name of events) {
    const next: State | undefined = TABLE[state][name]
    if (next === undefined) continue
    if (name === 'fail') signals.push(FAILED)
    else if (next === 'idle') signals.push(SETTLED)
    state = next
  }
  return { state, signals }
}

function live(events: readonly EventName[]) {
  const life = createLifeCycle('neurons')
  const signals: LifeSignal[] = []
  life.on('settled', (signal) => signals.push(signal))
  life.on('failed', (signal) => signals.push(signal))
  for (const name of events) if (life.getSnapshot().status === 'active') life.send(EVENTS[name])
  return { state: life.getSnapshot().value, signals }
}

const names = Object.keys(EVENTS) as EventName[]
const states = Object.keys(TABLE) as State[]

test('any course of events follows the table', () => {
  const event = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...names.filter((name) => name !== 'close')) },
    { weight: 1, arbitrary: fc.constant<EventName>('close') },
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20, size: 'max' }), (events) => {
      expect(live(events)).toEqual(signalsAlong(events))
    }),
  )
})

describe.each(states.filter((state) => state !== 'closed'))('%s', (state) => {
  test.each(names)('%s', (name) => {
    expect(live(WAYS[state]).state).toBe(state)
    const next = TABLE[state][name] ?? state
    expect(live([...WAYS[state], name]).state).toBe(next)
  })
})

describe('signals', () => {
  test.each<{ way: readonly EventName[]; signals: readonly LifeSignal[] }>([
    { way: ['run', 'forwardDone'], signals: [SETTLED] },
    { way: ['runWithGradients', 'forwardDone'], signals: [] },
    { way: ['runWithGradients', 'forwardDone', 'backwardDone'], signals: [SETTLED] },
    { way: ['run', 'forwardDone', 'forwardDone', 'backwardDone'], signals: [SETTLED] },
    { way: ['run', 'fail', 'forwardDone'], signals: [FAILED] },
    { way: ['run', 'fail', 'run', 'forwardDone'], signals: [FAILED, SETTLED] },
    { way: ['run', 'close'], signals: [] },
  ])('$way', ({ way, signals }) => {
    expect(live(way).signals).toEqual(signals)
  })

  test.each<{ way: readonly EventName[]; seen: readonly State[] }>([
    { way: ['run', 'forwardDone'], seen: ['idle'] },
    { way: ['runWithGradients', 'forwardDone', 'backwardDone'], seen: ['idle'] },
    { way: ['run', 'fail', 'run', 'fail'], seen: ['failed', 'failed'] },
  ])('whoever is told of $seen by $way sees the new state, and may begin anew at once', ({ way, seen }) => {
    const life = createLifeCycle('neurons')
    const states: State[] = []
    const handle = () => {
      states.push(life.getSnapshot().value)
      if (states.length === seen.length) life.send(EVENTS.run)
    }
    life.on('settled', handle)
    life.on('failed', handle)
    for (const name of way) life.send(EVENTS[name])
    expect(states).toEqual(seen)
    expect(life.getSnapshot().value).toBe('forward')
  })

  test.each(states.filter((state) => state !== 'closed'))(
    'what changes nothing leaves %s the very snapshot',
    (state) => {
      const life = createLifeCycle('neurons')
      for (const name of WAYS[state]) life.send(EVENTS[name])
      const before = life.getSnapshot()
      for (const name of names.filter((event) => TABLE[state][event] === undefined)) life.send(EVENTS[name])
      expect(life.getSnapshot()).toBe(before)
    },
  )

  test('a closed actor is done', () => {
    const life = createLifeCycle('neurons')
    life.send(EVENTS.close)
    expect(life.getSnapshot()).toMatchObject({ status: 'done', value: 'closed' })
  })
})
