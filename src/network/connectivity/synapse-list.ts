import type { Places } from '../instance/draw.js'

/** The synapses of a rule into a slice of the targets, ordered by target, then by their place. */
export interface RuleSynapses {
  readonly sources: Uint32Array
  /** Counted from the slice's first neuron. */
  readonly targets: Uint32Array
  /** At which index the numbers of a synapse are drawn: it depends on the rule alone, never on the slice. */
  readonly places: Places
}

/** A list that grows; `expected` is the room it begins with. */
export function createSynapseList(expected: number) {
  let sources = new Uint32Array(Math.ceil(expected))
  let targets = new Uint32Array(sources.length)
  let places = new Float64Array(sources.length)
  let count = 0

  function grow(): void {
    const room = Math.ceil(1.5 * sources.length) + 1
    const [oldSources, oldTargets, oldPlaces] = [sources, targets, places]
    sources = new Uint32Array(room)
    targets = new Uint32Array(room)
    places = new Float64Array(room)
    sources.set(oldSources)
    targets.set(oldTargets)
    places.set(oldPlaces)
  }

  return {
    add(source: number, target: number, place: number): void {
      if (count === sources.length) grow()
      sources[count] = source
      targets[count] = target
      places[count++] = place
    },
    /** What was added, in that order. */
    inOrder: (): RuleSynapses => ({
      sources: sources.slice(0, count),
      targets: targets.slice(0, count),
      places: placesIn(places.slice(0, count)),
    }),
  }
}

/** Synapses of one target keep their order. */
export function orderedByTarget({ sources, targets, places }: RuleSynapses, size: number): RuleSynapses {
  const next = new Uint32Array(size + 1)
  for (const target of targets) next[target + 1] = (next[target + 1] as number) + 1
  for (let target = 0; target < size; target++)
    next[target + 1] = (next[target + 1] as number) + (next[target] as number)
  const ordered = {
    sources: new Uint32Array(sources.length),
    targets: new Uint32Array(sources.length),
    places: new Float64Array(sources.length),
  }
  targets.forEach((target, k) => {
    const at = next[target] as number
    next[target] = at + 1
    ordered.sources[at] = sources[k] as number
    ordered.targets[at] = target
    ordered.places[at] = places.indexOf(k)
  })
  return { ...ordered, places: placesIn(ordered.places) }
}

function placesIn(places: Float64Array): Places {
  return { count: places.length, indexOf: (k) => places[k] as number }
}
