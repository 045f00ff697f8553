import { type ChipProfile, chipFormats } from '../../../dist/hardware/index.js'
import type { Network } from '../../../dist/index.js'
import type { Spread } from '../../../dist/learning/spread.js'
import { inPercent } from '../figure.js'
import { type ChipAccuracies, measureAccuracies } from './measure-accuracies.js'
import { type ChipCosts, measureCosts, type Refused } from './measure-costs.js'
import { createRunner } from './runner.js'
import { STUDY_CHIPS } from './study-chips.js'
import { type Subject, UNTRAINED } from './subjects.js'
import { countedOf, TRAINED, type TrainedSubject } from './trained-subjects.js'

/** What `results/chips-<subject>.json` holds. */
export interface SubjectStudy {
  readonly subject: string
  readonly text: string
  /** Trials of a training step. */
  readonly trials: number
  readonly costs: readonly (ChipCosts | Refused)[]
  /** Of a network that learns. */
  readonly accuracy?: {
    /** In percent, on the test split. */
    readonly exact: Spread
    readonly chips: readonly ChipAccuracies[]
  }
}

export const SUBJECTS: readonly string[] = [...TRAINED, ...UNTRAINED].map(({ name }) => name)

/**
 * Puts a subject of the study on every chip.
 *
 * @param data folder of its files
 * @param say is told what is measured
 */
export async function studySubject(
  name: string,
  data: string | undefined,
  say: (line: string) => void,
): Promise<SubjectStudy> {
  const trained = TRAINED.find((each) => each.name === name)
  if (trained !== undefined) return studyTrained(trained, data, say)
  const subject = UNTRAINED.find((each) => each.name === name)
  if (subject === undefined) throw new Error(`found "${name}", expected one of ${SUBJECTS.join(', ')}`)
  return studyCosts(subject, await subject.network(), say)
}

async function studyCosts(subject: Subject, network: Network, say: (line: string) => void): Promise<SubjectStudy> {
  const { name, text, trials } = subject
  const costs: (ChipCosts | Refused)[] = []
  for (const chip of STUDY_CHIPS) {
    say(`${name} on ${chip.profile.name}`)
    costs.push(await measureCosts(subject, network, chip))
  }
  return { subject: name, text, trials, costs }
}

/** Chips that hold the network; those with the same formats and the same noise are trained for once. */
async function studyTrained(
  trained: TrainedSubject,
  data: string | undefined,
  say: (line: string) => void,
): Promise<SubjectStudy> {
  const runner = createRunner(trained, data, say)
  const exact = await runner.train('', [])
  const subject = countedOf(trained, exact.run, data)
  const network = await subject.network()
  const study = await studyCosts(subject, network, say)
  const able = new Set(study.costs.flatMap((each) => ('reason' in each ? [] : [each.profile])))
  const known = new Map<string, ChipAccuracies>()
  const chips: ChipAccuracies[] = []
  for (const { profile } of STUDY_CHIPS.filter(({ profile: { name } }) => able.has(name))) {
    const device = deviceOf(network, profile)
    const measured = known.get(device) ?? (await measureAccuracies(profile, exact, { runner, learns: trained.learns }))
    known.set(device, measured)
    chips.push({ ...measured, profile: profile.name })
  }
  return { ...study, accuracy: { exact: inPercent(exact.testAccuracy), chips } }
}

/** What of a chip changes what a network computes. */
function deviceOf(network: Network, profile: ChipProfile): string {
  return JSON.stringify([chipFormats(network, profile).noise, profile.noise])
}
