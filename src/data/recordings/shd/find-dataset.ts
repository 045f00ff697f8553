import type { Hdf5File } from '../hdf5/hdf5-file.js'
import { type Links, linksOf } from '../hdf5/links.js'

/** The position of what a path leads to, such as `spikes/times`; null if there is nothing. */
export type Find = (path: string) => number | null

/** Looks things up by their path; each group is read once. Raises `InputError` DATA_FILE_DAMAGED, DATA_FILE_FORMAT. */
export function finder(file: Hdf5File): Find {
  const groups = new Map<number, Links>()
  return (path) => {
    let at = file.root
    for (const name of path.split('/')) {
      const links: Links = groups.get(at) ?? linksOf(file, at)
      groups.set(at, links)
      const next = links.get(name) ?? null
      if (next === null) return null
      at = next
    }
    return at
  }
}
