import type { NetworkInstance, ProjectionValues } from '../../src/network/instance/instance.js'

/** One synapse as seen from its source unit. */
export interface OutgoingSynapse {
  /** Index of the projection in file order. */
  readonly projection: number
  readonly synapse: number
  readonly target: string
  readonly unit: number
  readonly weight: number
  readonly delay: number
}

/** The synapses of every unit: `table.get(group)[unit]`. */
export function synapseTable(instance: NetworkInstance): ReadonlyMap<string, readonly OutgoingSynapse[][]> {
  const table = new Map(
    instance.groups.map(({ name, size }) => [name, Array.from({ length: size }, (): OutgoingSynapse[] => [])] as const),
  )
  for (const [projection, values] of instance.projections.entries()) {
    for (let synapse = 0; synapse < values.weights.length; synapse++) {
      if (values.absent?.[synapse] === 1) continue
      table.get(values.source)![values.sources[synapse] as number]!.push({
        projection,
        synapse,
        target: values.target,
        unit: values.targets[synapse] as number,
        weight: values.weights[synapse] as number,
        delay: delayOf(values, synapse),
      })
    }
  }
  return table
}

function delayOf({ delayShape, delays, sources }: ProjectionValues, synapse: number): number {
  switch (delayShape) {
    case 'none':
      return 0
    case 'scalar':
      return delays[0] as number
    case 'perSource':
      return delays[sources[synapse] as number] as number
    case 'perSynapse':
      return delays[synapse] as number
  }
}
