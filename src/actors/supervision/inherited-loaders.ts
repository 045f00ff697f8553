import * as nodeModule from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { importModule } from '../modules/import-module.js'

/** Flags of Node.js that say how modules are loaded, each with a value. */
const WITH_VALUE = ['--import', '--require', '-r', '--experimental-loader', '--loader', '--conditions', '-C']
const ALONE = ['--experimental-strip-types', '--experimental-transform-types', '--no-experimental-strip-types']

/**
 * Those flags of a process that say how modules are loaded, such as `--import tsx`: partitions load the same modules. Others,
 * such as one that watches files, are not meant for them.
 */
export function loaderFlags(flags: readonly string[]): readonly string[] {
  return flags.flatMap((flag, k) => {
    const [name = ''] = flag.split('=', 1)
    if (ALONE.includes(name)) return [flag]
    if (!WITH_VALUE.includes(name)) return []
    if (name !== flag) return [flag]
    const value = flags[k + 1]
    return value === undefined ? [] : [flag, value]
  })
}

/** The flags in NODE_OPTIONS, which may stand in double quotes. */
export function flagsIn(options: string): readonly string[] {
  return (options.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []).map((flag) => {
    return flag.replace(/"((?:\\.|[^"\\])*)"/g, (_, quoted: string) => quoted.replace(/\\(.)/g, '$1'))
  })
}

/**
 * Lets the loaders of `--import` work in this thread. Before Node.js had `registerHooks`, hooks belonged to one thread, and
 * some loaders, as tsx, register theirs in the main thread alone; but their module exports them.
 */
export async function registerLoaders(): Promise<void> {
  if ('registerHooks' in nodeModule) return
  for (const specifier of importsIn([...flagsIn(process.env.NODE_OPTIONS ?? ''), ...process.execArgv])) {
    const url = urlOf(specifier)
    if (url === null) continue
    const exported = await importModule(url)
    const hasHooks = typeof exported.resolve === 'function' || typeof exported.load === 'function'
    // Hooks may read what they are given as they begin.
    if (hasHooks) nodeModule.register(url, { data: {} })
  }
}

function importsIn(flags: readonly string[]): readonly string[] {
  const values = flags.flatMap((flag, k) => {
    if (flag === '--import') return flags[k + 1] ?? []
    return flag.startsWith('--import=') ? flag.slice('--import='.length) : []
  })
  return [...new Set(values)]
}

/** Node.js looks for what `--import` names from the working folder. */
function urlOf(specifier: string): string | null {
  if (/^(?:file|data|node):/.test(specifier)) return specifier
  const folder = pathToFileURL(resolve('any'))
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, folder).href
  try {
    return pathToFileURL(nodeModule.createRequire(folder).resolve(specifier)).href
  } catch {
    return null
  }
}
