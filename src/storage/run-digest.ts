import { entryOf } from '../events/by-name.js'
import { cut, miniBatch } from '../learning/mini-batch.js'
import { namedSplits } from '../learning/named-splits.js'
import { readSession, readTask } from '../learning/read-arguments.js'
import type { ParameterKind, Session } from '../learning/session.js'
import type { Task } from '../learning/task.js'
import { respondsInSpikes } from '../network/models/models.js'
import { readList } from '../network/reading/read-list.js'
import { digestOf, type NamedNumbers } from './named-numbers.js'
import { parameterNumbers, tauNumbers } from './parameter-numbers.js'

/** Trials per message; no result depends on it. */
const BATCH = 32

/**
 * SHA-256, in hexadecimal digits, of what a network has learned and what it does: little-endian doubles of
 *
 * - every projection in file order: weights, then delays (0 where a dense pair has no synapse);
 * - every group in file order: threshold, adaptStep, bias (li: bias);
 * - if time constants were learned, those of every group in file order: tauMem, tauSyn (or tauSynExc, tauSynInh), tauAdapt,
 *   one number where the description gives one;
 * - the spike times in ms of every lif group in file order, over all test trials in order, each trial by (time, unit).
 *
 * @param learned the kinds that were learned
 */
export async function runDigest(session: Session, task: Task, learned: readonly ParameterKind[] = []): Promise<string> {
  return digestOf(await runNumbers(session, task, learned))
}

/**
 * The same of the parameters alone: no sample is looked at.
 *
 * @param learned the kinds that were learned
 */
export async function parameterDigest(session: Session, learned: readonly ParameterKind[] = []): Promise<string> {
  readSession(session)
  readList(learned, 'learned')
  return digestOf(await learnedNumbers(session, learned))
}

/** What `runDigest` is the digest of, in that order. */
export async function runNumbers(
  session: Session,
  task: Task,
  learned: readonly ParameterKind[] = [],
): Promise<readonly NamedNumbers[]> {
  readSession(session)
  readTask(task)
  readList(learned, 'learned')
  return [...(await learnedNumbers(session, learned)), ...(await testSpikeTimes(session, task))]
}

async function learnedNumbers(session: Session, learned: readonly ParameterKind[]): Promise<readonly NamedNumbers[]> {
  const parameters = await session.parameters()
  const taus = learned.includes('taus') ? tauNumbers('parameters', session.network, parameters) : []
  return [...parameterNumbers('parameters', session.network, parameters), ...taus]
}

/** Per lif group, one array after the other over the test trials. */
async function testSpikeTimes(session: Session, task: Task): Promise<readonly NamedNumbers[]> {
  const record = session.network.groups.filter(respondsInSpikes).map(({ name }) => name)
  const found = new Map(record.map((name) => [name, [] as NamedNumbers[]]))
  const order = Uint32Array.from({ length: task.test.size }, (_, sample) => sample)
  const named = namedSplits(task)(task.test)
  for (const samples of cut(order, BATCH)) {
    const batch = miniBatch(task.test, samples, task.until, undefined, named)
    const { spikes } = await session.simulate(batch, { record })
    const trials = `test trials ${samples[0]} to ${samples[samples.length - 1]}`
    for (const [group, arrays] of found)
      arrays.push({
        name: `spike times ${group}, ${trials}`,
        values: entryOf(spikes, group)?.times ?? new Float64Array(0),
      })
  }
  return [...found.values()].flat()
}
