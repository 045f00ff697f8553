import type { EvaluationSummary } from '../../../dist/cli/evaluate/evaluate-draws.js'
import type { SeedSummary } from '../../../dist/cli/train/train-seeds.js'
import type { ChipProfile } from '../../../dist/hardware/index.js'
import { knownNoise } from '../../../dist/hardware/noise/chip-noise.js'
import type { ParameterKind } from '../../../dist/learning/session.js'
import { type Spread, spreadOf } from '../../../dist/learning/spread.js'
import { inPercent } from '../figure.js'
import type { Runner } from './runner.js'

/** Devices per trained network. */
const DRAWS = 5

/** Test accuracies on a chip, in percent, over seeds and devices. */
export interface ChipAccuracies {
  readonly profile: string
  /** Which formats of the chip are applied, and which not. */
  readonly applied: readonly string[]
  readonly notApplied: readonly string[]
  /** Trained exactly, then put into the formats. */
  readonly quantised: Spread
  /** The same with one format alone. */
  readonly alone: Readonly<Record<string, Spread>>
  /** Trained in the formats. */
  readonly trained: Spread
  /** On devices with the noise of the chip; null: its profile knows none. */
  readonly noisy: NoisyAccuracies | null
}

export interface NoisyAccuracies {
  /** Trained exactly. */
  readonly exact: Spread
  /** In the formats. */
  readonly formats: Spread
  /** In the formats, on another device at every mini-batch. */
  readonly hardened: Spread
  /** In the formats, on the one device that it is measured on. */
  readonly own: Spread
}

/** Measures what a network loses on a chip, and what training there brings back. */
export async function measureAccuracies(
  profile: ChipProfile,
  exact: SeedSummary,
  { runner, learns }: { readonly runner: Runner; readonly learns: readonly ParameterKind[] },
): Promise<ChipAccuracies> {
  const { name, noise } = profile
  const chip = ['--chip', name]
  const training = [...chip, '--learn', learns.filter((kind) => kind !== 'delays' || hasDelays(profile)).join(',')]
  const quantised = (await runner.evaluate(exact, chip)).flatMap(({ formats }) => formats ?? [])
  const [first] = quantised
  if (first === undefined) throw new Error(`${name}: evaluate said nothing of formats`)
  const trained = await runner.train(name, training)
  const kinds = Object.keys(first.accuracy.alone) as (keyof typeof first.accuracy.alone)[]
  const alone = kinds.map((kind) => [kind, shares(quantised.map(({ accuracy }) => accuracy.alone[kind] as number))])
  return {
    profile: name,
    applied: first.applied,
    notApplied: first.notApplied.map(({ format, why }) => `${format} (${why})`),
    quantised: shares(quantised.map(({ accuracy }) => accuracy.together)),
    alone: Object.fromEntries(alone) as ChipAccuracies['alone'],
    trained: inPercent(trained.testAccuracy),
    noisy: knownNoise(noise).length === 0 ? null : await onDevices({ chip, training }, { exact, trained }, runner),
  }
}

function hasDelays({ formats: { delayMaxTicks } }: ChipProfile): boolean {
  return delayMaxTicks === null || delayMaxTicks.value !== 0
}

async function onDevices(
  { chip, training }: { readonly chip: readonly string[]; readonly training: readonly string[] },
  { exact, trained }: { readonly exact: SeedSummary; readonly trained: SeedSummary },
  { train, evaluate }: Runner,
): Promise<NoisyAccuracies> {
  const [, name] = chip
  const hardened = await train(`${name}-hardened`, [...training, '--noise', 'profile,mismatch=redrawn'])
  const own = await train(`${name}-own`, [...training, '--noise', 'profile'])
  const devices = [...chip, '--noise', 'profile', '--draws', String(DRAWS), '--seed', '1000']
  const measured = async (run: SeedSummary) => overDevices(await evaluate(run, devices))
  return {
    exact: await measured(exact),
    formats: await measured(trained),
    hardened: await measured(hardened),
    own: inPercent(own.testAccuracy),
  }
}

function overDevices(found: readonly EvaluationSummary[]): Spread {
  return shares(found.flatMap(({ accuracy }) => accuracy.values))
}

function shares(values: readonly number[]): Spread {
  return inPercent(spreadOf(values))
}
