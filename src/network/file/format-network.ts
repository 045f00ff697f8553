import { connectivityOf } from '../connectivity/connectivity-of.js'
import type { Group, Network, Projection } from '../description/network.js'
import { projectionKeys } from '../description/projection-keys.js'
import type { ModuleReference } from '../modules/module-reference.js'
import { expectNetwork } from '../reading/expect-arguments.js'
import { formatLines } from './format-quantities.js'

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
    `  "groups": ${formatLines(network.groups.map(formatGroup), '  ')},`,
    `  "projections": ${formatLines(projections, '  ')}`,
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
    ...(through.length === 0 ? [] : [`"through": ${formatLines(through.map(formatModule), '      ')}`]),
    ...connectivityOf(projection).format(sources),
  ]
  return `{\n      ${fields.join(',\n      ')}\n    }`
}

function formatModule({ module, name, export: exported, options }: ModuleReference): string {
  return JSON.stringify({ module, name, export: exported, options })
}
