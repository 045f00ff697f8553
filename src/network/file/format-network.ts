import type { Delays, Group, Network, Projection, Quantity } from '../description/network.js'
import { projectionKeys } from '../description/projection-keys.js'
import type { ModuleReference } from '../modules/module-reference.js'
import { expectNetwork } from '../reading/expect-arguments.js'

/**
 * The text of a network file; `parseNetwork` gives the same network back, to the bit.
 *
 * Groups, rows of a matrix and synapses take one line each; every field is written, defaults too.
 */
export function formatNetwork(network: Network): string {
  const sizes = new Map(expectNetwork(network).groups.map(({ name, size }) => [name, size]))
  const keys = projectionKeys(network.projections)
  const projections = network.projections.map((projection, index) => {
    const sources = sizes.get(projection.source) as number
    return formatProjection(projection, keys[index] as string, sources)
  })
  return [
    '{',
    '  "format": "antidrome-network",',
    '  "version": 1,',
    `  "groups": ${lines(network.groups.map(formatGroup), '  ')},`,
    `  "projections": ${lines(projections, '  ')}`,
    '}',
    '',
  ].join('\n')
}

function formatGroup(group: Group): string {
  const { name, kind, size, ...quantities } = group
  return JSON.stringify({ name, kind, size, ...quantities })
}

function formatProjection(projection: Projection, defaultKey: string, sources: number): string {
  const { source, target, key, sign, through = [] } = projection
  const fields = [
    `"source": ${JSON.stringify(source)}`,
    `"target": ${JSON.stringify(target)}`,
    ...(key === defaultKey ? [] : [`"name": ${JSON.stringify(key)}`]),
    ...(sign === undefined ? [] : [`"sign": ${JSON.stringify(sign)}`]),
    ...(through.length === 0 ? [] : [`"through": ${lines(through.map(formatModule), '      ')}`]),
    ...formatSynapses(projection, sources),
  ]
  return `{\n      ${fields.join(',\n      ')}\n    }`
}

function formatModule({ module, name, export: exported, options }: ModuleReference): string {
  return JSON.stringify({ module, name, export: exported, options })
}

function formatSynapses({ connectivity, weights, delays }: Projection, sources: number): string[] {
  if (connectivity.kind === 'dense') {
    const absent = new Set(connectivity.absent)
    return [`"weights": ${formatPairs(weights, sources, absent)}`, ...formatDelays(delays, sources)]
  }
  if (connectivity.kind === 'rule')
    return [
      `"connect": ${JSON.stringify(connectivity.rule)}`,
      `"weights": ${JSON.stringify(weights)}`,
      ...formatDelays(delays, sources),
    ]
  const own = delays.kind === 'perSynapse' && isList(delays.values) ? delays.values : null
  const entries = connectivity.sources.map((source, s) => {
    const entry = [source, connectivity.targets[s], isList(weights) ? weights[s] : weights]
    return JSON.stringify(own === null ? entry : [...entry, own[s]])
  })
  return [`"synapses": ${lines(entries, '      ')}`, ...(own === null ? formatDelays(delays, sources) : [])]
}

function formatDelays(delays: Delays, sources: number): string[] {
  switch (delays.kind) {
    case 'none':
      return []
    case 'scalar':
      return [`"delays": ${JSON.stringify(delays.value)}`]
    case 'perSource': {
      const { values } = delays
      // A bare distribution in a file is drawn once per synapse.
      return [`"delays": ${JSON.stringify(isList(values) ? values : { ...Object(values), per: 'source' })}`]
    }
    case 'perSynapse':
      return [`"delays": ${formatPairs(delays.values, sources, new Set())}`]
  }
}

/** A quantity over all pairs: a list becomes rows [target][source] with null where there is no synapse. */
function formatPairs(values: Quantity, sources: number, absent: ReadonlySet<number>): string {
  if (!isList(values)) return JSON.stringify(values)
  const rows: string[] = []
  for (let start = 0; start < values.length; start += sources) {
    const row = values.slice(start, start + sources)
    rows.push(JSON.stringify(row.map((value, source) => (absent.has(start + source) ? null : value))))
  }
  return lines(rows, '      ')
}

function isList(quantity: Quantity): quantity is readonly number[] {
  return Array.isArray(quantity)
}

function lines(items: readonly string[], indent: string): string {
  return items.length === 0 ? '[]' : `[\n${indent}  ${items.join(`,\n${indent}  `)}\n${indent}]`
}
