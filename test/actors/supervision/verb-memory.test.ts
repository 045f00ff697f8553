import { expect, test } from 'vitest'
import { createVerbMemory, verbLimit, verbNotes, watchVerbs } from '../../../src/actors/supervision/verb-memory.js'
import { type ModuleUse, UNNOTED, type VerbMoment } from '../../../src/network/modules/module-verbs.js'

const USE: ModuleUse = { kind: 'actor', name: 'größe', group: 'größe', module: 'file:///m/plant.js' }
const OTHER: ModuleUse = { kind: 'loss', name: 'early', group: 'out', module: 'file:///m/early.js' }

/** A memory, the hangs that were told, and a way to let looks pass: eight are the limit. */
function watched() {
  const memory = createVerbMemory()
  const told: VerbMoment[] = []
  let tick: (() => void) | null = null
  const clock = {
    every(ms: number, each: () => void) {
      expect(ms).toBe(100)
      tick = each
      return () => {
        tick = null
      }
    },
  }
  const end = watchVerbs(memory, { limit: 800, clock }, (moment) => told.push(moment))
  const look = (times: number) => {
    for (let k = 0; k < times; k++) tick?.()
  }
  return { note: verbNotes(memory), told, look, end, isWatching: () => tick !== null }
}

test('one and the same verb that is under way at look after look is told once, and the watch is over', () => {
  const { note, told, look, isWatching } = watched()
  const actor = note(USE)
  note(OTHER)
  actor.begin('createActor', 0, 0)
  actor.end()
  actor.begin('advance', 3, 12.5)
  look(8)
  expect(told).toEqual([])
  look(1)
  expect(told).toEqual([{ ...USE, verb: 'advance', trial: 3, time: 12.5 }])
  expect(isWatching()).toBe(false)
})

test('what belongs to no trial and no time has none', () => {
  const { note, told, look } = watched()
  note({ ...USE, kind: 'operator' }).begin('createOperator', null, null)
  look(9)
  expect(told).toEqual([{ ...USE, kind: 'operator', verb: 'createOperator', trial: null, time: null }])
})

test('the user of the last verb is told, whoever was noted since, and once more', () => {
  const { note, told, look } = watched()
  const [actor, loss] = [note(USE), note(OTHER)]
  actor.begin('backward', 0, 1)
  actor.end()
  note(USE)
  loss.begin('evaluate', 1, 40)
  look(9)
  expect(told).toEqual([{ ...OTHER, verb: 'evaluate', trial: 1, time: 40 }])
})

test('verbs that come back are no hang, however long nothing else happens', () => {
  const { note, told, look } = watched()
  look(20)
  const actor = note(USE)
  for (let k = 0; k < 30; k++) {
    actor.begin('advance', 0, k)
    look(7)
    actor.end()
  }
  look(20)
  expect(told).toEqual([])
})

test('nothing is told of a watch that has ended', () => {
  const { note, told, look, end } = watched()
  note(USE).begin('advance', 0, 0)
  look(3)
  end()
  look(20)
  expect(told).toEqual([])
})

test('a use for which there is no room is not noted, and the others are', () => {
  const { note, told, look } = watched()
  const first = note(USE)
  const long = { ...OTHER, module: `file:///${'m'.repeat(1 << 18)}.js` }
  expect(note(long)).toBe(UNNOTED)
  expect(note(long)).toBe(UNNOTED)
  first.begin('nextEvent', 0, 2)
  look(9)
  expect(told).toEqual([{ ...USE, verb: 'nextEvent', trial: 0, time: 2 }])
})

test('a verb ends before a silence is noticed, and may take any time where nobody would', () => {
  expect(verbLimit({ silence: 4000, heartbeat: 1000 })).toBe(2250)
  const endless = { silence: Number.POSITIVE_INFINITY, heartbeat: 1000 }
  expect(verbLimit(endless)).toBeNull()
  expect(verbLimit(JSON.parse(JSON.stringify(endless)))).toBeNull()
})
