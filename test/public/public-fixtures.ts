import '../support/guard.js'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as antidrome from '../../src/index.js'
import * as storage from '../../src/storage/index.js'
import { tinyTask } from '../support/tiny-task.js'

const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 } as const

/** A module of an actor. */
export const RELAY = new URL('../../demos/modules/relay.js', import.meta.url)

export const NETWORK = antidrome.defineNetwork({
  groups: { input: antidrome.source(2), out: antidrome.lif(2, LEAKY) },
  projections: [antidrome.connect('input', 'out', antidrome.dense(6), { delay: 1 })],
})
export const TRAINS = { offsets: Uint32Array.of(0, 2), times: Float64Array.of(1, 2), units: Uint32Array.of(0, 1) }
export const TRIALS = { count: 1, until: 30, inputs: { input: TRAINS } }
export const LABELLED = { ...TRIALS, labels: Uint8Array.of(1) }
export const LOSS = antidrome.firstSpike('out')
export const PLACEMENT = antidrome.singleCore(NETWORK)
export const TASK = tinyTask()
export const FOLDER = mkdtempSync(join(tmpdir(), 'antidrome-public-'))
/** A table of twelve recordings of two units. */
export const TAPS_FILE = join(FOLDER, 'twelve-taps.csv')
writeFileSync(
  TAPS_FILE,
  ['sample,time_ms,unit,label', ...Array.from({ length: 12 }, (_, k) => `${k},${k},${k % 2},${k % 2}`)].join('\n'),
)
/** On the kernel that has not to be compiled for every call. */
export const opened = (network: antidrome.Network) => antidrome.open(network, { kernel: 'reference' })
export const session = () => opened(TASK.network)
export const STEP = {
  ...{ loss: LOSS, optimizer: antidrome.sgd({ learningRate: 1 }).kind, rates: { weights: 0.1 }, bounds: {} },
  ...{ clipNorm: 1, silentLabelHinge: 0, silentHinge: {}, silentWeightStep: {} },
}
export const IMAGES = { size: 2, rows: 28, columns: 28, pixels: new Uint8Array(2 * 784), labels: Uint8Array.of(3, 4) }
export const DESCRIPTION = { identity: { seed: '0' }, groups: [{ name: 'out', size: 2 }] }
export const SEGMENT = { window: { start: 0, end: 30 }, spikes: { out: TRAINS } }

let folders = 0
export const newFolder = () => join(FOLDER, String(folders++))

/** A recording of one segment. */
export async function recorded(): Promise<string> {
  const path = newFolder()
  const recorder = await storage.startRecording(path, DESCRIPTION)
  await recorder.append(SEGMENT)
  await recorder.close()
  return path
}

const readers: storage.Recording[] = []

/** Such a recording, open until `closeRecordings`. */
export async function openedRecording(): Promise<storage.Recording> {
  const recording = await storage.openRecording(await recorded())
  readers.push(recording)
  return recording
}

export async function closeRecordings(): Promise<void> {
  for (const recording of readers.splice(0)) await recording.close()
}
