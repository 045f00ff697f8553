import { refuseUnknown } from '../reading/read-fields.js'
import { readList } from '../reading/read-list.js'
import { indexBelow, type NumberRule, numberThat } from '../reading/read-number.js'
import { readRecord } from '../reading/read-value.js'
import { wrongShape } from '../reading/wrong-value.js'
import { DELAY_RULE } from './quantity-rule.js'
import type { MatrixShape } from './read-matrix.js'

const readDelay = numberThat(DELAY_RULE)

export interface SynapseList {
  readonly sources: number[]
  readonly targets: number[]
  readonly weights: number[]
  /** Null when no synapse names a delay; one that names none beside others that do has 0. */
  readonly delays: number[] | null
}

/** A list of [source, target, weight, delay?] or of records with these fields; raises `UNIT_OUT_OF_RANGE`. */
export function readSynapses(value: unknown, shape: MatrixShape, weightRule: NumberRule, field: string): SynapseList {
  const entries = readList(value, field)
  const list: SynapseList = { sources: [], targets: [], weights: [], delays: [] }
  const readSource = indexBelow(shape.sources, 'UNIT_OUT_OF_RANGE')
  const readTarget = indexBelow(shape.targets, 'UNIT_OUT_OF_RANGE')
  const readWeight = numberThat(weightRule)
  let delayed = false
  for (const [index, entry] of entries.entries()) {
    const { values, places } = fieldsOf(entry, `${field}[${index}]`)
    const [source, target, weight, delay] = values
    list.sources.push(readSource(source, places[0]))
    list.targets.push(readTarget(target, places[1]))
    list.weights.push(readWeight(weight, places[2]))
    list.delays?.push(delay === undefined ? 0 : readDelay(delay, places[3]))
    delayed ||= delay !== undefined
  }
  return delayed ? list : { ...list, delays: null }
}

interface Fields {
  readonly values: readonly unknown[]
  readonly places: readonly [string, string, string, string]
}

function fieldsOf(entry: unknown, place: string): Fields {
  if (Array.isArray(entry)) {
    if (entry.length !== 3 && entry.length !== 4) {
      throw wrongShape(place, `${entry.length} values`, '3 or 4: source, target, weight and perhaps a delay')
    }
    return { values: entry, places: [`${place}[0]`, `${place}[1]`, `${place}[2]`, `${place}[3]`] }
  }
  const record = readRecord(entry, place)
  refuseUnknown(record, ['source', 'target', 'weight', 'delay'], place)
  return {
    values: [record.source, record.target, record.weight, record.delay],
    places: [`${place}.source`, `${place}.target`, `${place}.weight`, `${place}.delay`],
  }
}
