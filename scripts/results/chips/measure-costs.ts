import {
  type ChipProfile,
  type ChipReport,
  type EnergySum,
  fitChip,
  type Level,
  placeOnChip,
  withChips,
} from '../../../dist/hardware/index.js'
import { InputError, type Network } from '../../../dist/index.js'
import { antidrome } from '../antidrome.js'
import type { StudyChip } from './study-chips.js'
import type { Subject } from './subjects.js'

/** What a subject costs on a chip, forward per inference, if nothing else is said; energies in pJ. */
export interface ChipCosts {
  readonly profile: string
  /** As a user types it. */
  readonly command: string
  readonly cores: number
  readonly chips: number
  readonly packets: Readonly<Record<Level, number>>
  readonly energy: {
    readonly inference: EnergySum
    /** The same in dense time steps on the same chip; null where its time is continuous. */
    readonly dense: EnergySum | null
    readonly static: EnergySum
    /** Forward, loss, backward and update, of all trials. */
    readonly trainingStep: EnergySum
  }
  /** Of the chip's time; null: unknown. */
  readonly seconds: number | null
  readonly keepsTick: boolean | null
}

export interface Refused {
  readonly profile: string
  readonly reason: string
}

/** Of chips beside each other, from few to many. */
const GRIDS = [
  { columns: 1, rows: 1 },
  { columns: 2, rows: 1 },
  { columns: 2, rows: 2 },
  { columns: 4, rows: 2 },
  { columns: 4, rows: 4 },
  { columns: 8, rows: 4 },
  { columns: 8, rows: 8 },
] as const

type Grid = (typeof GRIDS)[number]

/** Counts a subject on as few chips as it fits; or why it fits none. */
export async function measureCosts(
  subject: Subject,
  network: Network,
  { profile, room }: StudyChip,
): Promise<ChipCosts | Refused> {
  const { name } = profile
  const grid = smallestGrid(network, profile, room)
  if ('reason' in grid) return { profile: name, reason: grid.reason }
  const chips = grid.columns * grid.rows === 1 ? [] : ['--chips', `${grid.columns}x${grid.rows}`]
  const cut = room.neuronsPerCore === undefined ? [] : ['--neurons-per-core', String(room.neuronsPerCore)]
  const { report, data } = subject
  const argsWith = (folder: string | undefined) => {
    const files = folder === undefined ? [] : ['--data', folder]
    return ['chip-report', ...report, ...files, '--chip', name, ...chips, ...cut]
  }
  const [found] = await antidrome([...argsWith(data?.folder), '--json'])
  return costsOf(found as ChipReport, `antidrome ${argsWith(data?.name).join(' ')}`)
}

function smallestGrid(network: Network, profile: ChipProfile, room: StudyChip['room']): Grid | Pick<Refused, 'reason'> {
  const { groups } = fitChip(network, profile)
  const never = groups.find(({ cores }) => cores === null)
  if (never !== undefined) return { reason: never.message?.split('\n')[0] ?? `${never.group} fits no core` }
  let reason = ''
  for (const grid of GRIDS)
    try {
      placeOnChip(network, withChips(profile, grid), { ...room, seed: 0, effort: 'none' })
      return grid
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      reason = error.message
    }
  return { reason }
}

function costsOf(report: ChipReport, command: string): ChipCosts {
  const { profile, placement, trials, forward, energy, seconds, stepTime } = report
  const each = (sum: EnergySum): EnergySum => ({
    ...sum,
    value: sum.value === null ? null : sum.value / trials,
    atLeast: sum.atLeast / trials,
    atMost: sum.atMost === null ? null : sum.atMost / trials,
  })
  const levels = Object.entries(forward.packets).map(([level, count]) => [level, count / trials])
  return {
    profile,
    command,
    cores: placement.coresUsed,
    chips: placement.chipsUsed,
    packets: Object.fromEntries(levels) as ChipCosts['packets'],
    energy: {
      inference: each(energy.byPhase.forward.dynamic),
      dense: energy.denseForward && each(energy.denseForward),
      static: each(energy.byPhase.forward.static),
      trainingStep: energy.trainingStep.dynamic,
    },
    seconds: seconds === null ? null : seconds / trials,
    keepsTick: stepTime?.keepsTick ?? null,
  }
}
