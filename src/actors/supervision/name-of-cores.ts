import type { HostingWorker } from './core-worker.js'

/** The worker of another machine that holds a core; null: this machine does. */
export type WhereOf = (core: number) => Pick<HostingWorker, 'name' | 'machine'> | null

/** Such as `Core 1`, or `Core 1, on worker w2 (host-b),`, before what is said of it. */
export function nameOfCores(cores: readonly number[], whereOf: WhereOf): string {
  const noun = cores.length === 1 ? 'Core' : 'Cores'
  const places = cores.map((core) => placeOf(whereOf(core)))
  const [first = ''] = places
  if (places.some((place) => place !== first))
    return `${noun} ${cores.map((core, k) => `${core} ${places[k]}`.trim()).join(', ')}`
  return first === '' ? `${noun} ${cores.join(', ')}` : `${noun} ${cores.join(', ')}, ${first},`
}

/** The same for the details of an error. */
export function detailsOfPlace(
  core: number,
  whereOf: WhereOf,
): { readonly worker?: string; readonly machine?: string } {
  const where = whereOf(core)
  return where === null ? {} : { worker: where.name, machine: where.machine }
}

function placeOf(where: ReturnType<WhereOf>): string {
  return where === null ? '' : `on worker ${where.name} (${where.machine})`
}
