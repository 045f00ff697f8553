import { createHash, type Hash } from 'node:crypto'
import { cut, miniBatch } from '../learning/mini-batch.js'
import type { Session } from '../learning/session.js'
import type { Task } from '../learning/task.js'

/** Trials per message; no result depends on it. */
const BATCH = 32

/**
 * SHA-256, in hexadecimal digits, of what a network has learned and what it does: little-endian doubles of
 *
 * - every projection in file order: weights, then delays (0 where a dense pair has no synapse);
 * - every group in file order: threshold, adaptStep, bias (li: bias);
 * - the spike times in ms of every lif group in file order, over all test trials in order, each trial by (time, unit).
 */
export async function runDigest(session: Session, task: Task): Promise<string> {
  const hash = createHash('sha256')
  const { projections, groups } = await session.parameters()
  for (const { key } of session.network.projections) {
    update(hash, projections[key]?.weights)
    update(hash, projections[key]?.delays)
  }
  for (const { name } of session.network.groups) {
    update(hash, groups[name]?.threshold)
    update(hash, groups[name]?.adaptStep)
    update(hash, groups[name]?.bias)
  }
  for (const times of await testSpikeTimes(session, task)) update(hash, times)
  return hash.digest('hex')
}

/** Per lif group, one array after the other over the test trials. */
async function testSpikeTimes(session: Session, task: Task): Promise<readonly Float64Array[]> {
  const record = session.network.groups.filter(({ kind }) => kind === 'lif').map(({ name }) => name)
  const found = new Map(record.map((name) => [name, [] as Float64Array[]]))
  const order = Uint32Array.from({ length: task.test.size }, (_, sample) => sample)
  for (const samples of cut(order, BATCH)) {
    const { spikes } = await session.simulate(miniBatch(task.test, samples, task.until), { record })
    for (const [name, arrays] of found) arrays.push(spikes[name]?.times ?? new Float64Array(0))
  }
  return [...found.values()].flat()
}

function update(hash: Hash, values: Float64Array | undefined): void {
  if (values === undefined) return
  const bytes = new DataView(new ArrayBuffer(8 * values.length))
  for (const [index, value] of values.entries()) bytes.setFloat64(8 * index, value, true)
  hash.update(bytes)
}
