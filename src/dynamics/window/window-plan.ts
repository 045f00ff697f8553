/** The doubles of a window kernel's plan, in the order of ../wasm/assembly/window/window-plan.ts. */
const NUMBERS = [
  'cell',
  'perCell',
  'share',
  'cellKappa',
  'unitOfCurrent',
  'unitOfVoltage',
  'currentKeep',
  'voltageKeep',
  'currentKeepRest',
  'voltageKeepRest',
  'perTauSyn',
  'perTauMem',
  'currentHalfGrowth',
  'voltageHalfGrowth',
  'currentHalfDecay',
  'voltageHalfDecay',
  'cellStart',
  'cellEnd',
  'walkStart',
  'currentOverVoltage',
] as const

/** The 32-bit integers behind them; addresses in bytes. */
const INTEGERS = [
  'neurons',
  'firstNeuron',
  'states',
  'limits',
  'thresholds',
  'resets',
  'refractories',
  'heldUntil',
  'heldNeurons',
  'heldCount',
  'firedCounts',
  'sums',
  'cellPlace',
  'arrivals',
  'arrivalCount',
  'projections',
  'drives',
  'driveCount',
  'walkFlags',
  'walkers',
  'logHeads',
  'log',
  'logRoom',
  'events',
  'emitted',
  'emittedCount',
  'emittedRoom',
  'roundKeys',
  'firesOnce',
  'mostSpikes',
  'faulty',
  'allWalk',
  'lastEvents',
  'ringCells',
] as const

export const WINDOW_PLAN_BYTES = 8 * NUMBERS.length + 4 * INTEGERS.length

export type WindowPlanField = (typeof NUMBERS)[number] | (typeof INTEGERS)[number]

/** Fields of a plan, by name. */
export type WindowPlanFields = Readonly<Partial<Record<WindowPlanField, number>>>

/** The fields of a plan at an address of a kernel's memory. */
export interface WindowPlan {
  write(fields: WindowPlanFields): void
  /** Reads an integer. */
  read(name: (typeof INTEGERS)[number]): number
}

/** @param memory asked for its views anew every time, since it grows */
export function createWindowPlan(
  memory: { readonly f64: Float64Array; readonly i32: Int32Array },
  address: number,
): WindowPlan {
  const numbers = new Map<string, number>(NUMBERS.map((name, k) => [name, address / 8 + k]))
  const integersAt = address / 4 + 2 * NUMBERS.length
  const integers = new Map<string, number>(INTEGERS.map((name, k) => [name, integersAt + k]))
  return {
    write(fields) {
      const { f64, i32 } = memory
      for (const [name, value] of Object.entries(fields)) {
        const number = numbers.get(name)
        const integer = integers.get(name)
        if (number !== undefined) f64[number] = value
        else if (integer !== undefined) i32[integer] = value
        else throw new RangeError(`the plan has no field "${name}"`)
      }
    },
    read: (name) => memory.i32[integers.get(name) as number] as number,
  }
}
