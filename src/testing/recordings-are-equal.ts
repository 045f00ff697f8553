import { readRecording } from '../learning/read-arguments.js'
import type { Recording } from '../learning/session.js'
import { brokenLaw } from './broken-law.js'

/**
 * Law: two recordings hold the same bits, as they must whatever the order of messages, the cutting into windows or the
 * placement.
 *
 * Raises `RunError` LAW_BROKEN with the group and the index of the first difference.
 */
export function recordingsAreEqual(a: Recording, b: Recording): void {
  const [left, right] = [arraysOf(readRecording(a, 'a')), arraysOf(readRecording(b, 'b'))]
  const names = [...left.keys()].join(', ')
  if (names !== [...right.keys()].join(', '))
    throw brokenLaw('recordingsAreEqual', `${names} beside ${[...right.keys()].join(', ')}`, {})
  for (const [name, values] of left) {
    const others = right.get(name) ?? []
    const length = Math.max(values.length, others.length)
    for (let index = 0; index < length; index++)
      if (!Object.is(values[index], others[index])) {
        const found = `${name}[${index}] is ${values[index]} beside ${others[index]}`
        throw brokenLaw('recordingsAreEqual', found, { name, index })
      }
  }
}

function arraysOf({ spikes, maxima }: Recording): ReadonlyMap<string, ArrayLike<number>> {
  const arrays = new Map<string, ArrayLike<number>>()
  for (const [name, { offsets, times, units }] of Object.entries(spikes).toSorted(byName))
    arrays.set(`${name}.offsets`, offsets).set(`${name}.times`, times).set(`${name}.units`, units)
  for (const [name, { values, times }] of Object.entries(maxima).toSorted(byName))
    arrays.set(`${name}.vMax`, values).set(`${name}.vMaxTimes`, times)
  return arrays
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)
