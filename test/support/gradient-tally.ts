import { checkGradient } from '../../src/learning/gradient-check.js'
import { isLong } from './cases-of.js'
import type { EventCounts } from './event-sequence.js'
import { PROBE_KINDS, type ProbeKind, type ProbeNetwork } from './probe-network.js'

/** A comparison is sharp if the quotient's own error allows no more than this, relative to the same scale. */
const SHARP = 1e-5

/** The largest step of the quotients; the cases keep every positive number at least twice as far from 0. */
const STEP = 2 ** -8

interface KindTally {
  compared: number
  /** Compared entries whose gradient is not 0. */
  active: number
  sharp: number
  skipped: number
}

/** What a property has compared so far, and which features its cases had. */
export class GradientTally {
  readonly kinds: Readonly<Record<ProbeKind, KindTally>>
  readonly features = new Map<string, number>()
  worst = 0

  constructor() {
    const entries = PROBE_KINDS.map((kind) => [kind, { compared: 0, active: 0, sharp: 0, skipped: 0 }] as const)
    this.kinds = Object.fromEntries(entries) as Record<ProbeKind, KindTally>
  }

  /**
   * Compares the exact gradient of a network with difference quotients, at entries of each kind.
   *
   * Throws an `Error` that names the entry where they differ.
   *
   * @param picks numbers in [0, 1), one per entry to compare of each kind
   */
  async check(
    network: ProbeNetwork,
    picks: readonly number[],
    kinds: readonly ProbeKind[] = PROBE_KINDS,
  ): Promise<void> {
    const { gradients, sequence } = await network.gradient()
    this.note(sequence.counts)
    for (const kind of kinds) {
      const values = network.values(kind)
      const gradient = gradients[kind]
      const indices = pickFrom(inside(kind, values), picks)
      const { compared, skipped, failures } = await checkGradient({
        values,
        gradient,
        indices,
        step: STEP,
        levels: isLong() ? 4 : 3,
        retries: 4,
        probe: async (moved) => {
          const { value, sequence: probed } = await network.probe(kind, moved)
          return { value, events: probed.text }
        },
      })
      const [failure] = failures
      if (failure) throw new Error(`${network.nameOf(kind, failure.index)}: ${JSON.stringify(failure)}`)
      const tally = this.kinds[kind]
      const least = 1e-3 * gradient.reduce((top, entry) => Math.max(top, Math.abs(entry)), 0)
      tally.compared += compared.length
      tally.active += compared.filter(({ exact }) => exact !== 0).length
      tally.sharp += compared.filter(({ exact, quotient, error }) => {
        return exact !== 0 && error <= SHARP * Math.max(Math.abs(quotient), least)
      }).length
      tally.skipped += skipped.length
      for (const { ratio } of compared) this.worst = Math.max(this.worst, ratio)
    }
  }

  /** Counts a feature of a case. */
  count(feature: string, amount = 1): void {
    this.features.set(feature, (this.features.get(feature) ?? 0) + amount)
  }

  private note(counts: EventCounts): void {
    this.count('cases')
    for (const [feature, amount] of Object.entries(counts)) this.count(feature, amount)
  }

  /** How many cases or events had a feature. */
  featured(feature: string): number {
    return this.features.get(feature) ?? 0
  }

  private total(of: keyof KindTally): number {
    return PROBE_KINDS.reduce((sum, kind) => sum + this.kinds[kind][of], 0)
  }

  /** Skipped samples relative to all. */
  get skippedShare(): number {
    return this.total('skipped') / (this.total('skipped') + this.total('compared'))
  }

  /** Comparisons of gradients other than 0. */
  get active(): number {
    return this.total('active')
  }

  /** Those against quotients whose estimated error is not small. */
  get blunt(): number {
    return this.active - this.total('sharp')
  }

  toString(): string {
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`
    const kinds = PROBE_KINDS.map((kind) => `${kind} ${this.kinds[kind].active}/${this.kinds[kind].compared}`)
    const features = [...this.features].map(([feature, amount]) => `${feature} ${amount}`)
    return [
      `${this.total('compared')} compared, ${percent(this.skippedShare)} skipped, ${percent(1 - this.blunt / this.active)} sharp, worst ${this.worst.toFixed(3)} of the bound`,
      `not 0: ${kinds.join(', ')}`,
      `events: ${features.join(', ')}`,
    ].join('\n  ')
  }
}

/** Entries that may move both ways: a delay or adaptation step of 0 may not. */
function inside(kind: ProbeKind, values: Float64Array): readonly number[] {
  const all = [...values.keys()]
  const bounded = kind === 'adaptation steps' || kind.includes('delays')
  return bounded ? all.filter((index) => values[index] !== 0) : all
}

function pickFrom(indices: readonly number[], picks: readonly number[]): readonly number[] {
  return [...new Set(picks.map((pick) => indices[Math.floor(pick * indices.length)]))].filter((at) => at !== undefined)
}
