/** Where a kernel's plan lies in its memory; everything else comes behind it. */
const PLAN = 65536
const NUMBERS_AT = PLAN / 8
const INTEGERS_AT = PLAN / 4 + 32
/** The first byte behind the plan. */
export const PLAN_END = PLAN + 1024

/** The doubles of the plan, in the order of assembly/plan.ts. */
const NUMBERS = [
  'tauMem',
  'tauSyn',
  'rate',
  'scale',
  'tauAdapt',
  'peakTime',
  'peakKappa',
  'rateGap',
  'searchHorizon',
  'until',
  'perTauMem',
  'perTauSyn',
  'fading',
  'horizon',
  'lastSpike',
  'runawayStretch',
] as const

/** The 32-bit integers of the plan, in the order of assembly/plan.ts; addresses in bytes. */
const INTEGERS = [
  'size',
  'octets',
  'rows',
  'trials',
  'ratio',
  'membraneIsSlower',
  'stopsAfterFirst',
  'runaway',
  'inputCount',
  'inputs',
  'eventRoom',
  'events',
  'instants',
  'instantRanges',
  'arrivals',
  'weights',
  'thresholds',
  'tests',
  'starts',
  'resets',
  'adaptSteps',
  'biases',
  'vResets',
  'tapes',
  'tapeStarts',
  'spikeCounts',
  'peaks',
  'spikeTimes',
  'spikeUnits',
  'spikeOffsets',
  'firstUnit',
  'deltas',
  'peakGradients',
  'refusesUndefinedSlope',
  'wantsBias',
  'eventSums',
  'blockSums',
  'slots',
  'gradientBytes',
  'vectors',
  'levels',
  'fires',
  'delays',
  'drives',
  'synGrowths',
  'stretches',
  'stretchRoom',
  'projectionCount',
  'projections',
  'parameters',
  'gradient',
  'neuronParameters',
  'neuronGradient',
  'outcomes',
  'memGrowths',
  'longestDelays',
  'bins',
  'adamFields',
  'wantsTaus',
  'tauGradient',
  'tauFactors',
  'tauStretches',
  'integrals',
  'responses',
  'pushes',
  'traffic',
  'firstLeaf',
  'finishesTree',
  'statesBefore',
  'statesAfter',
  'lastArrivals',
  'adjoints',
  'trialVectors',
  'isFirstWindow',
  'isLastWindow',
  'firstSlot',
  'endOfSlots',
] as const

export type PlanField = (typeof NUMBERS)[number] | (typeof INTEGERS)[number]

/** Some fields of a plan. */
export type PlanFields = Readonly<Partial<Record<PlanField, number>>>

/** Where each field stands, in doubles or in words of 32 bits. */
const REAL_PLACES: ReadonlyMap<string, number> = new Map(NUMBERS.map((name, k) => [name, NUMBERS_AT + k]))
const INTEGER_PLACES: ReadonlyMap<string, number> = new Map(INTEGERS.map((name, k) => [name, INTEGERS_AT + k]))

/** Views of a kernel's memory. */
export interface MemoryViews {
  readonly f64: Float64Array
  readonly i32: Int32Array
}

/** Writes fields of the plan. */
export function writePlan({ f64, i32 }: MemoryViews, fields: PlanFields): void {
  for (const [name, value] of Object.entries(fields)) {
    const integer = INTEGER_PLACES.get(name)
    if (integer !== undefined) {
      i32[integer] = value
      continue
    }
    const real = REAL_PLACES.get(name)
    if (real === undefined) throw new RangeError(`the plan has no field "${name}"`)
    f64[real] = value
  }
}

/** Reads an integer of the plan. */
export function readPlan({ i32 }: MemoryViews, name: (typeof INTEGERS)[number]): number {
  return i32[INTEGER_PLACES.get(name) as number] as number
}

/** The time constants that all neurons of a kernel have, in ms. */
export interface KernelTaus {
  readonly tauMem: number
  readonly tauSyn: number
  readonly tauAdapt: number
}

/** The time constants that stand in the plan of a kernel's memory. */
export function plannedTaus(buffer: ArrayBufferLike): KernelTaus {
  const numbers = new Float64Array(buffer, PLAN, NUMBERS.length)
  const read = (name: (typeof NUMBERS)[number]) => numbers[NUMBERS.indexOf(name)] as number
  return { tauMem: read('tauMem'), tauSyn: read('tauSyn'), tauAdapt: read('tauAdapt') }
}

export function sameTaus(a: KernelTaus, b: KernelTaus): boolean {
  return a.tauMem === b.tauMem && a.tauSyn === b.tauSyn && a.tauAdapt === b.tauAdapt
}
