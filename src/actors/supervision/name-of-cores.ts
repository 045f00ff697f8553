import type { HostingWorker } from './core-worker.js'

/** What is known of where cores are. */
export interface Whereabouts {
  /** The worker of another machine that holds a core; null, and by default: this machine does. */
  workerOf?(core: number): Pick<HostingWorker, 'name' | 'machine'> | null
  /** Cores of the placement that every replica has; default: there are no replicas. */
  readonly each?: number | undefined
}

/** Such as `Core 1`, or `Core 1, on worker w2 (host-b),`, before what is said of it. */
export function nameOfCores(cores: readonly number[], where: Whereabouts): string {
  const noun = cores.length === 1 ? 'Core' : 'Cores'
  const numbers = cores.map((core) => numberOf(core, where.each))
  const places = cores.map((core) => placeOf(where.workerOf?.(core) ?? null))
  const [first = ''] = places
  if (places.some((place) => place !== first))
    return `${noun} ${numbers.map((number, k) => `${number} ${places[k]}`.trim()).join(', ')}`
  return first === '' ? `${noun} ${numbers.join(', ')}` : `${noun} ${numbers.join(', ')}, ${first},`
}

/** Such as `core 1`, or `core 3 (core 1 of replica 1)` where every replica has two. */
export function nameOfCore(core: number, each: Whereabouts['each']): string {
  return `core ${numberOf(core, each)}`
}

/** The same for the details of an error. */
export function detailsOfPlace(
  core: number,
  { workerOf }: Whereabouts,
): { readonly worker?: string; readonly machine?: string } {
  const worker = workerOf?.(core) ?? null
  return worker === null ? {} : { worker: worker.name, machine: worker.machine }
}

/** Links, traffic and details have the number alone: that of the core among those of all replicas. */
function numberOf(core: number, each: Whereabouts['each']): string {
  return each === undefined ? `${core}` : `${core} (core ${core % each} of replica ${Math.floor(core / each)})`
}

function placeOf(worker: Pick<HostingWorker, 'name' | 'machine'> | null): string {
  return worker === null ? '' : `on worker ${worker.name} (${worker.machine})`
}
