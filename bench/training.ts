import { yinYang, yinYangPreset } from '../dist/data/index.js'
import { open, train } from '../dist/index.js'
import type { Figure } from './figure.js'

const EPOCHS = 3

/** Trained Yin-Yang samples per second of wall time, everything included, against the weights-only run. */
export async function trainingBenchmarks(): Promise<readonly Figure[]> {
  const kinds = [['weights'], ['weights', 'delays', 'thresholds']] as const
  const rates: number[] = []
  for (const learn of kinds) rates.push(await samplesPerSecond([...learn]))
  return kinds.map((learn, k) => ({
    benchmark: `Yin-Yang 120 hidden, batch 32, ${learn.join(' + ')}`,
    value: rates[k] as number,
    unit: 'samples/s',
    rival: 'weights only',
    rivalValue: rates[0] as number,
  }))
}

async function samplesPerSecond(learn: Parameters<typeof yinYangPreset>[0]): Promise<number> {
  const preset = yinYangPreset(learn)
  const task = yinYang(preset.task)
  const session = await open(task.network, { seed: 1 })
  const clock = { wall: () => performance.now() / 1000, cpu: () => process.cpuUsage().user / 1e6 }
  const seen: number[] = []
  for await (const { samplesPerSecond: rate } of train(session, task, { ...preset.training, epochs: EPOCHS, clock }))
    seen.push(rate ?? Number.NaN)
  await session.close()
  return seen.sort((a, b) => a - b)[Math.floor(EPOCHS / 2)] as number
}
