import { connectivityOf } from '../connectivity/connectivity-of.js'
import type { Group, Network, Projection } from '../description/network.js'
import { projectionKeys } from '../description/projection-keys.js'
import { type ModuleReference, readFileUrl } from '../modules/module-reference.js'
import { relativeModule } from '../modules/relative-module.js'
import { type Readers, readOptions } from '../reading/read-fields.js'
import { readNetwork } from '../reading/read-network.js'
import { formatLines } from './format-quantities.js'

export interface FormatNetworkOptions {
  /**
   * `file:` URL of the file that it is written to: modules are named by their paths from there, so that both can be moved
   * together, but for those that have no folder in common with it. Default: by their URLs.
   */
  readonly modules?: URL | string | undefined
}

const READERS: Readers<FormatNetworkOptions> = { modules: readFileUrl }

/**
 * The text of a network file; `parseNetwork` gives the same network back, to the bit.
 *
 * Groups, rows of a matrix and synapses take one line each; every field is written, defaults too.
 */
export function formatNetwork(network: Network, options: FormatNetworkOptions = {}): string {
  const { modules } = readOptions(options, READERS)
  const base = modules === undefined ? null : String(modules)
  const sizes = new Map(readNetwork(network).groups.map(({ name, size }) => [name, size]))
  const keys = projectionKeys(network.projections)
  const projections = network.projections.map((projection, index) => {
    const sources = sizes.get(projection.source) as number
    return formatProjection(projection, { key: keys[index] as string, sources, base })
  })
  return [
    '{',
    '  "format": "antidrome-network",',
    '  "version": 1,',
    `  "groups": ${formatLines(
      network.groups.map((group) => formatGroup(group, base)),
      '  ',
    )},`,
    `  "projections": ${formatLines(projections, '  ')}`,
    '}',
    '',
  ].join('\n')
}

function formatGroup(group: Group, base: string | null): string {
  const { name, kind, size, ...quantities } = group
  const module = group.kind === 'actor' ? { module: placed(group.module, base) } : {}
  // JSON has no word for it.
  const plain = (_: string, value: unknown) => (value === Infinity ? 'Infinity' : value)
  return JSON.stringify({ name, kind, size, ...quantities, ...module }, plain)
}

interface WrittenProjection {
  /** That it has unless it is given another. */
  readonly key: string
  /** Units of its source. */
  readonly sources: number
  readonly base: string | null
}

function formatProjection(projection: Projection, { key: defaultKey, sources, base }: WrittenProjection): string {
  const { source, target, key, sign, through = [] } = projection
  const fields = [
    `"source": ${JSON.stringify(source)}`,
    `"target": ${JSON.stringify(target)}`,
    ...(key === defaultKey ? [] : [`"name": ${JSON.stringify(key)}`]),
    ...(sign === undefined ? [] : [`"sign": ${JSON.stringify(sign)}`]),
    ...(through.length === 0
      ? []
      : [
          `"through": ${formatLines(
            through.map((each) => JSON.stringify(placed(each, base))),
            '      ',
          )}`,
        ]),
    ...connectivityOf(projection).format(sources),
  ]
  return `{\n      ${fields.join(',\n      ')}\n    }`
}

function placed(reference: ModuleReference, base: string | null): ModuleReference {
  const { module, name, export: exported, options } = reference
  return { module: base === null ? module : relativeModule(reference, base), name, export: exported, options }
}
